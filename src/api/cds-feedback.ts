import type { Context } from 'hono'
import type { RequestScope } from '../access/index.ts'
import { type CdsService, type FeedbackEntry, readFeedback } from '../cards/index.ts'
import { type FeedbackRow, insertFeedback } from '../store/index.ts'
import { readChecked } from './cds-body.ts'
import type { CdsDesk } from './cds-hook.ts'

/** Keeps what clinicians did with cards of a service, and stays quiet about what they set aside. */
export async function answerFeedback(
  context: Context,
  scope: RequestScope,
  { application, memory }: CdsDesk,
  service: CdsService,
): Promise<Response> {
  const read = await readChecked(context, readFeedback)
  if (!read.ok) return read.response
  scope.read({ pids: [] })
  const receivedAt = application.clock.now().toISOString()
  const rows = read.value.map((entry) => feedbackRow(entry, receivedAt, scope.principal.userId, service.id))
  await insertFeedback(application.store.session, rows)
  await memory.learn(service, read.value, receivedAt)
  return context.body(null, 200)
}

function feedbackRow(entry: FeedbackEntry, receivedAt: string, userId: string, serviceId: string): FeedbackRow {
  return {
    receivedAt,
    serviceId,
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
