import { join } from 'node:path'
import { CaregapError, fault } from '../base/index.ts'
import type { PullFile } from '../store/index.ts'
import { headerOf, issuesOf, isTransient, readAnswer } from './answer.ts'
import { type Connection, fetchFollowing } from './connection.ts'
import type { Reply } from './exchange.ts'
import type { ManifestFile } from './manifest.ts'
import { type Attempt, persist } from './persist.ts'
import { retryAfterMs } from './retry-after.ts'
import { fileUrl, shownUrl } from './server-address.ts'
import { type BegunBody, isRestOf, keepBody, type WatchText, type WrittenBody, writeBody } from './write-body.ts'

/** A file of the manifest, with what is needed to fetch it. */
export type RemoteFile = ManifestFile & { readonly base: URL; readonly needsToken: boolean }

export interface FileTask {
  readonly connection: Connection
  readonly folder: string
  readonly file: PullFile
  readonly remote: RemoteFile
  /** Reads the manifest again: the same file under its newest URL, or undefined where it is not named any more. */
  refresh(): Promise<RemoteFile | undefined>
  readonly onText: WatchText
  /** The server asked to slow down. */
  onThrottle(): void
}

/** A file that is whole on disk. */
export interface DownloadedFile extends WrittenBody {
  readonly tries: number
  /** Its last line is no JSON, twice over: the server has it so. */
  readonly keptBroken: boolean
}

const hourMs = 3_600_000

/**
 * Downloads one file under its name, with another try for every fault of the line. Faults: `bulk/file-gone`,
 * `bulk/file-refused`, `bulk/count-differs` (twice the same content), `bulk/not-ndjson`, those of `writeBody`.
 */
export async function downloadFile(task: FileTask): Promise<DownloadedFile> {
  const { pace, server } = task.connection
  const until = pace.now() + 24 * hourMs
  const state: DownloadState = { remote: task.remote, refreshed: false, lastSha: undefined, begun: undefined }
  const persistence = {
    pace,
    attempts: server.attempts,
    leastMs: server.pollSeconds.least * 1000,
    mostMs: server.pollSeconds.most * 1000,
    until,
  }
  return persist<DownloadedFile>(persistence, async (tries) => {
    const url = fileUrl(state.remote.url, state.remote.base, server)
    const { begun } = state
    const reply = await fetchFollowing(task.connection, {
      method: 'GET',
      url,
      headers: { Accept: 'application/fhir+ndjson', ...rangeHeaders(begun) },
      silenceMs: server.stallSeconds * 1000,
      token: state.remote.needsToken,
    })
    state.begun = undefined
    if (reply.status === 416 || reply.status === 206) {
      if (begun !== undefined && isRestOf(reply, begun))
        return judgeBody(task, state, reply, await receive(task, state, reply, begun), tries)
      reply.body.destroy()
      // Its content is another now, or it is already all there was: from the beginning.
      return { again: otherRange(reply.url), afterMs: 0 }
    }
    // A server that gives everything anew has not kept this content, or takes no ranges after all.
    if (reply.status !== 200) return keepBegun(state, begun, await judgeStatus(task, state, reply))
    return judgeBody(task, state, reply, await receive(task, state, reply), tries)
  })
}

interface DownloadState {
  remote: RemoteFile
  refreshed: boolean
  lastSha: string | undefined
  /** What the last try left, where the server can give the rest. */
  begun: BegunBody | undefined
}

/** Parts of a compressed body are of no use by themselves: the rest is asked for as it was begun, plain. */
function rangeHeaders(begun: BegunBody | undefined): Readonly<Record<string, string>> {
  if (begun === undefined) return { 'Accept-Encoding': 'gzip' }
  return { 'Accept-Encoding': 'identity', Range: `bytes=${begun.bytes}-`, 'If-Range': begun.validator }
}

/** A server that asks to wait gives the rest another time. */
function keepBegun<T>(state: DownloadState, begun: BegunBody | undefined, attempt: Attempt<T>): Attempt<T> {
  state.begun = begun
  return attempt
}

type Received = WrittenBody | CaregapError

async function receive(task: FileTask, state: DownloadState, reply: Reply, begun?: BegunBody): Promise<Received> {
  const onCut = (left: BegunBody) => {
    state.begun = left
  }
  try {
    return await writeBody(reply, pathOf(task), { onText: task.onText, onCut }, begun)
  } catch (thrown) {
    if (thrown instanceof CaregapError && thrown.diagnostics[0]?.code === 'bulk/gzip-broken') return thrown
    throw thrown
  }
}

const pathOf = ({ folder, file }: FileTask): string => join(folder, file.name)

async function judgeBody(
  task: FileTask,
  state: DownloadState,
  reply: Reply,
  body: Received,
  tries: number,
): Promise<Attempt<DownloadedFile>> {
  if (body instanceof CaregapError) return { again: body }
  if (body.isMarkup || /^text\/html/i.test(headerOf(reply, 'content-type') ?? ''))
    return { again: notNdjson(reply.url) }
  const again = body.sha256 === state.lastSha
  state.lastSha = body.sha256
  const differs = differenceOf(state.remote, body)
  if (differs !== undefined) {
    const found = countDiffers(task, differs)
    if (again) throw found
    return { again: found }
  }
  if (body.endsBroken && !again) return { again: cutLine(reply.url) }
  await keepBody(pathOf(task))
  return { done: { ...body, tries, keptBroken: body.endsBroken } }
}

function differenceOf(remote: RemoteFile, body: WrittenBody): string | undefined {
  if (remote.count !== undefined && remote.count !== body.lines)
    return `the manifest declares ${remote.count} resources, the file has ${body.lines} lines`
  const sizes = [body.bytes, body.encodedBytes]
  if (remote.fileSize !== undefined && !sizes.includes(remote.fileSize))
    return `the manifest declares ${remote.fileSize} bytes, the file has ${body.bytes}`
  return undefined
}

async function judgeStatus(task: FileTask, state: DownloadState, reply: Reply): Promise<Attempt<DownloadedFile>> {
  const { pace } = task.connection
  const answer = await readAnswer(reply)
  if (answer.status === 429) task.onThrottle()
  if ([403, 404, 410].includes(answer.status)) {
    const fresh = state.refreshed ? undefined : await task.refresh()
    if (fresh === undefined) throw gone(reply.url, answer.status)
    state.refreshed = true
    state.remote = fresh
    return { again: gone(reply.url, answer.status), counts: false, afterMs: 0 }
  }
  const issue = issuesOf(answer.json)[0]?.code
  const refused = fault(
    'system',
    'bulk/file-refused',
    `${shownUrl(reply.url)} answered ${answer.status}${issue === undefined ? '' : ` (${issue})`}.`,
    { remedy: 'Run the same command again: only what is missing is fetched.' },
  )
  if (!isTransient(answer)) throw refused
  const afterMs = retryAfterMs(answer.header('retry-after'), pace.now(), answer.header('date'))
  return { again: refused, afterMs, counts: answer.status !== 429 }
}

const again = 'Run the same command again: only what is missing is fetched.'

function gone(url: URL, status: number) {
  return fault('system', 'bulk/file-gone', `${shownUrl(url)} answered ${status}: the file has expired at the server.`, {
    remedy: 'Run the same command again: a new export is asked for.',
  })
}

function otherRange(url: URL) {
  return fault('system', 'bulk/range-differs', `${shownUrl(url)} does not give the rest of what was begun.`, {
    remedy: again,
  })
}

function notNdjson(url: URL) {
  return fault('system', 'bulk/not-ndjson', `${shownUrl(url)} gave a page where resources are due.`, { remedy: again })
}

function cutLine(url: URL) {
  return fault('system', 'bulk/line-cut', `The last line of ${shownUrl(url)} is cut.`, { remedy: again })
}

function countDiffers({ file }: FileTask, differs: string) {
  return fault('system', 'bulk/count-differs', `Of ${file.name} ${differs}; it was not kept.`, {
    remedy: 'Run `caregap cancel` for this pull and pull anew; if it stays so, ask the operator of the server.',
  })
}
