import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { CaregapError, type Config, type Diagnostic, invariant, type Progress, silentProgress } from '../base/index.ts'
import {
  applyDeletions,
  discardJob,
  ensureSource,
  findEqualJob,
  findOpenJobs,
  type OpenJob,
  openJob,
  type PublishedFile,
  publishedFiles,
  publishJob,
  readQuarantinedLinesOfJob,
  type Store,
} from '../store/index.ts'
import type { FileToLoad } from './batch.ts'
import { findExports } from './find-exports.ts'
import { loadFiles } from './load-files.ts'
import { countsOf, type ExportReport, type IngestReport, sumCounts, summarise } from './report.ts'
import type { FoundExport, SourceExport } from './source-export.ts'
import { type VerifiedFile, verifyExport } from './verify-export.ts'

export interface IngestOptions {
  /** A folder, a manifest or a file. */
  readonly path: string
  /** Name of the source; by default the folder's. */
  readonly source?: string
  readonly config: Config
  readonly progress?: Progress
  /** Text bytes per unit of work; for tests. */
  readonly blockBytes?: number
  /** What must hold with the data or not at all: done in the transaction that publishes a job; `staged` where it has lines. */
  readonly onPublish?: (jobId: number, staged: boolean) => Promise<void>
  /** Stage it although the source's newest load was the same: what is to be published looks at its lines. */
  readonly always?: boolean
}

/** A limit for long lines: of short ones fewer make a batch. */
const defaultBlockBytes = 128 * 1024 * 1024

/** So many quarantined lines are named in a report; all of them are in the store. */
const namedLines = 10

/**
 * Loads exports into the store: verify, stage, publish. Loading the same again changes nothing; a process that was
 * killed is gone on with by the same call. An export with a fault of a file is refused as a whole (in the report);
 * a fault of a line puts that line into quarantine. Faults thrown: those of `findExports`, and of the system.
 */
export async function ingest(store: Store, options: IngestOptions): Promise<IngestReport> {
  const started = performance.now()
  const progress = options.progress ?? silentProgress
  const reports: ExportReport[] = []
  const spoolFolder = mkdtempSync(join(spoolParent(store.path), '.caregap-spool-'))
  try {
    for (const found of findExports(options.path, options.source))
      reports.push(await loadOrRefuse(store, options, progress, found, spoolFolder))
  } finally {
    rmSync(spoolFolder, { recursive: true, force: true })
  }
  return summarise(reports, (performance.now() - started) / 1000)
}

/** Blocks lie beside the database: the disk that must have room anyway. */
const spoolParent = (path: string): string => (path === ':memory:' ? tmpdir() : dirname(resolve(path)))

async function loadOrRefuse(
  store: Store,
  options: IngestOptions,
  progress: Progress,
  found: FoundExport,
  spoolFolder: string,
): Promise<ExportReport> {
  try {
    return await loadExport(store, options, progress, found.open(), spoolFolder)
  } catch (thrown) {
    if (!(thrown instanceof CaregapError) || thrown.kind !== 'input') throw thrown
    const { source, origin } = found
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

async function loadExport(
  store: Store,
  options: IngestOptions,
  progress: Progress,
  found: SourceExport,
  spoolFolder: string,
): Promise<ExportReport> {
  const { maxLineBytes } = options.config.ingest
  const checking = progress.stage(`check ${found.source}`, undefined, 'bytes')
  const files = await verifyExport(found, maxLineBytes, (bytes) => checking.advance(bytes))
  const lines = files.reduce((sum, file) => sum + file.lines, 0)
  checking.done(`${files.length} files, ${lines} lines`)
  const timeZone = options.config.sources.find((entry) => entry.name === found.source)?.timeZone ?? 'UTC'
  const { baseUrl } = found
  const sourceId = await ensureSource(store.session, {
    name: found.source,
    timeZone,
    ...(baseUrl === undefined ? {} : { baseUrl }),
  })
  const { deletions = [] } = found
  const equal = await findEqualJob(store.session, sourceId, files)
  // What a Bundle deletes may have come again since.
  if (equal !== undefined && deletions.length === 0 && options.always !== true)
    return nothingNew(store, options, progress, { found, files, jobId: equal })
  const job = await resumeOrOpen(store, sourceId, found, files)
  const loading = progress.stage(`load ${found.source}`, lines, 'lines')
  const context = {
    jobId: job.jobId,
    sourceId,
    source: found.source,
    baseUrl: baseUrl ?? '',
    maxLineBytes,
    blockBytes: options.blockBytes ?? defaultBlockBytes,
    spoolFolder,
    urns: found.urns ?? new Map<string, string>(),
    onLines: (done: number) => loading.advance(done),
  }
  await loadFiles(store, context, paired(files, job))
  const published = await store.session.transaction(async () => {
    const counts = await publishJob(store.session, job.jobId)
    await applyDeletions(store.session, { source: found.source, origin: found.origin, jobId: job.jobId, deletions })
    await options.onPublish?.(job.jobId, true)
    return counts
  })
  const report = await reportOf(store, found, job.jobId, files, published)
  loading.done(`${report.total.inserted} inserted, ${report.total.updated} updated`)
  return report
}

/** The export is what the source's newest job loaded, to the byte: said as unchanged, without loading it. */
async function nothingNew(
  store: Store,
  options: IngestOptions,
  progress: Progress,
  { found, files, jobId }: { found: SourceExport; files: readonly VerifiedFile[]; jobId: number },
): Promise<ExportReport> {
  const stage = progress.stage(`load ${found.source}`)
  const published = (await publishedFiles(store.session, jobId)).map((file) => ({
    ...file,
    inserted: 0,
    updated: 0,
    unchanged: file.inserted + file.updated + file.unchanged,
  }))
  await store.session.transaction(async () => options.onPublish?.(jobId, false))
  stage.done('nothing new: the same files as last time')
  return reportOf(store, found, jobId, files, published)
}

function paired(files: readonly VerifiedFile[], job: OpenJob): FileToLoad[] {
  return files.map((verified, index) => {
    const open = job.files[index]
    invariant(open !== undefined, `file ${index} of job ${job.jobId} is in the ledger`)
    return { verified, open }
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

async function reportOf(
  store: Store,
  found: SourceExport,
  jobId: number,
  files: readonly VerifiedFile[],
  published: readonly PublishedFile[],
): Promise<ExportReport> {
  const reports = published.map((file, index) => {
    const { path = '', bytes = 0, sha256 = '' } = files[index] ?? {}
    return { path, bytes, sha256, ...countsOf(file) }
  })
  return {
    source: found.source,
    origin: found.origin,
    state: 'published',
    jobId,
    files: reports,
    total: sumCounts(reports),
    diagnostics: [
      ...(found.warnings ?? []),
      ...published.flatMap((file, index) => otherTypeWarning(file, files[index])),
    ],
    quarantine: await quarantineOf(store, jobId),
  }
}

async function quarantineOf({ session }: Store, jobId: number): Promise<Diagnostic[]> {
  const lines = await readQuarantinedLinesOfJob(session, jobId, namedLines)
  return lines.map(({ file, line, code, reason }) => ({
    code,
    severity: 'error',
    message: reason,
    place: { file, line },
  }))
}

function otherTypeWarning(file: PublishedFile, verified: VerifiedFile | undefined): Diagnostic[] {
  if (file.otherType === 0 || verified === undefined) return []
  return [
    {
      code: 'ingest/other-type',
      severity: 'warning',
      message: `${file.otherType} resources are not ${verified.declaredType ?? 'what'} as the manifest declares; they were loaded as what they are.`,
      place: { file: verified.path },
    },
  ]
}
