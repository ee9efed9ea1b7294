import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { addressOf, type RequestScope } from '../access/index.ts'
import { CaregapError, type Progress } from '../base/index.ts'
import type { Resource } from '../fhir/index.ts'
import { type Application, answerDeskOf, type MadeReport } from '../jobs/index.ts'
import { answerFile, answerManifest, bulkAnswer, isBulkAnswer } from './bulk-answer.ts'
import { answerOutcome, answerResource } from './fhir-answer.ts'
import { refusalOf } from './report-faults.ts'

/** True where the caller asks for the answer to be made while it does not wait (`Prefer: respond-async`). */
export function wantsToComeBack(context: Context): boolean {
  const preferences = (context.req.header('prefer') ?? '').split(/[,;]/)
  return preferences.some((preference) => preference.trim().toLowerCase() === 'respond-async')
}

/** What an answer is fetched as: one Bundle, or a manifest of files of NDJSON. */
export type AnswerForm = 'bundle' | 'ndjson'

/** 202 with the place where the answer will be (FHIR's asynchronous request pattern). */
export async function answerLater(
  context: Context,
  scope: RequestScope,
  application: Application,
  measureId: string | undefined,
  work: (application: Application, progress: Progress) => Promise<MadeReport>,
  form: AnswerForm = 'bundle',
): Promise<Response> {
  const asked = { transactionTime: application.clock.now().toISOString(), request: addressOf(context).href }
  try {
    const { userId } = scope.principal
    const id = await answerDeskOf(application).begin(userId, measureId ?? null, async (own, progress) => {
      try {
        const { report, pids } = await work(own, progress)
        return {
          state: 'done',
          status: 200,
          body: form === 'ndjson' ? bulkAnswer(report, asked) : answerBundle(report),
          pids,
        }
      } catch (thrown) {
        const refusal = refusalOf(thrown)
        if (refusal === undefined || isGivenUp(thrown)) throw thrown
        return { state: 'failed', status: refusal.status, body: refusal.outcome, pids: [] }
      }
    })
    scope.read({ pids: [], ...(measureId === undefined ? {} : { measureId }) })
    context.header('Content-Location', new URL(`/fhir/async/${id}`, addressOf(context)).href)
    return context.body(null, 202)
  } catch (thrown) {
    if (!(thrown instanceof CaregapError) || thrown.diagnostics[0]?.code !== 'jobs/too-many-answers') throw thrown
    context.header('Retry-After', '30')
    return answerOutcome(context, 429, 'throttled', thrown.diagnostics)
  }
}

const isGivenUp = (thrown: unknown): boolean =>
  thrown instanceof CaregapError && thrown.diagnostics[0]?.code === 'jobs/answer-cancelled'

function answerBundle(resource: Resource): Resource {
  return { resourceType: 'Bundle', type: 'batch-response', entry: [{ resource, response: { status: '200' } }] }
}

/**
 * `GET /fhir/async/{id}`: 202 with the progress, the answer (or the manifest of its files), why there is none, or 404 where
 * it is not there (any more).
 */
export async function readAnswer(context: Context, scope: RequestScope, application: Application): Promise<Response> {
  const answer = await answerDeskOf(application).read(context.req.param('id') ?? '', scope.principal)
  if (answer === undefined) return noAnswer(context)
  const measure = answer.measureId === null ? {} : { measureId: answer.measureId }
  if (answer.state === 'interrupted') {
    return answerOutcome(context, 410, 'transient', [
      {
        code: 'api/answer-interrupted',
        message: 'The server was restarted before the answer was ready, and will not go on with it.',
        remedy: 'Send the request again.',
      },
    ])
  }
  scope.read({ pids: answer.pids ?? [], ...measure })
  if (answer.state === 'running') {
    context.header('X-Progress', answer.progress)
    context.header('Retry-After', '2')
    return context.body(null, 202)
  }
  context.header('Expires', new Date(answer.expiresAt).toUTCString())
  const body = JSON.parse(answer.body ?? '{}') as Resource
  if (isBulkAnswer(body)) {
    return answerManifest(context, body, new URL(`/fhir/async/${answer.answerId}`, addressOf(context)).href)
  }
  return answerResource(context, body, (answer.status ?? 500) as ContentfulStatusCode)
}

/** `GET /fhir/async/{id}/{file}`: a file that the manifest of an answer lists. */
export async function readAnswerFile(
  context: Context,
  scope: RequestScope,
  application: Application,
): Promise<Response> {
  const answer = await answerDeskOf(application).read(context.req.param('id') ?? '', scope.principal)
  const body = answer?.state === 'done' ? (JSON.parse(answer.body ?? '{}') as Resource) : undefined
  if (answer === undefined || body === undefined || !isBulkAnswer(body)) return noAnswer(context)
  const file = answerFile(context, body, context.req.param('file') ?? '')
  if (file === undefined) return noAnswer(context)
  scope.read({ pids: answer.pids ?? [], ...(answer.measureId === null ? {} : { measureId: answer.measureId }) })
  return file
}

/** `DELETE /fhir/async/{id}`: what is being made ends, what is ready is taken away. */
export async function giveUpAnswer(context: Context, scope: RequestScope, application: Application): Promise<Response> {
  const desk = answerDeskOf(application)
  const answer = await desk.read(context.req.param('id') ?? '', scope.principal)
  if (answer === undefined) return noAnswer(context)
  await desk.cancel(answer.answerId)
  scope.read({ pids: [] })
  return context.body(null, 202)
}

const noAnswer = (context: Context) =>
  answerOutcome(context, 404, 'not-found', [
    {
      code: 'api/no-answer',
      message: 'There is no such answer here: it was given up, has expired, or was never asked for.',
      remedy: 'Send the request again.',
    },
  ])
