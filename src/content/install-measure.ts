import { contentHash, type Diagnostic, failure, type Result, success } from '../base/index.ts'
import {
  type CqlSource,
  type ElmLibrary,
  guardLibraries,
  type LibraryClosure,
  type ModelInfo,
  translate,
} from '../elm/index.ts'
import { isResource } from '../fhir/index.ts'
import type { ValueSets } from '../terminology/index.ts'
import type { InstalledMeasure, MeasureGroup } from './measure.ts'
import { readGroups, readPhrases } from './measure-groups.ts'
import { measureResource } from './measure-resource.ts'

export interface InstallOptions {
  readonly sources: readonly CqlSource[]
  readonly valueSets: ValueSets
  readonly models?: readonly ModelInfo[]
  readonly cacheDir?: string
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
  const groups = readGroups(measure)
  const phrases = readPhrases(measure)
  const translated = await translateLogic(measure.library[0] ?? '', options)
  const logic = translated.ok
    ? checkLogic(translated.value, groups.value, [...phrases.value.keys()], options.valueSets)
    : []
  const found = [...groups.diagnostics, ...phrases.diagnostics, ...translated.diagnostics, ...logic].map(at(file))
  if (!translated.ok || found.some((diagnostic) => diagnostic.severity === 'error')) return failure(...found)
  const installed = {
    id: measure.id,
    url: measure.url,
    version: measure.version ?? '',
    title: measure.title ?? measure.name ?? measure.id,
    description: measure.description ?? '',
    groups: groups.value,
    closure: translated.value,
    valueSets: valueSetsOf(translated.value),
    phrases: phrases.value,
    resource,
  }
  return success({ ...installed, contentHash: hashOf(installed, options.valueSets) }, found)
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

function checkLogic(
  closure: LibraryClosure,
  groups: readonly MeasureGroup[],
  phrases: readonly string[],
  valueSets: ValueSets,
): readonly Diagnostic[] {
  const criteria = groups.flatMap((group) => group.populations.map((population) => population.define))
  return [
    ...criteria.flatMap((define) => missingDefine(closure, define, 'The Measure names')),
    ...phrases.flatMap((define) => missingDefine(closure, define, 'A phrase names')),
    ...closure.libraries.flatMap((library) => missingValueSets(library, valueSets)),
    ...guardLibraries(closure, known(closure, [...criteria, ...phrases])),
  ]
}

/** The names that the main library defines: those that it lacks are faults of their own. */
const known = (closure: LibraryClosure, names: readonly string[]): readonly string[] =>
  names.filter((name) => holds(closure.main, name))

/** A define is named bare where the main library has it, and as `Library.Define` elsewhere. */
function missingDefine(closure: LibraryClosure, name: string, who: string): readonly Diagnostic[] {
  const elsewhere = closure.libraries.some((library) => holds(library, name, `${library.identifier.id}.`))
  if (holds(closure.main, name) || elsewhere) return []
  return [
    {
      code: 'content/missing-define',
      severity: 'error',
      message: `${who} "${name}", which the library does not define.`,
      place: { library: closure.main.identifier.id, define: name },
      remedy: 'Correct the name in the Measure, or define it.',
    },
  ]
}

function holds(library: ElmLibrary, name: string, prefix = ''): boolean {
  const defines = (library.statements?.def ?? []).filter((statement) => statement.type !== 'FunctionDef')
  return defines.some((statement) => `${prefix}${statement.name}` === name)
}

function missingValueSets(library: ElmLibrary, valueSets: ValueSets): readonly Diagnostic[] {
  return (library.valueSets?.def ?? [])
    .filter((set) => valueSets.find(set.version === undefined ? set.id : `${set.id}|${set.version}`) === undefined)
    .map((set) => ({
      code: 'content/missing-value-set',
      severity: 'error' as const,
      message: `Value set "${set.name}" (${set.id}) is not at hand, empty or cut.`,
      place: { library: library.identifier.id },
      remedy: 'Load its whole expansion (configuration key "terminology").',
    }))
}

function hashOf(measure: Omit<InstalledMeasure, 'contentHash'>, valueSets: ValueSets): string {
  const expansions = measure.valueSets.map((canonical) => valueSets.find(canonical)?.sha256 ?? '')
  return contentHash(JSON.stringify(measure.resource), measure.closure.hash, ...measure.valueSets, ...expansions)
}
