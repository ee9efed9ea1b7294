import { CaregapError } from '../base/index.ts'
import { type Answer, answerFault, isTransient } from './answer.ts'
import { ask, type Connection, type ServerRequest } from './connection.ts'
import { type ExportParameters, exportUrl, getUrl, postBody } from './export-request.ts'
import { type Attempt, isConnectionFault, persist } from './persist.ts'
import { retryAfterMs } from './retry-after.ts'
import { ownUrl } from './server-address.ts'

/** An export that the server has begun. */
export interface StartedExport {
  readonly statusUrl: URL
  /** The server's clock when it began, where it says so. */
  readonly serverDate: string | undefined
}

/** What the ledger is told before and after each request: its outcome may never be known. */
export interface KickOffRecord {
  beforeRequest(): Promise<void>
  /** The connection broke after the request was sent: the server may be exporting for nobody. Where it is found, its status. */
  outcomeUnknown(): Promise<URL | undefined>
  /** The server refuses a parameter that only adds to the export, and it is left out. */
  leftOut(parameter: string): Promise<void>
  readonly onWait: (reason: string) => void
}

const dayMs = 86_400_000
const addition = 'includeAssociatedData'
const isAddition = ([name]: ExportParameters[number]): boolean => name === addition
const refusesParameter = [400, 422, 501]

/**
 * Asks for an export. Waits as long as the server says that another one runs. Faults: `bulk/kick-off-refused` with
 * what the server said; `bulk/kick-off-answer` where it accepts without saying where the status is.
 */
export async function kickOff(
  connection: Connection,
  parameters: ExportParameters,
  record: KickOffRecord,
): Promise<StartedExport> {
  const { server, pace } = connection
  let { method } = server
  let asked = parameters
  const until = pace.now() + server.jobDays * dayMs
  const persistence = {
    pace,
    attempts: server.attempts,
    leastMs: server.pollSeconds.least * 1000,
    mostMs: server.pollSeconds.most * 1000,
    until,
  }
  return persist<StartedExport>(persistence, async () => {
    await record.beforeRequest()
    const answer = await sendOnce(connection, kickOffRequest(connection, method, asked), record)
    if ('statusUrl' in answer) return { done: answer }
    if (answer.status === 202) return { done: startedExport(connection, answer) }
    // By GET patients cannot be named: it would be an export of everybody.
    if (method === 'POST' && [404, 405, 501].includes(answer.status) && server.patients === undefined) {
      method = 'GET'
      return { again: refused(answer), afterMs: 0, counts: false }
    }
    if (isTransient(answer)) return busy(connection, answer, record)
    // It only adds resources: without it nothing of what is asked for else is lost.
    if (server.lenient && refusesParameter.includes(answer.status) && asked.some(isAddition)) {
      asked = asked.filter((one) => !isAddition(one))
      await record.leftOut(addition)
      return { again: refused(answer), afterMs: 0, counts: false }
    }
    throw refused(answer)
  })
}

async function sendOnce(
  connection: Connection,
  request: ServerRequest,
  record: KickOffRecord,
): Promise<Answer | StartedExport> {
  try {
    return await ask(connection, request)
  } catch (thrown) {
    if (!(thrown instanceof CaregapError) || !isConnectionFault(thrown)) throw thrown
    const statusUrl = await record.outcomeUnknown()
    if (statusUrl === undefined) throw thrown
    return { statusUrl, serverDate: undefined }
  }
}

function kickOffRequest({ server }: Connection, method: 'GET' | 'POST', parameters: ExportParameters): ServerRequest {
  const headers = {
    Accept: 'application/fhir+json',
    Prefer: server.lenient ? 'respond-async, handling=lenient' : 'respond-async',
  }
  if (method === 'GET') return { method, url: getUrl(server, parameters), headers, alone: true }
  return {
    method,
    url: exportUrl(server),
    headers: { ...headers, 'Content-Type': 'application/fhir+json' },
    body: postBody(server, parameters),
    alone: true,
  }
}

function startedExport({ server }: Connection, answer: Answer): StartedExport {
  const location = answer.header('content-location')
  if (location !== undefined) return { statusUrl: ownUrl(location, server), serverDate: answer.header('date') }
  throw answerFault(
    'system',
    'bulk/kick-off-answer',
    'The server began an export and did not say where its status is',
    answer,
    'Report it to the operator of the server.',
  )
}

function busy<T>({ pace }: Connection, answer: Answer, record: KickOffRecord): Attempt<T> {
  record.onWait(`the server answered ${answer.status} to the kick-off`)
  return {
    again: answerFault(
      'system',
      'bulk/kick-off-busy',
      'No export could be begun',
      answer,
      'Run the same command later.',
    ),
    afterMs: retryAfterMs(answer.header('retry-after'), pace.now(), answer.header('date')),
    counts: answer.status !== 429,
  }
}

function refused(answer: Answer): CaregapError {
  const tooMuch = answer.status === 413 || /too many files/i.test(answer.text.slice(0, 2000))
  const remedy = tooMuch
    ? 'Ask for fewer types at once: part them over several sources with types.'
    : 'Check level, group, types and typeFilters of the source; lenient lets the server leave out what it cannot do.'
  return answerFault('input', 'bulk/kick-off-refused', 'The export is refused', answer, remedy)
}
