import { CaregapError, invariant } from '../base/index.ts'
import {
  discardJob,
  ensureSource,
  findEqualJob,
  findOpenJobs,
  type OpenJob,
  openJob,
  type Store,
} from '../store/index.ts'
import type { FileToLoad } from './batch.ts'
import type { Run } from './ingest-run.ts'
import { type ExportReport, sumCounts } from './report.ts'
import type { FoundExport, SourceExport } from './source-export.ts'
import { type VerifiedFile, verifyExport } from './verify-export.ts'

/** An export whose bytes were checked. */
export interface OpenedExport {
  readonly found: SourceExport
  readonly files: readonly VerifiedFile[]
  readonly lines: number
  /** A job of the same files to the byte that was published: there is nothing to load. */
  readonly equal: number | undefined
  readonly sourceId: number
  /** The job to be loaded; undefined where there is nothing to load. */
  readonly job: OpenJob | undefined
}

/** Checks an export's bytes and has it in the ledger. */
export async function openExport(run: Run, from: FoundExport): Promise<OpenedExport> {
  const { store, options } = run
  const found = from.open()
  const checking = run.progress.stage(`check ${found.source}`, undefined, 'bytes')
  const files = await verifyExport(found, options.config.ingest.maxLineBytes, (bytes) => checking.advance(bytes))
  const lines = files.reduce((sum, file) => sum + file.lines, 0)
  checking.done(`${files.length} files, ${lines} lines`)
  const timeZone = options.config.sources.find((entry) => entry.name === found.source)?.timeZone ?? 'UTC'
  const { baseUrl, deletions = [] } = found
  return run.writer.run(async () => {
    const sourceId = await ensureSource(store.session, {
      name: found.source,
      timeZone,
      ...(baseUrl === undefined ? {} : { baseUrl }),
    })
    const known = await findEqualJob(store.session, sourceId, files)
    // What a Bundle deletes may have come again since.
    const equal = deletions.length === 0 && options.always !== true ? known : undefined
    const job = equal === undefined ? await resumeOrOpen(store, sourceId, found, files) : undefined
    return { found, files, lines, equal, sourceId, job }
  })
}

/** A job that a killed process left is gone on with where its files are the same, and taken back where not. */
async function resumeOrOpen(
  store: Store,
  sourceId: number,
  found: SourceExport,
  files: readonly VerifiedFile[],
): Promise<OpenJob> {
  for (const job of await findOpenJobs(store.session, sourceId)) {
    const same =
      job.files.length === files.length &&
      job.files.every((file, index) => file.path === files[index]?.path && file.sha256 === files[index]?.sha256)
    if (same) return job
    await discardJob(store.session, job.jobId, 'stopped before it was published; another export took its place')
  }
  const { origin, transactionTime } = found
  return openJob(store.session, {
    sourceId,
    origin,
    files,
    ...(transactionTime === undefined ? {} : { transactionTime }),
  })
}

/** The job of an export that is to be loaded. */
export function jobOf({ job }: OpenedExport): OpenJob {
  invariant(job !== undefined, 'an export that is not known has a job')
  return job
}

/** The files of an export that is to be loaded, as they are loaded. */
export function filesToLoad(opened: OpenedExport): FileToLoad[] {
  const { found, files, sourceId } = opened
  const job = jobOf(opened)
  const origin = { jobId: job.jobId, sourceId, source: found.source, baseUrl: found.baseUrl ?? '' }
  return files.map((verified, index) => {
    const open = job.files[index]
    invariant(open !== undefined, `file ${index} of job ${job.jobId} is in the ledger`)
    return { origin, verified, open }
  })
}

/** The work's value; where the input is at fault, the report that says so. */
export async function orRefused<T>(
  { source, origin }: Pick<FoundExport, 'source' | 'origin'>,
  work: () => Promise<T>,
): Promise<T | ExportReport> {
  try {
    return await work()
  } catch (thrown) {
    if (!(thrown instanceof CaregapError) || thrown.kind !== 'input') throw thrown
    return {
      source,
      origin,
      state: 'refused',
      files: [],
      total: sumCounts([]),
      diagnostics: thrown.diagnostics,
      quarantine: [],
    }
  }
}
