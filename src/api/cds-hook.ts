import type { Context } from 'hono'
import { addressOf, type RequestScope } from '../access/index.ts'
import { type CdsService, readHookRequest } from '../cards/index.ts'
import type { CdsDesk } from '../jobs/index.ts'
import { readChecked } from './cds-body.ts'
import { completePrefetch } from './cds-fetch.ts'
import { heldPatient } from './cds-stored.ts'
import { answerOutcome } from './fhir-answer.ts'

const evaluationExtension = 'dev.caregap.evaluation'

/** Answers one call of a service, or 503 where as many as are allowed wait already. */
export async function answerHook(
  context: Context,
  scope: RequestScope,
  desk: CdsDesk,
  service: CdsService,
): Promise<Response> {
  if (desk.calls >= desk.application.config.cds.mostCalls) {
    scope.read({ pids: [] })
    context.header('Retry-After', '1')
    return answerOutcome(context, 503, 'throttled', [tooMany])
  }
  desk.calls += 1
  try {
    return await answerCall(context, scope, desk, service)
  } finally {
    desk.calls -= 1
  }
}

const tooMany = {
  code: 'cards/too-many-calls',
  message: 'As many calls as this server takes at a time are under way; nothing was evaluated.',
  remedy: 'Call again in a moment.',
}

/** Cards with what was looked at, or why there are none. */
async function answerCall(
  context: Context,
  scope: RequestScope,
  desk: CdsDesk,
  service: CdsService,
): Promise<Response> {
  const { application, memory, turns } = desk
  const read = await readChecked(context, (body) => readHookRequest(body, service.hook.name))
  if (!read.ok) return read.response
  // The facts are the caller's own; whoever of those held here is looked up beside them is named there.
  scope.read({ pids: [] })
  const { request, remarks } = await completePrefetch(read.value, service.plan, application.config.cds)
  const held = await heldPatient(desk, service, scope, request, addressOf(context).origin)
  const site = scope.principal.userId
  const around = { site, ...held }
  const answer = await turns.take(() => service.answer(request, around))
  memory.keep(service, site, answer)
  if (answer.kind === 'refused') return answerOutcome(context, 400, 'invalid', answer.diagnostics)
  if (answer.kind === 'unmet') return answerOutcome(context, 412, 'incomplete', [...answer.diagnostics, ...remarks])
  return context.json({ cards: answer.cards, extension: { [evaluationExtension]: answer.evaluation } })
}
