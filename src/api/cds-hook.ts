import type { Context } from 'hono'
import { personFilter, type RequestScope } from '../access/index.ts'
import { CaregapError } from '../base/index.ts'
import { type CdsService, type HookRequest, type Link, readHookRequest } from '../cards/index.ts'
import type { Resource } from '../fhir/index.ts'
import type { Application } from '../jobs/index.ts'
import { readChecked } from './cds-body.ts'
import { answerOutcome } from './fhir-answer.ts'
import { knownPid } from './person-link.ts'

export const evaluationExtension = 'dev.caregap.evaluation'

/** Answers one call of a service: cards with what was looked at, or why there are none. */
export async function answerHook(
  context: Context,
  scope: RequestScope,
  application: Application,
  service: CdsService,
): Promise<Response> {
  const read = await readChecked(context, (body) => readHookRequest(body, service.hook.name))
  if (!read.ok) return read.response
  // The facts are the caller's own; of what is stored, only the person that a card links to is looked up.
  scope.read({ pids: [] })
  const request = read.value
  const links = () => linksOf(context, scope, application, request)
  const answer = await service.answer(request, { site: scope.principal.userId, links })
  if (answer.kind === 'refused') return answerOutcome(context, 400, 'invalid', answer.diagnostics)
  if (answer.kind === 'unmet') return answerOutcome(context, 412, 'incomplete', answer.diagnostics)
  return context.json({ cards: answer.cards, extension: { [evaluationExtension]: answer.evaluation } })
}

async function linksOf(
  context: Context,
  scope: RequestScope,
  application: Application,
  request: HookRequest,
): Promise<readonly Link[]> {
  const page = await pageOf(context, scope, application, request)
  return page === undefined ? [] : [{ label: 'Open in caregap', url: page, type: 'absolute' }]
}

/** The page of the patient, where we hold them for sure. A card without a link is better than none: faults are logged. */
async function pageOf(
  context: Context,
  scope: RequestScope,
  application: Application,
  { fhirServer, patientId, prefetch }: HookRequest,
): Promise<string | undefined> {
  const patient = prefetch.get('patient') as Resource | undefined
  if (fhirServer === undefined || patient === undefined) return undefined
  try {
    const named = { fhirServer, patientId, birthDate: patient['birthDate'], gender: patient['gender'] }
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
