import { randomUUID, sign } from 'node:crypto'
import type { SigningKey } from './signing-key.ts'

export interface AssertionClaims {
  readonly clientId: string
  /** The token URL exactly as the request goes to it. */
  readonly audience: string
  /** Milliseconds since 1970, of the server's clock as far as it is known. */
  readonly now: number
  readonly jku?: string | undefined
}

/** Well below the five minutes that are allowed, so that a clock that is a little off does no harm. */
const lifeSeconds = 240

/** A new signed assertion for one token request (SMART App Launch 2.2, asymmetric authentication): never used twice. */
export function signAssertion(signing: SigningKey, claims: AssertionClaims): string {
  const { clientId, audience, now, jku } = claims
  const issuedAt = Math.floor(now / 1000)
  const header = { alg: signing.algorithm, kid: signing.kid, typ: 'JWT', ...(jku === undefined ? {} : { jku }) }
  const body = {
    iss: clientId,
    sub: clientId,
    aud: audience,
    iat: issuedAt,
    exp: issuedAt + lifeSeconds,
    jti: randomUUID(),
  }
  const text = `${encode(header)}.${encode(body)}`
  // RFC 7518, 3.4: the two numbers of an EC signature side by side, not DER.
  const signature = sign('sha384', Buffer.from(text), { key: signing.key, dsaEncoding: 'ieee-p1363' })
  return `${text}.${signature.toString('base64url')}`
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
