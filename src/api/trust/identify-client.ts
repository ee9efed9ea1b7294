import type { Context } from 'hono'
import { addressOf, type Identified } from '../../access/index.ts'
import type { CdsClient, CdsConfig, Clock, JsonValue, Logger } from '../../base/index.ts'
import type { Session } from '../../duck/index.ts'
import { isSignedBy, type ReadJwt, readJwt } from './jwt.ts'
import { createKeySets, type KeySets } from './key-sets.ts'
import { createReplayGuard, type ReplayGuard } from './replay.ts'

export interface TrustSetting {
  readonly config: CdsConfig
  readonly clock: Clock
  readonly logger: Logger
  /** A session of one's own on the store that ids of JWTs are kept in. */
  readonly connect: () => Promise<Session>
  /** A file beside the database for ids that are on their way into it. */
  readonly journal?: string
}

interface Trust extends TrustSetting {
  readonly keySets: KeySets
  readonly replays: ReplayGuard
}

/**
 * Who calls, by the JWT that a client signs for each call (CDS Hooks, Trusting CDS Clients). Undefined where no
 * clients are configured: then the users file decides, or that only this machine can call.
 */
export function clientIdentity(setting: TrustSetting): ((context: Context) => Promise<Identified>) | undefined {
  const { config, clock } = setting
  if (config.clients.length === 0) return undefined
  const now = () => clock.now().getTime()
  const trust: Trust = {
    ...setting,
    keySets: createKeySets(now),
    replays: createReplayGuard({ ...setting, now }),
  }
  return (context) => identify(trust, context)
}

async function identify(trust: Trust, context: Context): Promise<Identified> {
  const token = /^bearer +(\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1]
  if (token === undefined || token.split('.').length !== 3) return undefined
  const jwt = readJwt(token)
  if (jwt === undefined) return refused(trust, undefined, 'malformed')
  const client = trust.config.clients.find(({ issuer }) => issuer === jwt.claims.iss)
  if (client === undefined) return refused(trust, undefined, 'unknown issuer')
  const since = client.replay === 'refuse' ? await trust.replays.since() : 0
  const fault = claimFault(trust, client, jwt, context, since) ?? (await signatureFault(trust, client, jwt))
  if (fault !== undefined) return refused(trust, client, fault, jwt)
  if (client.tenants !== undefined && !client.tenants.includes(jwt.claims.tenant ?? '')) {
    refused(trust, client, 'tenant not allowed', jwt)
    return 'forbidden'
  }
  // Last: only a JWT that is good in all else uses its id up.
  const expires = (jwt.claims.exp + client.skewSeconds) * 1000
  const first = await trust.replays.use({ issuer: client.issuer, jti: jwt.claims.jti, expires })
  if (client.replay === 'refuse' && !first) return refused(trust, client, 'used before', jwt)
  const limits = client.practices === undefined ? {} : { practices: client.practices }
  const source = client.source === undefined ? {} : { source: client.source }
  return { userId: client.site ?? client.issuer, role: client.role, ...limits, ...source }
}

function claimFault(
  trust: Trust,
  client: CdsClient,
  { claims, header }: ReadJwt,
  context: Context,
  since: number,
): string | undefined {
  const now = trust.clock.now().getTime() / 1000
  const skew = client.skewSeconds
  if (claims.exp + skew <= now) return 'expired'
  if (claims.iat - skew > now) return 'issued in the future'
  if (claims.nbf !== undefined && claims.nbf - skew > now) return 'not yet valid'
  if (claims.exp - claims.iat > client.lifetimeSeconds) return 'lives too long'
  // It may have been used when nobody kept ids.
  if (claims.iat + skew < since / 1000) return 'issued before ids were kept'
  const named = Array.isArray(claims.aud) ? claims.aud : [claims.aud]
  if (!named.some((aud) => audiencesOf(client, context).includes(aud))) return 'for another audience'
  if (header.jku !== undefined && 'url' in client.keys && header.jku !== client.keys.url) return 'jku not allowed'
  return undefined
}

/** The address that was called, and those that the configuration says it may be called by. */
function audiencesOf(client: CdsClient, context: Context): readonly string[] {
  const called = addressOf(context)
  const configured = client.audiences.flatMap((base) => [base, `${base.replace(/\/+$/, '')}${called.pathname}`])
  return [`${called.origin}${called.pathname}`, ...configured]
}

async function signatureFault(trust: Trust, client: CdsClient, jwt: ReadJwt): Promise<string | undefined> {
  const key = await trust.keySets.find(client, jwt.header.kid)
  if (key === undefined) return 'unknown key'
  return isSignedBy(jwt, key) ? undefined : 'wrong signature'
}

/** Logged without the JWT; the caller is told nothing but that it is not known. */
function refused(trust: Trust, client: CdsClient | undefined, reason: string, jwt?: ReadJwt): undefined {
  const known: Record<string, JsonValue> =
    client === undefined ? {} : { issuer: client.issuer, jti: (jwt?.claims.jti ?? '').slice(0, 100) }
  trust.logger.log('warn', 'cds-client-refused', { reason, ...known })
  return undefined
}
