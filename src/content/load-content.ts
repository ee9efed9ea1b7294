import type { Diagnostic } from '../base/index.ts'
import { loadValueSets, type ValueSets } from '../terminology/index.ts'
import { type LoadedMeasures, loadMeasures, shippedContent, shippedValueSetFolders } from './load-measures.ts'

export interface ContentOptions {
  /** Folders of terminology beside the shipped one; what they hold takes the place of shipped sets. */
  readonly terminology?: readonly string[]
  readonly ids?: readonly string[]
  readonly cacheDir?: string
}

export interface LoadedContent extends LoadedMeasures {
  readonly valueSets: ValueSets
  /** What was found wrong with value sets; a measure that reads a bad one is among `refused`. */
  readonly terminology: readonly Diagnostic[]
}

/** The shipped measures, with shipped value sets and those of the configuration: what a process opens once. */
export async function loadContent(options: ContentOptions = {}): Promise<LoadedContent> {
  const loaded = loadValueSets([...shippedValueSetFolders(), ...(options.terminology ?? [])])
  const measures = await loadMeasures({
    folders: [shippedContent.measureFolder],
    cqlFolders: [shippedContent.cqlFolder],
    valueSets: loaded.valueSets,
    ...(options.ids === undefined ? {} : { ids: options.ids }),
    ...(options.cacheDir === undefined ? {} : { cacheDir: options.cacheDir }),
  })
  return { ...measures, valueSets: loaded.valueSets, terminology: loaded.diagnostics }
}
