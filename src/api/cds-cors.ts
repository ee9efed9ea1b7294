import type { Context, MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'

const exposed = ['X-Request-Id']

/** Browser-based EHRs call with a token, never with cookies: the origin is reflected, credentials are not allowed. */
const preflight = cors({
  origin: (origin) => origin,
  allowMethods: ['GET', 'POST', 'OPTIONS'],
  allowHeaders: ['Authorization', 'Content-Type', 'Accept'],
  exposeHeaders: exposed,
  maxAge: 600,
})

/**
 * What lets browsers of other origins call services and read what they answer, refusals too. Headers are put on the
 * answer that is there: hono's own middleware makes one before and copies the other into it, as a stream.
 */
export const corsOfCds: MiddlewareHandler = async (context, next) => {
  if (context.req.method === 'OPTIONS') return preflight(context, next)
  await next()
  letRead(context)
}

function letRead(context: Context): void {
  const { headers } = context.res
  const origin = context.req.header('origin')
  if (origin !== undefined && origin !== '') headers.set('Access-Control-Allow-Origin', origin)
  headers.set('Access-Control-Expose-Headers', exposed.join())
  headers.append('Vary', 'Origin')
}
