import { readFileSync } from 'node:fs'
import type { Context } from 'hono'
import { type Config, fault, messageOf } from '../base/index.ts'
import { hostNameOf, isLoopbackHost } from './loopback.ts'

/** Which connections count as safe from being read on their way. */
export interface Transport {
  /** Addresses of proxies that end TLS in front of the server: of them alone `X-Forwarded-Proto` is believed. */
  readonly trustedProxies: readonly string[]
}

/** Certificate and key of a server that ends TLS itself, as PEM. */
export interface TlsKeys {
  readonly cert: string
  readonly key: string
}

/**
 * What the configuration says of the way to the server. Fault: `access/tls-needed` where other machines reach it and
 * neither TLS nor a proxy that ends it is configured.
 */
export function decideTransport({ tls, trustedProxies }: Config['server'], host: string): Transport {
  if (isLoopbackHost(host) || tls !== undefined || trustedProxies.length > 0) return { trustedProxies }
  throw fault(
    'usage',
    'access/tls-needed',
    `The server may not listen on ${host}, which other machines can reach, without TLS.`,
    {
      remedy:
        'Set server.tls (cert, key) in the configuration, or server.trustedProxies to the addresses of the proxies that end TLS; or use --host 127.0.0.1.',
    },
  )
}

/** The PEM files of `server.tls`. Fault: `access/tls-unreadable`, which names the file and never its text. */
export function readTlsKeys({ cert, key }: NonNullable<Config['server']['tls']>): TlsKeys {
  return { cert: readPem(cert), key: readPem(key) }
}

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (thrown) {
    throw fault('input', 'access/tls-unreadable', `The TLS file cannot be read: ${messageOf(thrown)}.`, {
      place: { file },
      remedy: 'Name PEM files that the user who runs caregap may read under server.tls.',
    })
  }
}

interface Peer {
  readonly encrypted?: boolean
  readonly remoteAddress?: string
}

/** The connection that a request came by; undefined for a call within the process. */
function peerOf(context: Context): Peer | undefined {
  const bindings = context.env as { readonly incoming?: { readonly socket?: Peer } } | undefined
  return bindings?.incoming?.socket
}

const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/, '')

/** The protocol that a trusted proxy took the request by; undefined where none stands in front. */
function forwardedProtocol(context: Context, { trustedProxies }: Transport): string | undefined {
  const peer = peerOf(context)
  if (peer === undefined || !trustedProxies.includes(plainAddress(peer.remoteAddress ?? ''))) return undefined
  return context.req.header('x-forwarded-proto')?.toLowerCase()
}

/**
 * True where nobody between caller and server could read along: TLS, a trusted proxy that says so, or this machine
 * itself under a name of its own. A plain request by another name came through something that nobody declared.
 */
export function isPrivate(context: Context, transport: Transport): boolean {
  const peer = peerOf(context)
  if (peer === undefined || peer.encrypted === true) return true
  const forwarded = forwardedProtocol(context, transport)
  if (forwarded !== undefined) return forwarded === 'https'
  const host = context.req.header('host') ?? ''
  return isLoopbackHost(plainAddress(peer.remoteAddress ?? '')) && isLoopbackHost(hostNameOf(host))
}

const called = new WeakMap<Request, string>()

/** Keeps, for `addressOf`, that a proxy took the request by https. */
export function noteAddress(context: Context, transport: Transport): void {
  if (forwardedProtocol(context, transport) === 'https')
    called.set(context.req.raw, context.req.url.replace(/^http:/, 'https:'))
}

/** The address that was called, as the caller wrote it: with the protocol of the proxy where one stands in front. */
export const addressOf = (context: Context): URL => new URL(called.get(context.req.raw) ?? context.req.url)
