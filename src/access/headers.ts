import type { Context, MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'

/**
 * Headers of every answer. Scripts and styles only from this server and never inline, no request to
 * anywhere else, no framing but by those whom `allowFraming` names. The referrer stays within the origin: browsers
 * then still send `Origin` on our own forms, which the cross-site check reads.
 */
export const securityHeaders: MiddlewareHandler = async (context, next) => {
  await strictHeaders(context, next)
  const origins = framers.get(context.req.raw) ?? []
  const policy = context.res.headers.get('Content-Security-Policy')
  if (origins.length === 0 || policy === null) return
  const framed = policy.replace(/frame-ancestors [^;]*/, `frame-ancestors ${origins.join(' ')}`)
  context.res.headers.set('Content-Security-Policy', framed)
  context.res.headers.delete('X-Frame-Options')
}

const framers = new WeakMap<Request, readonly string[]>()

/** Lets pages of these origins show the answer in a frame; none where there are none. */
export function allowFraming(context: Context, origins: readonly string[]): void {
  framers.set(context.req.raw, origins)
}

const strictHeaders: MiddlewareHandler = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    manifestSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  referrerPolicy: 'same-origin',
  xFrameOptions: 'DENY',
  // Whoever ends TLS in front of this server decides on HSTS.
  strictTransportSecurity: false,
})
