import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { CaregapError, type Config, type Diagnostic, invariant, type Progress, silentProgress } from '../base/index.ts'
import {
  applyDeletions,
  areMany,
  discardJob,
  ensureSource,
  findEqualJob,
  findOpenJobs,
  inLineOrder,
  type OpenJob,
  openJob,
  type PublishedFile,
  publishedFiles,
  publishJob,
  readQuarantinedLinesOfJob,
  type Store,
} from '../store/index.ts'
import type { BatchPlaces, FileToLoad } from './batch.ts'
import { findExports } from './find-exports.ts'
import { Lanes } from './lane.ts'
import { loadFiles } from './load-files.ts'
import { countsOf, type ExportReport, type IngestReport, sumCounts, summarise } from './report.ts'
import type { FoundExport, SourceExport } from './source-export.ts'
import { BlockRoom } from './text-block.ts'
import { type VerifiedFile, verifyExport } from './verify-export.ts'
import { Writer } from './writer.ts'

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
 * a fault of a line puts that line into quarantine. While an export is staged and published the next is verified and read, but
 * all is written in the order of the exports. Faults thrown: those of `findExports`, and of the system.
 */
export async function ingest(store: Store, options: IngestOptions): Promise<IngestReport> {
  const started = performance.now()
  const spoolFolder = mkdtempSync(join(spoolParent(store.path), '.caregap-spool-'))
  const lanes = await Lanes.open(store, spoolFolder)
  const writer = new Writer()
  try {
    const reports = await inLineOrder(store.session, async (expect) => {
      const run = {
        store,
        options,
        progress: options.progress ?? silentProgress,
        lanes,
        room: new BlockRoom(),
        writer,
        expect,
      }
      try {
        return await loadExports(run, findExports(options.path, options.source))
      } finally {
        await writer.idle()
      }
    })
    return summarise(reports, (performance.now() - started) / 1000)
  } finally {
    await lanes.close()
    rmSync(spoolFolder, { recursive: true, force: true })
  }
}

/** Blocks lie beside the database: the disk that must have room anyway. */
const spoolParent = (path: string): string => (path === ':memory:' ? tmpdir() : dirname(resolve(path)))

/** One call of `ingest`: what its exports share. */
interface Run extends BatchPlaces {
  readonly store: Store
  readonly options: IngestOptions
  readonly progress: Progress
  readonly writer: Writer
  /** Says how many lines are to come, while nothing is under way. */
  expect(lines: number): Promise<void>
}

/** An export whose lines are all under way: its report, once they are published. */
interface Underway {
  readonly report: Promise<ExportReport>
}

async function loadExports(run: Run, exports: Iterable<FoundExport>): Promise<ExportReport[]> {
  const underway: Underway[] = []
  let reading: Promise<Underway> | undefined
  const read = async () => {
    if (reading !== undefined) underway.push(await reading)
    reading = undefined
  }
  const sources = new Set<string>()
  let isForMany = false
  for (const found of exports) {
    // What is new of a source depends on what was published of it.
    if (sources.has(found.source)) {
      await read()
      await run.writer.idle()
    }
    sources.add(found.source)
    const opened = await orRefused(found, () => openExport(run, found))
    await read()
    if ('state' in opened) {
      underway.push({ report: Promise.resolve(opened) })
      continue
    }
    const { lines } = opened
    if (!isForMany && areMany(lines)) {
      isForMany = true
      await run.lanes.idle()
      await run.writer.run(() => run.expect(lines))
    }
    reading = readExport(run, opened)
    // Its fault is told when it is waited for; until then it must not count as unhandled.
    reading.catch(() => undefined)
  }
  await read()
  return Promise.all(underway.map(({ report }) => report))
}

/** The work's value; where the input is at fault, the report that says so. */
async function orRefused<T>(
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

/** An export whose bytes were checked. */
interface OpenedExport {
  readonly found: SourceExport
  readonly files: readonly VerifiedFile[]
  readonly lines: number
  /** A job of the same files to the byte that was published: there is nothing to load. */
  readonly equal: number | undefined
  readonly sourceId: number
  /** The job to be loaded; undefined where there is nothing to load. */
  readonly job: OpenJob | undefined
}

async function openExport(run: Run, from: FoundExport): Promise<OpenedExport> {
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

/** Has the export's lines staged, and then published: returns when that is under way. */
async function readExport(run: Run, opened: OpenedExport): Promise<Underway> {
  const { found, files, lines, equal, job } = opened
  const { options, progress, writer } = run
  if (equal !== undefined)
    return { report: writer.run(() => orRefused(found, () => nothingNew(run, { found, files, jobId: equal }))) }
  invariant(job !== undefined, 'an export that is not known has a job')
  const loading = progress.stage(`load ${found.source}`, lines, 'lines')
  const context = {
    jobId: job.jobId,
    sourceId: opened.sourceId,
    source: found.source,
    baseUrl: found.baseUrl ?? '',
    maxLineBytes: options.config.ingest.maxLineBytes,
    blockBytes: options.blockBytes ?? defaultBlockBytes,
    urns: found.urns ?? new Map<string, string>(),
    onLines: (done: number) => loading.advance(done),
  }
  const refused = await orRefused(found, () => loadFiles(run, context, paired(files, job)))
  if (refused !== undefined) return { report: Promise.resolve(refused) }
  const publish = async () => {
    const report = await publishExport(run, opened, job)
    loading.done(`${report.total.inserted} inserted, ${report.total.updated} updated`)
    return report
  }
  return { report: writer.run(() => orRefused(found, publish)) }
}

async function publishExport(
  { store, options }: Run,
  { found, files }: OpenedExport,
  job: OpenJob,
): Promise<ExportReport> {
  const { source, origin, deletions = [] } = found
  const published = await store.session.transaction(async () => {
    const counts = await publishJob(store.session, job.jobId)
    await applyDeletions(store.session, { source, origin, jobId: job.jobId, deletions })
    await options.onPublish?.(job.jobId, true)
    return counts
  })
  return reportOf(store, found, job.jobId, files, published)
}

/** The export is what the source's newest job loaded, to the byte: said as unchanged, without loading it. */
async function nothingNew(
  { store, options, progress }: Run,
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
