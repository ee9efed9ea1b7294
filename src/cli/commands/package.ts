import { CaregapError, type Diagnostic, formatDiagnostic, systemClock } from '../../base/index.ts'
import { hooksOf, loadPlans, usedCodes } from '../../cards/index.ts'
import {
  addPackage,
  checkCodes,
  type Dependency,
  listPackages,
  loadContent,
  type PackageContext,
  type PackageDetail,
  type PackageSummary,
  removePackage,
  showPackage,
  verifyPackage,
  wholeCodeSystems,
} from '../../content/index.ts'
import { openStore } from '../../store/index.ts'
import type { Command, Invocation } from '../command.ts'
import { wrongUse } from '../parse.ts'

/** `caregap package`: published measures and terminology. */
export const packages: Command = {
  name: 'package',
  summary: 'install published measures and terminology, and say what is installed',
  usage: 'add PATH | list | show NAME | verify [NAME] | remove NAME [--force]',
  options: {
    force: { type: 'boolean', help: 'remove it although other packages need it' },
  },
  examples: [
    'caregap package add CMS122FHIR-bundle.json',
    'caregap package add package.tgz --json',
    'caregap package list',
    "caregap package show 'CMS122FHIRDiabetesAssessGreaterThan9Percent|0.5.000'",
    'caregap package remove CMS122FHIRDiabetesAssessGreaterThan9Percent',
  ],
  async run(invocation) {
    const [action = '', name] = invocation.positionals
    const run = actions[action]
    if (run === undefined) throw wrongUse(this, `'${action}' is none of ${Object.keys(actions).join(', ')}`)
    const isNamed = name !== undefined
    if (isNamed !== run.needsName && !(run.mayName === true && isNamed)) {
      throw wrongUse(
        this,
        run.needsName ? `'package ${action}' wants a name or path` : `'package ${action}' wants none`,
      )
    }
    const store = await openStore({ path: invocation.databasePath })
    try {
      const { terminology, modelInfos } = invocation.config
      return await run.work(invocation, { session: store.session, terminology, modelInfos }, name ?? '')
    } finally {
      store.close()
    }
  },
}

interface Action {
  readonly needsName: boolean
  readonly mayName?: boolean
  readonly work: (invocation: Invocation, context: PackageContext, name: string) => Promise<number>
}

const actions: Readonly<Record<string, Action>> = {
  add: { needsName: true, work: add },
  list: { needsName: false, work: list },
  show: { needsName: true, work: show },
  verify: { needsName: false, mayName: true, work: verify },
  remove: { needsName: true, work: remove },
}

async function add(invocation: Invocation, context: PackageContext, path: string): Promise<number> {
  const result = await addPackage(path, context, systemClock)
  if (!result.ok) throw new CaregapError('input', result.diagnostics)
  const { resources, ...added } = result.value
  const contents = countTypes(resources.map(({ type }) => type))
  const services = resources.some(({ type }) => type === 'PlanDefinition')
    ? await servicesOf(invocation, context, added)
    : none
  const codes = await codeRemarks(invocation, context, `${added.name}|${added.version}`)
  const diagnostics = [...result.diagnostics, ...services.diagnostics, ...codes]
  tell(invocation, diagnostics)
  const lines = [
    `${added.name}|${added.version} ${added.state === 'added' ? 'is installed' : 'was installed already'}: ${contents}.`,
    ...(services.ids.length === 0 ? [] : [`CDS services: ${services.ids.join(', ')}.`]),
    ...dependencyLines(added.dependencies),
  ]
  invocation.print(lines.join('\n'), { ...added, contents, services: services.ids, diagnostics })
  return exitCodeOf(diagnostics)
}

/** What of the codes that installed measures and services use the whole code systems of a package do not have, or name otherwise. */
async function codeRemarks(
  { config }: Invocation,
  { session }: PackageContext,
  name: string,
): Promise<readonly Diagnostic[]> {
  const systems = await wholeCodeSystems(session, name)
  if (systems.length === 0) return []
  const { terminology, modelInfos, acceptedValueSets, profiles, cds } = config
  const content = await loadContent({ terminology, modelInfos, acceptedValueSets, profiles, session })
  const { folders, services: settings } = cds
  const { valueSets, plans: packaged } = content
  const { plans } = await loadPlans({ folders, packaged, valueSets, settings, profiles })
  return checkCodes(usedCodes(content.measures, plans, valueSets.all), systems)
}

/** What became of the plans of a package. */
interface PackageServices {
  /** `<plan>-<hook>`. */
  readonly ids: readonly string[]
  /** Why plans are refused; as warnings, for what they lack may be added later. */
  readonly diagnostics: readonly Diagnostic[]
}

const none: PackageServices = { ids: [], diagnostics: [] }

/** Checks the plans of a package as a server that starts will do. */
async function servicesOf(
  { config }: Invocation,
  { session }: PackageContext,
  added: { readonly name: string; readonly version: string },
): Promise<PackageServices> {
  const { terminology, modelInfos, acceptedValueSets, profiles, cds } = config
  const content = await loadContent({ terminology, modelInfos, acceptedValueSets, profiles, session, ids: [] })
  const packaged = content.plans.filter((plan) => plan.package === `${added.name}|${added.version}`)
  const { folders, services: settings } = cds
  const loaded = await loadPlans({ folders, packaged, valueSets: content.valueSets, settings, profiles })
  const own = new Set(packaged.map(({ id }) => id))
  return {
    ids: loaded.plans
      .filter(({ plan }) => own.has(plan.id))
      .flatMap(({ plan }) => hooksOf(plan).map((hook) => `${plan.id}-${hook}`)),
    diagnostics: loaded.refused
      .filter(({ id }) => own.has(id))
      .flatMap(({ diagnostics }) => diagnostics)
      .map((one) => ({ ...one, severity: 'warning' })),
  }
}

async function list(invocation: Invocation, context: PackageContext): Promise<number> {
  const all = await listPackages(context)
  invocation.print(all.length === 0 ? 'No package is installed.' : all.map(summaryLine).join('\n'), all)
  return 0
}

async function show(invocation: Invocation, context: PackageContext, name: string): Promise<number> {
  const detail = await showPackage(name, context)
  invocation.print(detailText(detail), detail)
  return 0
}

async function verify(invocation: Invocation, context: PackageContext, name: string): Promise<number> {
  const all = name === '' ? (await listPackages(context)).map((one) => `${one.name}|${one.version}`) : [name]
  const checked: { readonly package: string; readonly diagnostics: readonly Diagnostic[] }[] = []
  for (const one of all) {
    const codes = await codeRemarks(invocation, context, one)
    checked.push({ package: one, diagnostics: [...(await verifyPackage(one, context)), ...codes] })
  }
  const found = checked.flatMap(({ diagnostics }) => diagnostics)
  tell(invocation, found)
  const lines = checked.map((one) => `${one.package}: ${verdict(one.diagnostics)}`)
  invocation.print(lines.length === 0 ? 'No package is installed.' : lines.join('\n'), checked)
  return exitCodeOf(found)
}

async function remove(invocation: Invocation, context: PackageContext, name: string): Promise<number> {
  const result = await removePackage(name, context, invocation.flag('force'))
  if (!result.ok) throw new CaregapError('input', result.diagnostics)
  invocation.print(`${result.value.name}|${result.value.version} is removed.`, result.value)
  return 0
}

/** Errors and warnings are faults that are listed; information is none. */
const exitCodeOf = (diagnostics: readonly Diagnostic[]): number =>
  diagnostics.some(({ severity }) => severity !== 'information') ? 1 : 0

function tell(invocation: Invocation, diagnostics: readonly Diagnostic[]): void {
  for (const diagnostic of diagnostics) invocation.note(`${diagnostic.severity}: ${formatDiagnostic(diagnostic)}`)
}

function verdict(diagnostics: readonly Diagnostic[]): string {
  const count = (severity: Diagnostic['severity']) => diagnostics.filter((one) => one.severity === severity).length
  const [errors, warnings] = [count('error'), count('warning')]
  return errors + warnings === 0 ? 'whole' : `${errors} errors, ${warnings} warnings`
}

function countTypes(types: readonly string[]): string {
  const names = [...new Set(types)].sort()
  return names.map((name) => `${types.filter((type) => type === name).length} ${name}`).join(', ')
}

const summaryLine = ({ name, version, contents, addedAt }: PackageSummary): string =>
  `${name}|${version}  ${contentsText(contents)}  added ${addedAt}`

const contentsText = (contents: PackageSummary['contents']): string =>
  Object.entries(contents)
    .map(([type, count]) => `${count} ${type}`)
    .join(', ')

function detailText(detail: PackageDetail): string {
  return [
    summaryLine(detail),
    `from ${detail.origin}, hash ${detail.sha256}`,
    ...detail.resources.map(({ type, canonical, sha256 }) => `  ${type} ${canonical}  ${sha256.slice(0, 12)}`),
    ...dependencyLines(detail.dependencies),
    ...detail.remarks.map((remark) => `${remark.severity}: ${formatDiagnostic(remark)}`),
  ].join('\n')
}

/** Value sets are many: those that are there are counted, all else is listed. */
function dependencyLines(dependencies: readonly Dependency[]): readonly string[] {
  const sets = dependencies.filter(({ kind, foundIn }) => kind === 'ValueSet' && foundIn !== undefined)
  const listed = dependencies.filter((one) => !sets.includes(one))
  return [
    ...listed.map(
      ({ kind, name, foundIn }) => `  needs ${kind} ${name}: ${foundIn === undefined ? 'MISSING' : `in ${foundIn}`}`,
    ),
    ...(sets.length === 0 ? [] : [`  needs ${sets.length} value sets that are there`]),
  ]
}
