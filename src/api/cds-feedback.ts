import type { Context } from 'hono'
import type { RequestScope } from '../access/index.ts'
import { type CdsService, readFeedback } from '../cards/index.ts'
import type { CdsDesk } from '../jobs/index.ts'
import { readChecked } from './cds-body.ts'

/** Keeps what clinicians did with cards of a service, and stays quiet about what they set aside. */
export async function answerFeedback(
  context: Context,
  scope: RequestScope,
  { memory }: CdsDesk,
  service: CdsService,
): Promise<Response> {
  const read = await readChecked(context, readFeedback)
  if (!read.ok) return read.response
  scope.read({ pids: [] })
  await memory.learn(service, read.value, scope.principal.userId)
  return context.body(null, 200)
}
