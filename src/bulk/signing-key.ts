import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { type BulkServer, type Config, fault, type SecretPlace } from '../base/index.ts'
import { readSecret } from './secret.ts'

/** A private key that assertions are signed with; its kind decides the algorithm. */
export interface SigningKey {
  readonly kid: string
  readonly algorithm: 'RS384' | 'ES384'
  readonly key: KeyObject
}

/** Reads a private key: PEM or JWK. Faults: `bulk/key-broken`, `bulk/key-unfit`, those of the secret. */
export function readSigningKey(kid: string, place: SecretPlace): SigningKey {
  const key = parseKey(readSecret(place), kid)
  if (key.asymmetricKeyType === 'rsa') return { kid, algorithm: 'RS384', key }
  if (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'secp384r1')
    return { kid, algorithm: 'ES384', key }
  throw fault('input', 'bulk/key-unfit', `The key ${kid} is neither RSA nor EC over P-384.`, {
    remedy: 'Make one: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out key.pem',
  })
}

function parseKey(text: string, kid: string): KeyObject {
  try {
    return text.startsWith('{')
      ? createPrivateKey({ key: JSON.parse(text) as JsonWebKey, format: 'jwk' })
      : createPrivateKey(text)
  } catch {
    // The reason is left out on purpose: it could quote the key.
    throw fault('input', 'bulk/key-broken', `The private key ${kid} cannot be read.`, {
      remedy: 'It must be a private key as PEM without a password, or as a JWK.',
    })
  }
}

/** A public key as it is published. */
export interface PublicKey {
  readonly kid: string
  readonly alg: string
  readonly use: 'sig'
  readonly key_ops: readonly ['verify']
  readonly [member: string]: unknown
}

/** The key set of a client (RFC 7517) to register with a server: the public halves of all its keys, nothing else. */
export function publicKeySet(server: BulkServer): { readonly keys: readonly PublicKey[] } {
  if (server.auth.kind !== 'smart') return { keys: [] }
  return { keys: server.auth.keys.map(({ kid, key }) => publicKey(readSigningKey(kid, key))) }
}

/** The key sets of all sources of a configuration as one; a key that several use is there once. */
export function publicKeysOf(config: Config): { readonly keys: readonly PublicKey[] } {
  const keys = config.sources.flatMap(({ bulk }) => (bulk === undefined ? [] : publicKeySet(bulk).keys))
  const isFirst = (key: PublicKey, index: number) => keys.findIndex((other) => isDeepStrictEqual(other, key)) === index
  return { keys: keys.filter(isFirst) }
}

function publicKey({ kid, algorithm, key }: SigningKey): PublicKey {
  const { kty, n, e, crv, x, y } = createPublicKey(key).export({ format: 'jwk' })
  const members = kty === 'RSA' ? { kty, n, e } : { kty, crv, x, y }
  return { ...members, kid, alg: algorithm, use: 'sig', key_ops: ['verify'] }
}
