import { type CaregapError, fault } from '../base/index.ts'
import { type Answer, answerFault, issuesOf, isTransient, oneLine } from './answer.ts'
import { ask, type Connection } from './connection.ts'
import { joinPages, type Manifest, type ManifestPage, manifestFault, readManifestPage } from './manifest.ts'
import { type Attempt, persist } from './persist.ts'
import { clampMs, retryAfterMs } from './retry-after.ts'
import { ownUrl, shownUrl } from './server-address.ts'

const dayMs = 86_400_000
/** Failures in a row while a job runs: with backoff up to ten minutes this bridges some hours of an outage. */
const statusAttempts = 30
const mostBrokenManifests = 3
const mostPages = 10_000

/**
 * Waits for an export and gives its whole manifest. Faults: `bulk/job-gone` (404, 410: a new export is needed),
 * `bulk/job-failed`, `bulk/job-too-long`, `bulk/manifest-broken`, those of the connection.
 */
export async function pollStatus(
  connection: Connection,
  statusUrl: URL,
  onProgress: (text: string) => Promise<void>,
): Promise<Manifest> {
  const pages: ManifestPage[] = []
  let url: URL | undefined = statusUrl
  while (url !== undefined) {
    if (pages.length >= mostPages) throw manifestFault(statusUrl, connection.server)
    const page: ManifestPage = await pollPage(connection, url, pages.length, onProgress)
    pages.push(page)
    url = page.next === undefined ? undefined : ownUrl(new URL(page.next, url).href, connection.server)
  }
  return joinPages(pages)
}

async function pollPage(
  connection: Connection,
  url: URL,
  page: number,
  onProgress: (text: string) => Promise<void>,
): Promise<ManifestPage> {
  const { server, pace } = connection
  const mostMs = server.pollSeconds.most * 1000
  // A server that once asked to slow down gets fewer questions for the rest of the job.
  let leastMs = server.pollSeconds.least * 1000
  let broken = 0
  let polls = 0
  const until = pace.now() + server.jobDays * dayMs
  const persistence = { pace, attempts: statusAttempts, leastMs, mostMs, until }
  return persist<ManifestPage>(persistence, async () => {
    polls++
    const answer = await ask(connection, { method: 'GET', url, headers: { Accept: 'application/json' } })
    if (answer.status === 200) {
      const manifest = readManifestPage(answer.json, url, page)
      if (manifest !== undefined) return { done: manifest }
      if (++broken >= mostBrokenManifests) throw manifestFault(url, server)
      return { again: manifestFault(url, server), afterMs: leastMs }
    }
    const asked = retryAfterMs(answer.header('retry-after'), pace.now(), answer.header('date'))
    if (answer.status === 202) {
      await onProgress(oneLine(answer.header('x-progress') ?? '', 100))
      const stepMs = Math.min(leastMs * 1.5 ** Math.min(polls, 20), 60_000)
      return { again: tooLong(url), afterMs: clampMs(asked ?? stepMs, leastMs, mostMs), counts: false }
    }
    if (answer.status === 429) {
      leastMs = Math.min(leastMs * 2, 60_000)
      return { again: failedJob(answer), afterMs: clampMs(asked ?? leastMs, leastMs, mostMs), counts: false }
    }
    return judgeFailure(answer, asked)
  })
}

function judgeFailure<T>(answer: Answer, asked: number | undefined): Attempt<T> {
  if (answer.status === 404 || answer.status === 410) throw goneJob(answer)
  const stated = issuesOf(answer.json).length > 0 && ![502, 503, 504].includes(answer.status)
  if (stated ? !saysTransient(answer) : !isTransient(answer)) throw failedJob(answer)
  return { again: failedJob(answer), afterMs: asked }
}

/** An OperationOutcome decides over the status: only its issue codes say whether to go on. */
const saysTransient = (answer: Answer): boolean => isTransient({ status: 400, json: answer.json })

function goneJob(answer: Answer): CaregapError {
  return answerFault(
    'system',
    'bulk/job-gone',
    'The server no longer knows the export',
    answer,
    'Run `caregap retry` for it: a new export is asked for.',
  )
}

function failedJob(answer: Answer): CaregapError {
  return answerFault(
    'system',
    'bulk/job-failed',
    'The export failed at the server',
    answer,
    'Run `caregap retry` for it, or ask the operator of the server.',
  )
}

function tooLong(url: URL): CaregapError {
  return fault('system', 'bulk/job-too-long', `${shownUrl(url)} has not finished within jobDays.`, {
    remedy: 'Run the same command again to go on waiting, or `caregap cancel` it.',
  })
}
