import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fault, type Progress, readFreeDisk } from '../base/index.ts'
import {
  type Deletion,
  type Pull,
  type PulledFile,
  type PullFinding,
  readFindings,
  readPull,
  readPullFiles,
  recordFinding,
  recordManifest,
  recordPull,
  type Store,
} from '../store/index.ts'
import type { Connection } from './connection.ts'
import { type ExportParameters, exportParameters } from './export-request.ts'
import { fetchFiles, findMissing, pullFileOf } from './fetch-files.ts'
import { kickOff, type StartedExport } from './kick-off.ts'
import { writeLocalManifest } from './local-manifest.ts'
import { findLostJob } from './lost-job.ts'
import type { Manifest } from './manifest.ts'
import { pollStatus } from './poll-status.ts'
import { reviewGrant, reviewManifest, reviewPatients } from './review-export.ts'
import { reviewStrangers } from './review-patients.ts'
import { ownUrl } from './server-address.ts'
import { readDeletions, readOutcomes } from './server-report.ts'
import { nextSince } from './watermark.ts'

export interface ExportTask {
  readonly store: Store
  readonly connection: Connection
  readonly pull: Pull
  readonly progress: Progress
  /** Something to tell a person who waits. */
  readonly onNote: (text: string) => void
}

/** An export that is wholly on disk, verified. */
export interface ObtainedExport {
  readonly pull: Pull
  readonly files: readonly PulledFile[]
  /** Lines of the output. */
  readonly resources: number
  readonly deletions: readonly Deletion[]
  readonly findings: readonly PullFinding[]
  /** True where a finding is an error: something is missing. */
  readonly partial: boolean
  /** What the next pull may ask from, if this one is complete. */
  readonly since: string | undefined
}

/**
 * Brings an export to disk, from wherever the ledger says that an earlier process was stopped: kick-off, waiting,
 * download, review. Each step is in the ledger before it is done. Faults: those of the steps; all but
 * `bulk/job-gone`, `bulk/job-failed`, `bulk/kick-off-refused` and `bulk/file-gone` can be gone on from by the same call.
 */
export async function obtainExport(task: ExportTask): Promise<ObtainedExport> {
  const { store, pull } = task
  const begun = await begin(task)
  const isThere = begun.state === 'downloaded' && existsSync(join(begun.folder, 'manifest.json'))
  if (!isThere) await download(task, begun)
  const current = await readAgain(store, pull)
  return describe(task, current)
}

async function readAgain(store: Store, pull: Pull): Promise<Pull> {
  return (await readPull(store.session, pull.pullId)) ?? pull
}

async function begin(task: ExportTask): Promise<Pull> {
  const { store, connection, pull } = task
  const { session } = store
  if (pull.statusUrl !== null) return pull
  const parameters = exportParameters(connection.server, pull.since ?? undefined)
  const found = pull.state === 'kicking-off' ? await unknownKickOff(task, parameters) : undefined
  const started: StartedExport =
    found !== undefined
      ? { statusUrl: found, serverDate: undefined }
      : await kickOff(connection, parameters, {
          beforeRequest: () => recordPull(session, pull.pullId, { state: 'kicking-off' }),
          outcomeUnknown: () => unknownKickOff(task, parameters),
          leftOut: (parameter) =>
            recordFinding(session, pull.pullId, {
              severity: 'warning',
              code: 'bulk/parameter-refused',
              message: `The server refuses ${parameter}; the export was asked for without it, and lacks what it would add.`,
            }),
          onWait: task.onNote,
        })
  await recordPull(session, pull.pullId, {
    state: 'polling',
    statusUrl: started.statusUrl.href,
    ...(started.serverDate === undefined ? {} : { serverDate: started.serverDate }),
  })
  return readAgain(store, pull)
}

/**
 * A request went out and no answer is known: whether the server exports for it is known to its list of jobs alone, if it
 * has one.
 */
async function unknownKickOff(
  { store, connection, pull, onNote }: ExportTask,
  parameters: ExportParameters,
): Promise<URL | undefined> {
  const found = await findLostJob(connection, parameters, Date.parse(pull.startedAt))
  if (found.statusUrl !== undefined) {
    onNote(`${pull.source}: the export whose answer never came is in the server's list of jobs.`)
    return found.statusUrl
  }
  await recordFinding(store.session, pull.pullId, {
    severity: 'warning',
    code: 'bulk/kick-off-unknown',
    message: `A kick-off was sent whose answer never came: the server may hold an export that nobody waits for (${found.reason}).`,
  })
  return undefined
}

async function download(task: ExportTask, pull: Pull): Promise<void> {
  const { store, connection } = task
  const { session } = store
  const known = pull.state === 'downloading' ? await readPullFiles(session, pull.pullId) : []
  // A process that was stopped with all files on disk needs nothing more of the server, which may have forgotten it.
  if (known.length === 0 || (await findMissing(pull, known)).length > 0) await fetchExport(task, pull)
  await review(task, await readAgain(store, pull))
  await writeLocalManifest(connection.server, await readAgain(store, pull), await readPullFiles(session, pull.pullId))
  await recordPull(session, pull.pullId, { state: 'downloaded' })
}

async function fetchExport(task: ExportTask, pull: Pull): Promise<void> {
  const { store, connection, progress } = task
  const { session } = store
  const manifest = await waitForManifest(task, pull)
  for (const finding of [
    ...reviewGrant(connection.server, connection.tokens),
    ...reviewManifest(connection.server, manifest),
  ])
    await recordFinding(session, pull.pullId, finding)
  await recordManifest(session, pull.pullId, manifest.files.map(pullFileOf), manifest.transactionTime)
  await mkdir(pull.folder, { recursive: true, mode: 0o700 })
  checkRoom(pull.folder, connection.server.minFreeMb)
  await fetchFiles({ store, connection, pull, progress, manifest, refreshManifest: () => waitForManifest(task, pull) })
}

/** Room for the files, their load and its spill: a disk that fills up in the middle costs hours of the server's work. */
function checkRoom(folder: string, minFreeMb: number): void {
  const freeMb = Math.floor(readFreeDisk(folder) / 2 ** 20)
  if (freeMb >= minFreeMb) return
  throw fault(
    'system',
    'bulk/disk-short',
    `There are ${freeMb} MiB free for the download, and minFreeMb is ${minFreeMb}.`,
    {
      place: { file: folder },
      remedy: 'Make room, then run the same command again: the export waits at the server.',
    },
  )
}

async function waitForManifest(task: ExportTask, pull: Pull): Promise<Manifest> {
  const { store, connection, progress } = task
  const stage = progress.stage(`export ${pull.source}`, undefined, 'polls')
  let said = pull.serverProgress ?? ''
  const url = ownUrl(pull.statusUrl ?? '', connection.server)
  const manifest = await pollStatus(connection, url, async (text) => {
    stage.advance(1)
    if (text === '' || text === said) return
    said = text
    task.onNote(`${pull.source}: ${text}`)
    await recordPull(store.session, pull.pullId, { serverProgress: text })
  })
  stage.done(`${manifest.files.length} files`)
  return manifest
}

async function review({ store, connection }: ExportTask, pull: Pull): Promise<void> {
  const { session } = store
  const files = await readPullFiles(session, pull.pullId)
  const findings: PullFinding[] = [
    ...reviewPatients(connection.server, pull.since, files),
    ...(await reviewStrangers(connection.server, pull, files)),
    ...(await readOutcomes(pathsOf(pull, files, 'error'))),
  ]
  const { unreadable } = await readDeletions(pathsOf(pull, files, 'deleted'))
  if (unreadable > 0) {
    const message = `${unreadable} entries of the deleted resources cannot be read; they were not applied.`
    findings.push({ severity: 'error', code: 'bulk/deletions-unreadable', message })
  }
  if (nextSince(pull.transactionTime, pull.serverDate, 0) === undefined) {
    const message = 'The export does not say its time: the next pull cannot ask for changes only.'
    findings.push({ severity: 'error', code: 'bulk/no-transaction-time', message })
  }
  for (const finding of findings) await recordFinding(session, pull.pullId, finding)
}

const pathsOf = (pull: Pull, files: readonly PulledFile[], of: PulledFile['section']): string[] =>
  files.filter(({ section }) => section === of).map(({ name }) => join(pull.folder, name))

async function describe({ store, connection }: ExportTask, pull: Pull): Promise<ObtainedExport> {
  const files = await readPullFiles(store.session, pull.pullId)
  const findings = await readFindings(store.session, pull.pullId)
  const { deletions } = await readDeletions(pathsOf(pull, files, 'deleted'))
  const output = files.filter(({ section }) => section === 'output')
  return {
    pull,
    files,
    resources: output.reduce((sum, { lines }) => sum + (lines ?? 0), 0),
    deletions,
    findings,
    partial: findings.some(({ severity }) => severity === 'error'),
    since: nextSince(pull.transactionTime, pull.serverDate, connection.server.overlapMinutes, connection.server.until),
  }
}
