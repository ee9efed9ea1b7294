import type { Config, Progress } from '../base/index.ts'
import { type ResolvedPersons, resolvePersons } from '../identity/index.ts'
import { type IngestReport, ingest } from '../ingest/index.ts'
import type { Store } from '../store/index.ts'

export interface LoadRequest {
  /** A folder, a manifest or a file of exports. */
  readonly path: string
  /** Name of the source; by default the folder's. */
  readonly source?: string
  readonly config: Config
  readonly progress: Progress
}

export interface LoadedData {
  readonly ingest: IngestReport
  readonly persons: ResolvedPersons
}

/**
 * From files to persons: loads exports, then decides who is one person. Both change nothing when nothing is new.
 * A refused export is in the report; what was loaded before it stays and is resolved all the same.
 */
export async function loadData(store: Store, request: LoadRequest): Promise<LoadedData> {
  const { config, progress } = request
  const report = await ingest(store, request)
  const resolving = progress.stage('resolve persons')
  const persons = await resolvePersons(store.session, config.identity)
  resolving.done(`${persons.sourcePatients} patients are ${persons.persons} persons`)
  return { ingest: report, persons }
}
