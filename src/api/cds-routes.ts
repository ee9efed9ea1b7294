import type { Context } from 'hono'
import { type AccessRule, personFilter, type RequestScope, type Route } from '../access/index.ts'
import { CaregapError, type Diagnostic, type Result } from '../base/index.ts'
import {
  type CareGapService,
  createCareGapService,
  discoveryOf,
  type FeedbackEntry,
  type HookRequest,
  patientViewId,
  readFeedback,
  readHookRequest,
} from '../cards/index.ts'
import type { Resource } from '../fhir/index.ts'
import type { Application } from '../jobs/index.ts'
import { type FeedbackRow, insertFeedback } from '../store/index.ts'
import { acceptsJson, answerOutcome } from './fhir-answer.ts'
import { readJsonBody } from './json-body.ts'
import { knownPid } from './person-link.ts'

const evaluationExtension = 'dev.caregap.evaluation'

const rule: AccessRule = { kind: 'patient', roles: ['admin', 'quality', 'clinician'], action: 'cds-hooks' }

/** Discovery, the patient-view service and its feedback (CDS Hooks 2.0.1). */
export function cdsRoutes(application: Application): readonly Route[] {
  const service = createCareGapService(application, { timeZone: application.config.timeZone })
  for (const { code, message } of service.refusedOrders)
    application.logger.log('warn', 'order-refused', { code, message })
  void service.warm()
  const discovery = discoveryOf(
    service,
    application.measures.map(({ title }) => title),
  )
  const base = `/cds-services/${patientViewId}`
  return [
    { method: 'GET', path: '/cds-services', rule: { kind: 'public' }, handle: (context) => context.json(discovery) },
    {
      method: 'POST',
      path: base,
      rule,
      crossOrigin: true,
      handle: (context, scope) => answerHook(context, scope, application, service),
    },
    {
      method: 'POST',
      path: `${base}/feedback`,
      rule,
      crossOrigin: true,
      handle: (context, scope) => answerFeedback(context, scope, application),
    },
  ]
}

async function answerHook(
  context: Context,
  scope: RequestScope,
  application: Application,
  service: CareGapService,
): Promise<Response> {
  const read = await readChecked(context, (body) => readHookRequest(body, 'patient-view'))
  if (!read.ok) return read.response
  // The facts are the caller's own; of what is stored, only the person that a card links to is looked up.
  scope.read({ pids: [] })
  const answer = await service.answer(read.value, (patient) => pageOf(context, scope, application, read.value, patient))
  if (answer.kind === 'refused') return answerOutcome(context, 400, 'invalid', answer.diagnostics)
  if (answer.kind === 'unmet') return answerOutcome(context, 412, 'incomplete', answer.diagnostics)
  return context.json({ cards: answer.cards, extension: { [evaluationExtension]: answer.evaluation } })
}

/** The page of the patient, where we hold them for sure. A card without a link is better than none: faults are logged. */
async function pageOf(
  context: Context,
  scope: RequestScope,
  application: Application,
  { fhirServer, patientId }: HookRequest,
  { birthDate, gender }: Resource,
): Promise<string | undefined> {
  if (fhirServer === undefined) return undefined
  try {
    const named = { fhirServer, patientId, birthDate, gender }
    const pid = await knownPid(application, named, personFilter(scope.principal))
    if (pid === undefined) return undefined
    scope.read({ pids: [pid] })
    return new URL(`/people/${pid}`, context.req.url).href
  } catch (thrown) {
    const code = thrown instanceof CaregapError ? (thrown.diagnostics[0]?.code ?? '') : 'unexpected'
    application.logger.log('error', 'person-link-failed', { requestId: scope.requestId, code })
    return undefined
  }
}

async function answerFeedback(context: Context, scope: RequestScope, application: Application): Promise<Response> {
  const read = await readChecked(context, readFeedback)
  if (!read.ok) return read.response
  scope.read({ pids: [] })
  const receivedAt = application.clock.now().toISOString()
  const rows = read.value.map((entry) => feedbackRow(entry, receivedAt, scope.principal.userId))
  await insertFeedback(application.store.session, rows)
  return context.body(null, 200)
}

function feedbackRow(entry: FeedbackEntry, receivedAt: string, userId: string): FeedbackRow {
  return {
    receivedAt,
    serviceId: patientViewId,
    userId,
    card: entry.card,
    outcome: entry.outcome,
    outcomeTimestamp: entry.outcomeTimestamp,
    suggestions: entry.suggestions,
    reasonSystem: entry.reason?.system ?? null,
    reasonCode: entry.reason?.code ?? null,
    reasonDisplay: entry.reason?.display ?? null,
    comment: entry.comment ?? null,
  }
}

const fail = (response: Response) => ({ ok: false, response }) as const

type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly response: Response }

/** Accept, media type, size, JSON and content, in this order; the first that fails is the answer. */
async function readChecked<T>(context: Context, check: (body: unknown) => Result<T>): Promise<Checked<T>> {
  if (!acceptsJson(context)) return fail(answerOutcome(context, 406, 'not-supported', [onlyJson]))
  const body = await readJsonBody(context.req.raw)
  if (!body.ok) {
    const diagnostic = { code: 'api/body-refused', message: body.message, remedy: body.remedy }
    // What is left of the body is not read, so the connection cannot serve another request.
    if (body.status === 413) context.header('Connection', 'close')
    return fail(answerOutcome(context, body.status, body.status === 413 ? 'too-long' : 'structure', [diagnostic]))
  }
  const checked = check(body.value)
  if (!checked.ok) return fail(answerOutcome(context, 400, 'invalid', checked.diagnostics))
  return { ok: true, value: checked.value }
}

const onlyJson: Pick<Diagnostic, 'code' | 'message' | 'remedy'> = {
  code: 'api/only-json',
  message: 'This server answers in JSON only.',
  remedy: 'Send Accept: application/json.',
}
