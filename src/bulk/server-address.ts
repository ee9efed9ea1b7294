import { type BulkServer, type CaregapError, fault } from '../base/index.ts'

const loopbackHosts = ['localhost', '127.0.0.1', '[::1]']

/** A URL as it may be shown: without its query, which may be a signature. */
export function shownUrl(url: URL): string {
  return `${url.origin}${url.pathname}`
}

/** The FHIR base with its last slash. */
export function baseOf(server: BulkServer): URL {
  const base = new URL(server.baseUrl)
  if (!base.pathname.endsWith('/')) base.pathname += '/'
  return base
}

/** A URL that requests may go to: https, or plain http to this machine where that is switched on. */
export function checkTransport(url: URL, server: BulkServer): URL {
  if (url.protocol === 'https:') return url
  if (url.protocol === 'http:' && server.plainLoopback && loopbackHosts.includes(url.hostname)) return url
  throw fault('input', 'bulk/insecure-url', `Requests may not go unencrypted to ${shownUrl(url)}.`, {
    remedy: 'Use https. For a server on this machine only, set plainLoopback.',
  })
}

/** A URL that the server gave as its own (the status of a job): it must be of the base's origin, for it gets the token. */
export function ownUrl(text: string, server: BulkServer): URL {
  const base = baseOf(server)
  const url = parse(text, base)
  if (url.origin === base.origin) return checkTransport(url, server)
  throw foreign(
    url,
    'The server names a job on another origin',
    'Set baseUrl to the origin that the server itself uses.',
  )
}

/** Where a file of a manifest is: absolute unless allowed, and of the base's origin or of one that is allowed. */
export function fileUrl(text: string, manifest: URL, server: BulkServer): URL {
  if (!/^[a-z][a-z0-9+.-]*:/i.test(text) && !server.relativeUrls) {
    throw fault('input', 'bulk/relative-url', 'The manifest names a file by a relative URL.', {
      remedy: 'If the server is known to do so, set relativeUrls.',
    })
  }
  return allowedUrl(parse(text, manifest), server, 'The manifest names a file on another origin')
}

/** Where a redirect leads, under the same rule. */
export function redirectUrl(text: string, from: URL, server: BulkServer): URL {
  return allowedUrl(parse(text, from), server, 'The server redirects to another origin')
}

/** True where the token may be sent: to the base's origin only. */
export function mayHaveToken(url: URL, server: BulkServer): boolean {
  return url.origin === baseOf(server).origin
}

function allowedUrl(url: URL, server: BulkServer, message: string): URL {
  const allowed = [baseOf(server).origin, ...server.fileOrigins.map((origin) => new URL(origin).origin)]
  if (allowed.includes(url.origin)) return checkTransport(url, server)
  throw foreign(
    url,
    message,
    `If it is the server's own storage, add ${url.origin} to fileOrigins; it never gets the token.`,
  )
}

function foreign(url: URL, message: string, remedy: string): CaregapError {
  return fault('input', 'bulk/foreign-origin', `${message}: ${url.origin}.`, { remedy })
}

function parse(text: string, base: URL): URL {
  const url = URL.canParse(text, base.href) ? new URL(text, base) : undefined
  if (url !== undefined) return url
  throw fault('input', 'bulk/broken-url', 'The server gave a URL that is none.', {
    remedy: 'Report it to the operator of the server.',
  })
}
