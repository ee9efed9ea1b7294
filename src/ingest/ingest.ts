import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { CaregapError, type Diagnostic, silentProgress } from '../base/index.ts'
import {
  applyDeletions,
  inLineOrder,
  type PublishedFile,
  publishedFiles,
  publishJobs,
  readManyLines,
  readQuarantinedLinesOfJob,
  type Store,
} from '../store/index.ts'
import { findExports } from './find-exports.ts'
import type { IngestOptions, Run } from './ingest-run.ts'
import { Lanes } from './lane.ts'
import { loadFiles } from './load-files.ts'
import { filesToLoad, jobOf, type OpenedExport, openExport, orRefused } from './open-export.ts'
import { countsOf, type ExportReport, type IngestReport, sumCounts, summarise } from './report.ts'
import type { FoundExport, SourceExport } from './source-export.ts'
import { BlockRoom } from './text-block.ts'
import type { VerifiedFile } from './verify-export.ts'
import { Writer } from './writer.ts'

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
    const reports = await inLineOrder(store.session, async (expect, expectNoMore) => {
      const run = {
        store,
        options,
        progress: options.progress ?? silentProgress,
        lanes,
        room: new BlockRoom(),
        writer,
        manyLines: await readManyLines(store.session),
        expect,
        expectNoMore,
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

/** An export whose lines are all under way: its report, once they are published. */
interface Underway {
  readonly report: Promise<ExportReport>
}

async function loadExports(run: Run, exports: Iterable<FoundExport>): Promise<ExportReport[]> {
  const underway: Underway[] = []
  let reading: Promise<readonly Underway[]> | undefined
  let together: OpenedExport[] = []
  const read = async () => {
    if (reading !== undefined) underway.push(...(await reading))
    reading = undefined
  }
  const begin = async (opened: readonly OpenedExport[]) => {
    await read()
    if (opened.length === 0) return
    reading = readExports(run, opened)
    // Its fault is told when it is waited for; until then it must not count as unhandled.
    reading.catch(() => undefined)
  }
  const beginTogether = async () => {
    const few = together
    together = []
    await begin(few)
  }
  const sources = new Set<string>()
  let isForMany = false
  for (const found of exports) {
    // What is new of a source depends on what was published of it.
    if (sources.has(found.source)) {
      await beginTogether()
      await read()
      await run.writer.idle()
    }
    sources.add(found.source)
    const opened = await orRefused(found, () => openExport(run, found))
    if ('state' in opened) {
      await beginTogether()
      await read()
      underway.push({ report: Promise.resolve(opened) })
      continue
    }
    const { lines } = opened
    if (!isForMany && lines >= run.manyLines) {
      isForMany = true
      await beginTogether()
      await read()
      await run.lanes.idle()
      await run.writer.run(() => run.expect(lines))
    }
    const goes = mayGoTogether(run, opened)
    if (!goes || lines + together.reduce((sum, one) => sum + one.lines, 0) >= run.manyLines) await beginTogether()
    if (goes) together.push(opened)
    else await begin([opened])
  }
  await beginTogether()
  await read()
  await run.expectNoMore()
  return Promise.all(underway.map(({ report }) => report))
}

/**
 * Exports of few lines are staged and published together: what is done once for each is most of the work. Not where something is
 * to hold with one of them alone, nor where lines name each other by URNs of their own.
 */
function mayGoTogether({ options, manyLines }: Run, { found, files, lines, job }: OpenedExport): boolean {
  const { deletions = [], urns } = found
  const isOfLines = files.every(({ form }) => form === undefined) && urns === undefined && deletions.length === 0
  return job !== undefined && options.onPublish === undefined && isOfLines && lines < manyLines
}

/** Has the lines of exports staged, and then published: returns when that is under way. */
async function readExports(run: Run, exports: readonly OpenedExport[]): Promise<readonly Underway[]> {
  const [only] = exports
  if (only !== undefined && exports.length === 1) return [await readExport(run, only)]
  const publish = await stage(run, exports)
  if (publish !== undefined) {
    const reports = run.writer.run(publish)
    return exports.map((_, index) => {
      const report = reports.then((all) => all[index] as ExportReport)
      // Its fault is told when it is waited for; until then it must not count as unhandled.
      report.catch(() => undefined)
      return { report }
    })
  }
  // One of them is at fault: that one is refused, and the others go on from where they are.
  await run.writer.idle()
  const underway: Underway[] = []
  for (const { found } of exports) {
    const opened = await orRefused(found, () => openExport(run, { ...found, open: () => found }))
    underway.push('state' in opened ? { report: Promise.resolve(opened) } : await readExport(run, opened))
  }
  return underway
}

async function readExport(run: Run, opened: OpenedExport): Promise<Underway> {
  const { found, files, equal } = opened
  const { writer } = run
  if (equal !== undefined)
    return { report: writer.run(() => orRefused(found, () => nothingNew(run, { found, files, jobId: equal }))) }
  const publish = await orRefused(found, () => stageAll(run, [opened]))
  if ('state' in publish) return { report: Promise.resolve(publish) }
  const published = async () => (await publish())[0] as ExportReport
  return { report: writer.run(() => orRefused(found, published)) }
}

/** What publishes exports whose lines are under way; undefined where one of them is at fault. */
async function stage(run: Run, exports: readonly OpenedExport[]): Promise<(() => Promise<ExportReport[]>) | undefined> {
  try {
    return await stageAll(run, exports)
  } catch (thrown) {
    if (!(thrown instanceof CaregapError) || thrown.kind !== 'input') throw thrown
    return undefined
  }
}

/** Has the lines of exports staged together; gives what publishes them. */
async function stageAll(run: Run, exports: readonly OpenedExport[]): Promise<() => Promise<ExportReport[]>> {
  const { options, progress } = run
  const loading = new Map(
    exports.map(({ found, lines, job }) => [job?.jobId, progress.stage(`load ${found.source}`, lines, 'lines')]),
  )
  const context = {
    maxLineBytes: options.config.ingest.maxLineBytes,
    blockBytes: options.blockBytes ?? defaultBlockBytes,
    urns: exports[0]?.found.urns ?? new Map<string, string>(),
    onLines: (jobId: number, done: number) => loading.get(jobId)?.advance(done),
  }
  await loadFiles(run, context, exports.flatMap(filesToLoad))
  return async () => {
    const reports = await publishExports(run, exports)
    for (const { jobId, total } of reports)
      loading.get(jobId)?.done(`${total.inserted} inserted, ${total.updated} updated`)
    return reports
  }
}

async function publishExports(run: Run, exports: readonly OpenedExport[]): Promise<ExportReport[]> {
  const { store, options } = run
  const published = await store.session.transaction(async () => {
    const counts = await publishJobs(
      store.session,
      exports.map((opened) => jobOf(opened).jobId),
    )
    for (const opened of exports) {
      const { source, origin, deletions = [] } = opened.found
      const { jobId } = jobOf(opened)
      await applyDeletions(store.session, { source, origin, jobId, deletions })
      await options.onPublish?.(jobId, true)
    }
    return counts
  })
  const reports: ExportReport[] = []
  for (const [index, opened] of exports.entries()) {
    const { found, files } = opened
    reports.push(await reportOf(store, found, jobOf(opened).jobId, files, published[index] ?? []))
  }
  return reports
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
    quarantine: published.some(({ quarantined }) => quarantined > 0) ? await quarantineOf(store, jobId) : [],
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
