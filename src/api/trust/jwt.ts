import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto'
import { z } from 'zod'

const text = z.string().min(1).max(2048)

const header = z.looseObject({
  alg: z.enum(['ES384', 'RS384']),
  kid: text,
  typ: z.string().regex(/^jwt$/i),
  jku: text.optional(),
  // Extensions that the reader must understand (RFC 7515, 4.1.11): none is understood here.
  crit: z.never().optional(),
})

const claims = z.looseObject({
  iss: text,
  aud: z.union([text, z.array(text).min(1).max(20)]),
  exp: z.number(),
  iat: z.number(),
  nbf: z.number().optional(),
  jti: text,
  tenant: text.optional(),
})

/** A JWT whose form is right; nothing of it is to be believed before its signature is checked. */
export interface ReadJwt {
  readonly header: z.infer<typeof header>
  readonly claims: z.infer<typeof claims>
  readonly signed: Buffer
  readonly signature: Buffer
}

const longestJwt = 16_384

/** The parts of a JWT as CDS Hooks wants it (ES384 or RS384, with kid); undefined where it is none of that kind. */
export function readJwt(token: string): ReadJwt | undefined {
  if (token.length > longestJwt || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return undefined
  const [head = '', body = '', signature = ''] = token.split('.')
  const readHeader = header.safeParse(decode(head))
  const readClaims = claims.safeParse(decode(body))
  if (!readHeader.success || !readClaims.success) return undefined
  return {
    header: readHeader.data,
    claims: readClaims.data,
    signed: Buffer.from(`${head}.${body}`),
    signature: Buffer.from(signature, 'base64url'),
  }
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}

/** A key of a client's set, with the one algorithm that it is for. */
export interface VerifyingKey {
  readonly kid: string
  readonly algorithm: 'ES384' | 'RS384'
  readonly key: KeyObject
}

const jwk = z.looseObject({
  kty: z.enum(['EC', 'RSA']),
  kid: text,
  use: z.string().optional(),
  alg: z.string().optional(),
})

/** The keys of a JWK set (RFC 7517) that can check signatures; others in it are left out. Undefined where it is no set. */
export function readKeySet(value: unknown): readonly VerifyingKey[] | undefined {
  const set = z.looseObject({ keys: z.array(z.unknown()).max(100) }).safeParse(value)
  if (!set.success) return undefined
  return set.data.keys.flatMap((one) => {
    const parsed = jwk.safeParse(one)
    const key = parsed.success ? keyOf(parsed.data) : undefined
    return key === undefined ? [] : [key]
  })
}

function keyOf(given: z.infer<typeof jwk>): VerifyingKey | undefined {
  const algorithm = given.kty === 'EC' ? 'ES384' : 'RS384'
  if ((given.use ?? 'sig') !== 'sig' || (given.alg ?? algorithm) !== algorithm) return undefined
  // A private key or a shared secret in a public set is a mistake that must not be built upon.
  if (given['d'] !== undefined || given['k'] !== undefined) return undefined
  try {
    const key = createPublicKey({ key: given as JsonWebKey, format: 'jwk' })
    const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
    const fits = algorithm === 'ES384' ? namedCurve === 'secp384r1' : modulusLength >= 2048
    return fits ? { kid: given.kid, algorithm, key } : undefined
  } catch {
    return undefined
  }
}

/** True where the signature is of that key, by the algorithm that the key is for. */
export function isSignedBy(jwt: ReadJwt, { key, algorithm }: VerifyingKey): boolean {
  if (jwt.header.alg !== algorithm) return false
  try {
    return verify('sha384', jwt.signed, { key, dsaEncoding: 'ieee-p1363' }, jwt.signature)
  } catch {
    return false
  }
}
