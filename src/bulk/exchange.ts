import { type IncomingHttpHeaders, type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http'
import { Agent as TlsAgent, request as tlsRequest } from 'node:https'
import { type CaregapError, fault, messageOf } from '../base/index.ts'
import type { ClientTls } from './client-tls.ts'
import { shownUrl } from './server-address.ts'

export interface Exchange {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Longest silence of the server, before and within the answer. */
  readonly silenceMs: number
  /** A connection of its own: for requests that must not meet one which the server is just closing. */
  readonly alone?: boolean
  readonly signal?: AbortSignal
  /** For the source's own server: never for storage elsewhere. */
  readonly tls?: ClientTls | undefined
}

/** An answer whose body is still to be read. Redirects are not followed, nothing is uncompressed. */
export interface Reply {
  readonly url: URL
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: IncomingMessage
}

const agents = { plain: new PlainAgent({ keepAlive: true }), tls: new TlsAgent({ keepAlive: true }) }

/**
 * One HTTP request. node:http is used because fetch uncompresses by itself, and takes a gzip body that is cut for a
 * whole one. Faults: `bulk/connection-failed` (worth another try), `bulk/tls-failed` (not).
 */
export function exchange({ method, url, headers, body, silenceMs, alone, signal, tls }: Exchange): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const secure = url.protocol === 'https:'
    const shared = secure ? (tls?.agent ?? agents.tls) : agents.plain
    const agent = alone === true ? false : shared
    const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }
    const stop = signal === undefined ? {} : { signal }
    const options = { method, headers: { ...headers, ...length }, agent, ...stop }
    const request = secure
      ? tlsRequest(url, { ...options, minVersion: 'TLSv1.2', ...tls?.options })
      : plainRequest(url, options)
    let answered: IncomingMessage | undefined
    request.setTimeout(silenceMs, () => (answered ?? request).destroy(silent(url, silenceMs)))
    request.once('response', (message) => {
      answered = message
      resolve({ url, status: message.statusCode ?? 0, headers: message.headers, body: message })
    })
    request.on('error', (thrown) => reject(connectionFault(url, thrown)))
    request.end(body)
  })
}

function silent(url: URL, silenceMs: number): CaregapError {
  return fault('system', 'bulk/connection-failed', `${shownUrl(url)} was silent for ${silenceMs / 1000} s.`, {
    remedy: 'Look whether the server can be reached from here, then run the same command again.',
  })
}

const tlsCodes = /CERT|TLS|SSL|SIGNED|UNABLE_TO_VERIFY|EPROTO/

/** What a failed connection is as a fault. */
export function connectionFault(url: URL, thrown: unknown): CaregapError {
  if (isFault(thrown)) return thrown
  const code = (thrown as NodeJS.ErrnoException).code ?? messageOf(thrown)
  if (/CERTIFICATE_REQUIRED|ALERT_BAD_CERTIFICATE|ALERT_UNKNOWN_CA|HANDSHAKE_FAILURE/.test(code)) {
    return fault('system', 'bulk/tls-failed', `${url.origin} wants a client certificate, or another one (${code}).`, {
      remedy: 'Set tls.cert and tls.key of the source to a certificate that is registered with the server.',
    })
  }
  if (tlsCodes.test(code)) {
    return fault('system', 'bulk/tls-failed', `The TLS connection to ${url.origin} failed (${code}).`, {
      remedy:
        'Check the server’s certificate; for an own authority set tls.ca of the source, or start with NODE_EXTRA_CA_CERTS=FILE.',
    })
  }
  return fault('system', 'bulk/connection-failed', `The connection to ${shownUrl(url)} failed (${code}).`, {
    remedy: 'Look whether the server can be reached from here, then run the same command again.',
  })
}

const isFault = (thrown: unknown): thrown is CaregapError => thrown instanceof Error && thrown.name === 'CaregapError'

const mostTextBytes = 8 * 1024 * 1024

/** The body as text, for answers that are short. Fault: `bulk/answer-too-long`. */
export async function readText(reply: Reply): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of reply.body as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > mostTextBytes) throw tooLong(reply.url)
      chunks.push(chunk)
    }
  } catch (thrown) {
    throw connectionFault(reply.url, thrown)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function tooLong(url: URL): CaregapError {
  return fault('input', 'bulk/answer-too-long', `${shownUrl(url)} answered with more than 8 MB where little is due.`, {
    remedy: 'Check baseUrl.',
  })
}
