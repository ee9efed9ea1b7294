import { contentHash, type Diagnostic, failure, type Result, success } from '../base/index.ts'
import { type CqlSource, type LibraryClosure, type ModelInfo, translate } from '../elm/index.ts'
import { isResource, type Resource } from '../fhir/index.ts'
import type { ValueSets } from '../terminology/index.ts'
import { checkDueDate } from './check-due-date.ts'
import { checkLogic, checkSupplement } from './check-logic.ts'
import { matchCriteria } from './criteria-names.ts'
import type { InstalledMeasure } from './measure.ts'
import { readGroups, readPhrases } from './measure-groups.ts'
import { dueDateDefine, type MeasureResource, measureResource } from './measure-resource.ts'
import { officialShareRemark } from './official-share.ts'

export interface InstallOptions {
  readonly sources: readonly CqlSource[]
  readonly valueSets: ValueSets
  readonly models?: readonly ModelInfo[]
  readonly cacheDir?: string
  /** How the logic comes from the Measure's library canonical; by its last part from `sources` where absent. */
  readonly logic?: (canonical: string) => Promise<Result<LibraryClosure>>
}

/**
 * Makes a runnable measure of a Measure resource: reads its groups, translates its logic and checks that every
 * define and every value set that it names is there. Failure holds all that was found wrong.
 */
export async function installMeasure(
  resource: unknown,
  file: string,
  options: InstallOptions,
): Promise<Result<InstalledMeasure>> {
  const parsed = measureResource.safeParse(resource)
  if (!parsed.success || !isResource(resource)) {
    const reasons = parsed.error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) ?? []
    const remedy = 'Correct these elements.'
    const message = `This is no Measure that can be run: ${reasons.join('; ')}.`
    return failure({ code: 'content/malformed-measure', severity: 'error', message, place: { file }, remedy })
  }
  const measure = parsed.data
  const read = readGroups(measure)
  const phrases = readPhrases(measure)
  const translated = await (options.logic ?? ((canonical) => translateLogic(canonical, options)))(
    measure.library[0] ?? '',
  )
  const matched = translated.ok
    ? matchCriteria(read.value, translated.value.main)
    : { groups: read.value, diagnostics: [] }
  const dueDate = dueDateDefine(measure)
  const logic = translated.ok ? checkAll(translated.value) : []
  function checkAll(closure: LibraryClosure): readonly Diagnostic[] {
    const due = checkDueDate(closure, dueDate)
    const named = [...phrases.value.keys(), ...(dueDate === undefined || due.length > 0 ? [] : [dueDate])]
    const supplement = checkSupplement(closure, resource as Resource)
    return [...checkLogic(closure, matched.groups, named, options.valueSets), ...due, ...supplement]
  }
  const parts = [read.diagnostics, phrases.diagnostics, translated.diagnostics, matched.diagnostics, logic]
  const found = parts.flat().map(at(file))
  if (!translated.ok || found.some((diagnostic) => diagnostic.severity === 'error')) return failure(...found)
  const valueSets = valueSetsOf(translated.value)
  const share = officialShareRemark(valueSets, options.valueSets)
  const accepted = found.filter(({ code }) => code === 'content/accepted-value-set')
  const remarks = [...accepted, ...(share === undefined ? [] : [share])]
  const installed = {
    ...namesOf(measure),
    groups: matched.groups,
    closure: translated.value,
    valueSets,
    phrases: phrases.value,
    resource,
    ...(dueDate === undefined ? {} : { dueDate }),
    ...(remarks.length === 0 ? {} : { remarks }),
  }
  return success({ ...installed, contentHash: hashOf(installed, options.valueSets) }, found)
}

function namesOf(measure: MeasureResource) {
  return {
    id: measure.id,
    url: measure.url,
    version: measure.version ?? '',
    title: measure.title ?? measure.name ?? measure.id,
    description: measure.description ?? '',
  }
}

/** Faults of the Measure itself are placed in its file; those of logic and terminology have their own place. */
const at =
  (file: string) =>
  (diagnostic: Diagnostic): Diagnostic =>
    diagnostic.place?.library === undefined ? { ...diagnostic, place: { file, ...diagnostic.place } } : diagnostic

function translateLogic(canonical: string, options: InstallOptions): Promise<Result<LibraryClosure>> {
  const [url = '', version] = canonical.split('|')
  return translate({
    name: url.split('/').at(-1) ?? url,
    ...(version === undefined ? {} : { version }),
    sources: options.sources,
    ...(options.models === undefined ? {} : { models: options.models }),
    ...(options.cacheDir === undefined ? {} : { cacheDir: options.cacheDir }),
  })
}

/** Canonicals of all value sets that the libraries declare, each once, in a stable order. */
function valueSetsOf(closure: LibraryClosure): readonly string[] {
  const canonicals = closure.libraries.flatMap((library) =>
    (library.valueSets?.def ?? []).map((set) => (set.version === undefined ? set.id : `${set.id}|${set.version}`)),
  )
  return [...new Set(canonicals)].sort()
}

function hashOf(measure: Omit<InstalledMeasure, 'contentHash'>, valueSets: ValueSets): string {
  const expansions = measure.valueSets.map((canonical) => valueSets.find(canonical)?.sha256 ?? '')
  return contentHash(JSON.stringify(measure.resource), measure.closure.hash, ...measure.valueSets, ...expansions)
}
