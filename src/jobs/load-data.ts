import type { Config, Progress } from '../base/index.ts'
import type { Session } from '../duck/index.ts'
import { deriveAttribution, importRoster, type ResolvedPersons, resolvePersons } from '../identity/index.ts'
import { type IngestReport, ingest } from '../ingest/index.ts'
import {
  deriveTyped,
  followReferences,
  inOneThread,
  readChanged,
  readManyLines,
  recordDataState,
  refreshPersonLines,
  type Store,
  setOutsideSources,
  shareRecentLines,
  withRecentLines,
} from '../store/index.ts'
import { refreshMappedLines } from './code-mapping.ts'

export interface LoadRequest {
  /** A folder, a manifest or a file of exports. */
  readonly path: string
  /** Name of the source; by default the folder's. */
  readonly source?: string
  readonly config: Config
  readonly progress: Progress
  /** Done in the transaction that publishes an export. */
  readonly onPublish?: (jobId: number, staged: boolean) => Promise<void>
  /** Stage it although the source's newest load was the same. */
  readonly always?: boolean
}

/** What was derived from the resources that are current. */
export interface DerivedData {
  readonly persons: ResolvedPersons
  /** Persons with a provider or a practice. */
  readonly attributed: number
  /** Rows written to typed tables. */
  readonly typedRows: number
  /** Source patients whose facts, identity or attribution changed since the data were last complete. */
  readonly changedPatients: number
}

export interface LoadedData extends DerivedData {
  readonly ingest: IngestReport
}

/**
 * From files to what runs read: loads exports, decides who is one person, shreds what changed into typed tables, and
 * ties persons to providers and practices. The roster is taken first: a faulty one refuses all, before anything is
 * loaded. Each step changes nothing when nothing is new. A refused export is in the report; what was loaded before it
 * stays and goes the rest of the way. Faults: those of the steps.
 */
export async function loadData(store: Store, request: LoadRequest): Promise<LoadedData> {
  const { roster } = request.config
  if (roster !== undefined) await importRoster(store.session, roster)
  const report = await ingest(store, request)
  return { ingest: report, ...(await deriveData(store, request)) }
}

/** The steps after the load alone: persons, typed tables and attribution, brought up to what is current. */
export async function deriveData(
  store: Store,
  request: Pick<LoadRequest, 'config' | 'progress'>,
): Promise<DerivedData> {
  const { since, resources } = await readChanged(store.session)
  if (since === 0 || resources >= (await readManyLines(store.session))) {
    const derived = await deriveAll(store, request, oneAfterTheOther)
    // It puts together the row groups that a first load left: else the next refresh would wait for that.
    if (since === 0) await store.database.checkpointIfAlone()
    return derived
  }
  return inOneThread(store.session, () =>
    withRecentLines(store.session, since, () => deriveAll(store, request, besideEachOther)),
  )
}

async function deriveAll(
  store: Store,
  { config, progress }: Pick<LoadRequest, 'config' | 'progress'>,
  derive: (store: Store, progress: Progress) => Promise<Omit<DerivedData, 'persons'>>,
): Promise<DerivedData> {
  await setOutsideSources(store.session, outsideSources(config))
  const persons = await resolve(store, config, progress)
  await refreshMappedLines(store)
  return { persons, ...(await derive(store, progress)) }
}

/** Of many changes each part keeps all threads busy. */
async function oneAfterTheOther(store: Store, progress: Progress) {
  const typedRows = await shred(store.session, progress)
  return { typedRows, ...(await follow(store, progress)) }
}

/** Of few changes each statement is work for one thread, and neither part reads what the other writes. */
async function besideEachOther(store: Store, progress: Progress) {
  const shredding = await store.session.sibling()
  shareRecentLines(store.session, shredding)
  const typed = shred(shredding, progress)
  const followed = follow(store, progress, typed)
  try {
    await Promise.allSettled([typed, followed])
  } finally {
    shredding.close()
  }
  return { typedRows: await typed, ...(await followed) }
}

/** What stands beside the lines; with it the data are complete, once they are `typed`. */
async function follow(store: Store, progress: Progress, typed?: Promise<unknown>) {
  const attributed = await attribute(store, progress)
  await followReferences(store.session)
  await refreshPersonLines(store.session)
  return { attributed, changedPatients: await recordDataState(store.session, typed) }
}

/** The sources that the configuration does not let take part. */
export const outsideSources = ({ sources }: Config): string[] =>
  sources.filter(({ participant }) => participant === false).map(({ name }) => name)

async function resolve({ session }: Store, config: Config, progress: Progress): Promise<ResolvedPersons> {
  const stage = progress.stage('resolve persons')
  const persons = await resolvePersons(session, config.identity)
  stage.done(`${persons.sourcePatients} patients are ${persons.persons} persons`)
  return persons
}

async function shred(session: Session, progress: Progress): Promise<number> {
  const stage = progress.stage('derive typed tables', undefined, 'rows')
  const tables = await deriveTyped(session, { onRows: (rows) => stage.advance(rows) })
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  stage.done(`${rows} rows in ${tables.length} tables`)
  return rows
}

async function attribute({ session }: Store, progress: Progress): Promise<number> {
  const stage = progress.stage('attribute')
  const attributedPersons = await deriveAttribution(session)
  stage.done(`${attributedPersons} persons have a provider or a practice`)
  return attributedPersons
}
