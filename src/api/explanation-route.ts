import type { Context } from 'hono'
import { z } from 'zod'
import { type AccessRule, personFilter, type RequestScope, type Route } from '../access/index.ts'
import { CaregapError, fault } from '../base/index.ts'
import { type Explanation, explanationSchema, explanationText } from '../gaps/index.ts'
import { type Application, explainPerson } from '../jobs/index.ts'
import { readPersonHeader } from '../store/index.ts'
import { answerOutcome } from './fhir-answer.ts'
import { tagged, taggedJson } from './json-answer.ts'
import { wrongField } from './wrong-field.ts'

const rule: AccessRule = { kind: 'patient', roles: ['admin', 'quality', 'clinician'], action: 'explain-person' }

const key = z.coerce.number().int().positive().max(2_147_483_647)
const asked = z.strictObject({
  run: key,
  pid: key,
  measure: z.string().max(200),
  define: z.string().max(400).optional(),
  format: z.enum(['json', 'text']).default('json'),
})

/**
 * `GET /api/runs/{run}/persons/{pid}/measures/{measure}/explanation`: why a run says of a person what it says, as
 * `caregap explain` tells it; `format=text` for reading. Where it does not come to what the run stored: 409, with an
 * OperationOutcome that names what differs.
 */
export function explanationRoutes(application: Application): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/api/runs/:run/persons/:pid/measures/:measure/explanation',
      rule,
      handle: (context, scope) => answerExplanation(context, scope, application),
    },
  ]
}

const statuses: Readonly<Record<string, 404 | 409>> = {
  'jobs/no-run': 404,
  'jobs/not-in-run': 404,
  'jobs/no-person': 404,
  'jobs/other-logic': 409,
  'jobs/other-maps': 409,
  'jobs/snapshot-unknown': 409,
  'jobs/explanation-differs': 409,
}

async function answerExplanation(context: Context, scope: RequestScope, application: Application): Promise<Response> {
  try {
    return await explain(context, scope, application)
  } catch (thrown) {
    const diagnostics = thrown instanceof CaregapError ? thrown.diagnostics : []
    const status = statuses[diagnostics[0]?.code ?? '']
    if (status === undefined) throw thrown
    if (diagnostics[0]?.code === 'jobs/explanation-differs')
      application.logger.log('error', 'explanation-differs', {
        requestId: scope.requestId,
        differences: diagnostics.length,
      })
    return answerOutcome(context, status, status === 404 ? 'not-found' : 'conflict', diagnostics)
  }
}

async function explain(context: Context, scope: RequestScope, application: Application): Promise<Response> {
  const { run, pid, measure, define, format } = parse(context)
  const { session } = application.store
  const today = application.clock.now().toISOString().slice(0, 10)
  const visible = await readPersonHeader(session, pid, today, personFilter(scope.principal))
  if (visible === undefined) throw noPerson()
  scope.read({ pids: [pid], measureId: measure })
  const explanation = await explainPerson(application, { runId: run, pid, measureId: measure })
  if (format === 'json') return taggedJson(context, explanationSchema.parse(onlyNamed(explanation, define)))
  const text = explanationText(explanation, define)
  if (text === undefined) throw noDefine()
  return tagged(context, `${text}\n`, { 'Content-Type': 'text/plain; charset=UTF-8' })
}

function parse(context: Context) {
  const { run, pid, measure } = context.req.param() as Record<string, string>
  const parsed = asked.safeParse({ run, pid, measure, ...context.req.query() })
  if (parsed.success) return parsed.data
  const { name: element } = wrongField(parsed.error.issues[0])
  if (element === 'pid') throw noPerson()
  throw fault('usage', 'api/invalid-query', `The parameter ${element} is not valid.`, { place: { element } })
}

function onlyNamed(explanation: Explanation, define: string | undefined): Explanation {
  if (define === undefined) return explanation
  const defines = explanation.defines.filter(({ library, name }) => define === name || define === `${library}.${name}`)
  if (defines.length === 0) throw noDefine()
  return { ...explanation, defines }
}

const noPerson = () => fault('usage', 'jobs/no-person', 'There is no such person here.', { place: { element: 'pid' } })

const noDefine = () =>
  fault('usage', 'api/invalid-query', 'The measure reads no define of that name.', { place: { element: 'define' } })
