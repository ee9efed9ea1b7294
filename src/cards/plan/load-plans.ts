import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type CdsServiceSetting,
  type Diagnostic,
  failure,
  messageOf,
  projectRoot,
  type Result,
  success,
} from '../../base/index.ts'
import type { PackagedPlan } from '../../content/index.ts'
import {
  type CqlSource,
  type DeclaredCodes,
  declaredCodes,
  type LibraryClosure,
  reachableValueSets,
  readCqlFolders,
  translate,
} from '../../elm/index.ts'
import type { ProfileMatching } from '../../fhir/index.ts'
import { type Expansion, loadValueSets, pinValueSets, type ValueSets } from '../../terminology/index.ts'
import { type Plan, type PlanCard, readPlan } from './plan-definition.ts'
import { type PlanLogic, planLogic, wantedDefines } from './plan-logic.ts'

/** A plan whose logic is compiled: every card that it can give is a valid one. */
export interface LoadedPlan {
  readonly plan: Plan
  readonly logic: PlanLogic
  /** The value sets of its folder. */
  readonly sets: readonly Expansion[]
  /** The codes that its libraries declare. */
  readonly declared: readonly DeclaredCodes[]
}

export interface LoadedPlans {
  /** In the order of their ids. */
  readonly plans: readonly LoadedPlan[]
  readonly refused: readonly { readonly id: string; readonly diagnostics: readonly Diagnostic[] }[]
}

export interface LoadPlansOptions {
  /** Folders of service folders (`<folder>/<id>/plan.json`) beside the shipped ones. */
  readonly folders?: readonly string[]
  /** Plans of installed packages: checked as those of folders are. */
  readonly packaged?: readonly PackagedPlan[]
  /** False leaves the shipped services out. */
  readonly shipped?: boolean
  /** Value sets of the process; they take the place of those in a service's folder. */
  readonly valueSets: ValueSets
  readonly settings?: Readonly<Record<string, CdsServiceSetting>>
  /** How retrieves by profile find resources; `inferred` where absent. */
  readonly profiles?: ProfileMatching
  readonly cacheDir?: string
}

/** The folder of the services that ship. */
export const shippedServices = join(projectRoot, 'cds')
const shippedCql = join(projectRoot, 'cql')

/**
 * Loads services: each a folder with a PlanDefinition, its value sets (`valuesets/`) and, unless it is in the shared
 * folder, its CQL (`cql/`). One that could give an invalid card is refused with every fault; the others stand.
 */
export async function loadPlans(options: LoadPlansOptions): Promise<LoadedPlans> {
  const folders = [...(options.shipped === false ? [] : [shippedServices]), ...(options.folders ?? [])]
  const shared = readCqlFolders([shippedCql])
  const plans: LoadedPlan[] = []
  const refused: { id: string; diagnostics: readonly Diagnostic[] }[] = []
  for (const { id, path } of folders.flatMap(serviceFolders)) {
    if (options.settings?.[id]?.enabled === false) continue
    const twice = plans.some(({ plan }) => plan.id === id) || refused.some((one) => one.id === id)
    const loaded = twice ? failure<LoadedPlan>(fault(path, 'stands here twice')) : await loadPlan(path, shared, options)
    if (loaded.ok) plans.push(loaded.value)
    else refused.push({ id, diagnostics: loaded.diagnostics })
  }
  for (const packaged of options.packaged ?? []) {
    const { id } = packaged
    if (options.settings?.[id]?.enabled === false) continue
    const twice = plans.some(({ plan }) => plan.id === id) || refused.some((one) => one.id === id)
    const loaded = twice ? placedIn(packaged, failure(hasOther)) : await loadPackaged(packaged, options)
    if (loaded.ok) plans.push(loaded.value)
    else refused.push({ id, diagnostics: loaded.diagnostics })
  }
  return { plans: plans.sort((a, b) => (a.plan.id < b.plan.id ? -1 : 1)), refused }
}

/** The service folders within a folder, by name. */
export function serviceFolders(folder: string): readonly { readonly id: string; readonly path: string }[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => ({ id: entry.name, path: join(folder, entry.name) }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

async function loadPlan(
  path: string,
  shared: readonly CqlSource[],
  options: LoadPlansOptions,
): Promise<Result<LoadedPlan>> {
  const file = join(path, 'plan.json')
  const resource = readJson(file)
  if (!resource.ok) return resource
  const sets = existsSync(join(path, 'valuesets')) ? loadValueSets([join(path, 'valuesets')]) : undefined
  const errors = (sets?.diagnostics ?? []).filter(({ severity }) => severity === 'error')
  const checked = await checkPlan(resource.value, {
    ...options,
    valueSets: pinValueSets([...(sets?.valueSets.all ?? []), ...options.valueSets.all]),
    faultOf: (plan) =>
      path.endsWith(plan.id) ? [] : [fault(file, `has the id "${plan.id}", and its folder another name`)],
    logic(canonical) {
      const own = existsSync(join(path, 'cql')) ? readCqlFolders([join(path, 'cql')]) : []
      const [url = '', version] = canonical.split('|')
      return translate({
        name: url.split('/').at(-1) ?? url,
        ...(version === undefined ? {} : { version }),
        sources: [...own, ...shared],
        ...(options.cacheDir === undefined ? {} : { cacheDir: options.cacheDir }),
      })
    },
  })
  if (checked.ok && errors.length === 0) return success({ ...checked.value, sets: sets?.valueSets.all ?? [] })
  return failure(...placed([...errors, ...checked.diagnostics], { file }))
}

/** A plan of a package: its library and value sets are those that the package finds. */
async function loadPackaged(packaged: PackagedPlan, options: LoadPlansOptions): Promise<Result<LoadedPlan>> {
  const logic = (canonical: string) => packaged.logic(canonical)
  return placedIn(packaged, await checkPlan(packaged.resource, { ...options, logic, faultOf: () => [] }))
}

interface PlanSurroundings extends Pick<LoadPlansOptions, 'settings' | 'profiles' | 'valueSets'> {
  logic(canonical: string): Promise<Result<LibraryClosure>>
  /** What is wrong with where the plan stands. */
  faultOf(plan: Plan): readonly Diagnostic[]
}

/** Reads a plan and compiles its logic: whatever could make a card invalid, or leave it unevaluated, is a failure. */
async function checkPlan(resource: unknown, around: PlanSurroundings): Promise<Result<LoadedPlan>> {
  const read = readPlan(resource)
  if (!read.ok) return read
  const plan = read.value
  const misplaced = around.faultOf(plan)
  if (misplaced.length > 0) return failure(...misplaced)
  const translated = await around.logic(plan.library)
  if (!translated.ok) return translated
  const missing = reachableValueSets(translated.value, wantedDefines(plan))
    .map((set) => (set.version === undefined ? set.url : `${set.url}|${set.version}`))
    .filter((canonical) => around.valueSets.find(canonical) === undefined)
    .map((canonical) => unplaced(`reads the value set ${canonical}, which is not at hand`))
  const parameters = around.settings?.[plan.id]?.parameters ?? {}
  const closure = { ...translated.value, profiles: around.profiles ?? 'inferred' }
  const logic = planLogic(plan, closure, around.valueSets, parameters)
  if (!logic.ok || missing.length > 0) return failure(...missing, ...(logic.ok ? [] : logic.diagnostics))
  return success({ plan, logic: logic.value, sets: [], declared: declaredCodes(closure) })
}

/** Diagnostics with the place of the plan, where they name none. */
const placed = (diagnostics: readonly Diagnostic[], place: NonNullable<Diagnostic['place']>): readonly Diagnostic[] =>
  diagnostics.map((one) => ({ ...one, place: { ...place, ...one.place, file: one.place?.file ?? place.file ?? '' } }))

function placedIn({ package: label, file, id }: PackagedPlan, result: Result<LoadedPlan>): Result<LoadedPlan> {
  if (result.ok) return result
  return failure(...placed(result.diagnostics, { file, resource: `PlanDefinition/${id} of ${label}` }))
}

function readJson(file: string): Result<unknown> {
  try {
    return success(JSON.parse(readFileSync(file, 'utf8')) as unknown)
  } catch (thrown) {
    return failure(fault(file, `cannot be read: ${messageOf(thrown)}`))
  }
}

const fault = (file: string, message: string): Diagnostic => ({ ...unplaced(message), place: { file } })

function unplaced(message: string): Diagnostic {
  return {
    code: 'cards/invalid-plan',
    severity: 'error',
    message: `The service ${message}.`,
    remedy: 'Correct the folder or package; docs/cds-hooks.md shows how it is laid out.',
  }
}

const hasOther: Diagnostic = {
  ...unplaced('has the id of another service'),
  remedy: 'Give one of them another id, or set `enabled` to false for the id.',
}

/** Hooks on which a plan has cards, in the order in which they are first named. */
export function hooksOf(plan: Plan): readonly string[] {
  return [...new Set(plan.cards.flatMap(({ hooks }) => hooks))]
}

/** The cards of a plan on one hook. */
export const cardsOn = (plan: Plan, hook: string): readonly PlanCard[] =>
  plan.cards.filter(({ hooks }) => hooks.includes(hook))
