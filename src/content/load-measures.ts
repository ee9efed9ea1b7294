import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Diagnostic, failure, fault, messageOf, projectRoot, type Result } from '../base/index.ts'
import { type ModelInfo, readCqlFolders } from '../elm/index.ts'
import type { ValueSets } from '../terminology/index.ts'
import { type InstallOptions, installMeasure } from './install-measure.ts'
import type { InstalledMeasure } from './measure.ts'

export interface LoadOptions {
  /** Folders of measure folders (`<folder>/<id>/measure.json`). */
  readonly folders: readonly string[]
  readonly cqlFolders: readonly string[]
  readonly valueSets: ValueSets
  /** Only these measures; all where absent. */
  readonly ids?: readonly string[]
  /** CQL models beside FHIR 4.0.1. */
  readonly models?: readonly ModelInfo[]
  readonly cacheDir?: string
}

export interface RefusedMeasure {
  readonly id: string
  readonly diagnostics: readonly Diagnostic[]
}

export interface LoadedMeasures {
  /** In the order of their ids. */
  readonly measures: readonly InstalledMeasure[]
  readonly refused: readonly RefusedMeasure[]
  /** Warnings of the measures that were installed. */
  readonly warnings: readonly Diagnostic[]
}

/** What ships with caregap: its measures, its logic and the value sets beside both. */
export const shippedContent = {
  measureFolder: join(projectRoot, 'measures'),
  cqlFolder: join(projectRoot, 'cql'),
} as const

/** The folders that hold the shipped value sets: beside the shared logic, and in each measure that has its own. */
export function shippedValueSetFolders(): readonly string[] {
  const shared = join(shippedContent.cqlFolder, 'valuesets')
  const own = measureFoldersIn(shippedContent.measureFolder).map(({ path }) => join(path, 'valuesets'))
  return [shared, ...own].filter((folder) => existsSync(folder))
}

/**
 * Loads the measures of folders. A faulty measure is refused with every fault found in it, and does not stop
 * the others. An id that is asked for and not there, and an id that is there twice, are refused too.
 */
export async function loadMeasures(options: LoadOptions): Promise<LoadedMeasures> {
  const found = options.folders.flatMap(measureFoldersIn)
  const wanted = options.ids === undefined ? found : found.filter(({ id }) => options.ids?.includes(id))
  const sources = readCqlFolders(options.cqlFolders)
  const measures: InstalledMeasure[] = []
  const refused: RefusedMeasure[] = missingIds(options, found)
  const warnings: Diagnostic[] = []
  for (const { id, path } of wanted) {
    const twice = wanted.filter((other) => other.id === id).map((other) => other.path)
    const result = twice.length > 1 ? refuseTwice(id, twice) : await installFrom(path, { ...options, sources })
    if (result.ok) {
      measures.push(result.value)
      warnings.push(...result.diagnostics)
    } else if (!refused.some((other) => other.id === id)) refused.push({ id, diagnostics: result.diagnostics })
  }
  return { measures: measures.sort((a, b) => (a.id < b.id ? -1 : 1)), refused, warnings }
}

interface MeasureFolder {
  readonly id: string
  readonly path: string
}

/** The folders of a folder, one for each measure. Fault: `content/unreadable-folder`. */
function measureFoldersIn(folder: string): readonly MeasureFolder[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => ({ id: entry.name, path: join(folder, entry.name) }))
      .sort((a, b) => (a.id < b.id ? -1 : 1))
  } catch (thrown) {
    throw fault('input', 'content/unreadable-folder', `Measures cannot be read: ${messageOf(thrown)}.`, {
      place: { file: folder },
      remedy: 'Name an existing folder of measures.',
    })
  }
}

async function installFrom(path: string, options: InstallOptions): Promise<Result<InstalledMeasure>> {
  const file = join(path, 'measure.json')
  const id = path.split(/[\\/]/).at(-1)
  let resource: unknown
  try {
    resource = JSON.parse(readFileSync(file, 'utf8'))
  } catch (thrown) {
    const message = `The Measure cannot be read: ${messageOf(thrown)}.`
    const remedy = 'Put a FHIR Measure there as JSON.'
    return failure(error('content/unreadable-measure', message, file, remedy))
  }
  const result = await installMeasure(resource, file, options)
  if (!result.ok || result.value.id === id) return result
  const message = `The Measure's id is "${result.value.id}", its folder is named "${id}".`
  return failure(error('content/wrong-id', message, file, 'Name both alike.'))
}

function refuseTwice(id: string, paths: readonly string[]): Result<InstalledMeasure> {
  const message = `There are ${paths.length} measures with the id "${id}": ${paths.join(', ')}.`
  return failure(error('content/duplicate-id', message, paths[0], 'Keep one of them.'))
}

function missingIds(options: LoadOptions, found: readonly MeasureFolder[]): RefusedMeasure[] {
  return (options.ids ?? [])
    .filter((id) => !found.some((folder) => folder.id === id))
    .map((id) => {
      const present = found.map((folder) => folder.id).join(', ')
      const message = `There is no measure "${id}".`
      return { id, diagnostics: [error('content/no-such-measure', message, undefined, `Installed: ${present}.`)] }
    })
}

function error(code: string, message: string, file: string | undefined, remedy: string): Diagnostic {
  return { code, severity: 'error', message, ...(file === undefined ? {} : { place: { file } }), remedy }
}
