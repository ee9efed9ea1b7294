import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import type { RequestScope } from '../access/index.ts'
import { CaregapError } from '../base/index.ts'

const notFoundCodes = new Set(['api/no-run', 'api/no-measure', 'api/no-person', 'jobs/no-run'])

/** The answer as JSON with its tag; what does not exist is 404, any other fault is for whoever mounted the route. */
export const answerJson = (context: Context, scope: RequestScope, answer: () => Promise<unknown>): Promise<Response> =>
  answerFound(context, scope, async () => taggedJson(context, await answer()))

/** The answer as it is made; what does not exist is 404, any other fault is for whoever mounted the route. */
export async function answerFound(
  context: Context,
  scope: RequestScope,
  answer: () => Promise<Response>,
): Promise<Response> {
  try {
    return await answer()
  } catch (thrown) {
    const diagnostic = thrown instanceof CaregapError ? thrown.diagnostics[0] : undefined
    if (diagnostic === undefined || !notFoundCodes.has(diagnostic.code)) throw thrown
    const { code, message, remedy } = diagnostic
    return context.json({ error: message, requestId: scope.requestId, diagnostics: [{ code, message, remedy }] }, 404)
  }
}

/** JSON with its tag. */
export const taggedJson = (context: Context, value: unknown): Response =>
  tagged(context, JSON.stringify(value), { 'Content-Type': 'application/json' })

/** A body with a strong tag of its bytes; whoever has them already gets 304. The reading was audited either way. */
export function tagged(
  context: Context,
  body: string | Uint8Array<ArrayBuffer>,
  told: Readonly<Record<string, string>>,
): Response {
  const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 32)}"`
  const headers = { ETag: etag, 'Cache-Control': 'private, no-cache', Vary: 'Authorization, Accept' }
  const known = (context.req.header('If-None-Match') ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  if (known.includes(etag) || known.includes('*')) return context.body(null, 304, headers)
  return context.body(body, 200, { ...headers, ...told })
}
