import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApp } from '../../src/api/index.ts'
import { clientIdentity } from '../../src/api/trust/identify-client.ts'
import { type CdsClient, silentLogger } from '../../src/base/index.ts'
import { type FakeApplication, fakeApplication } from './fake-application.ts'
import { evaluate, glycemic, prefetchOf, requestOf, result } from './patient-view.ts'

// J rows: who may call, by the JWT of each call.

const issuer = 'https://ehr.example'
const now = Date.parse('2026-06-15T12:00:00Z') / 1000
const path = '/cds-services/caregap-patient-view'
const audience = `http://127.0.0.1${path}`

interface Pair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}
const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' })
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const rotated = generateKeyPairSync('ec', { namedCurve: 'P-384' })
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-384' })

const jwkOf = (pair: Pair, kid: string) => ({ ...pair.publicKey.export({ format: 'jwk' }), kid, use: 'sig' })

let published = [jwkOf(ec, 'ec'), jwkOf(rsa, 'rsa')]
let reads = 0
const keyServer = createServer((_, response) => {
  reads += 1
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ keys: published }))
})

let application: FakeApplication
let app: Hono
let clock = now

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function jwt(
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
  key: KeyObject = ec.privateKey,
): string {
  const head = { alg: 'ES384', kid: 'ec', typ: 'JWT', ...header }
  const body = { iss: issuer, aud: audience, exp: clock + 300, iat: clock, jti: randomUUID(), ...claims }
  const text = `${encode(head)}.${encode(body)}`
  const signature = sign('sha384', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' })
  return `${text}.${signature.toString('base64url')}`
}

const client = (more: Partial<CdsClient>): CdsClient => ({
  issuer,
  keys: { url: '' },
  audiences: [],
  lifetimeSeconds: 900,
  skewSeconds: 60,
  replay: 'refuse',
  role: 'clinician',
  ...more,
})

beforeAll(async () => {
  await new Promise<void>((resolve) => keyServer.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(keyServer.address() as AddressInfo).port}/jwks`
  const made = await fakeApplication([glycemic], evaluate)
  const clients = [
    client({ keys: { url } }),
    client({ issuer: 'https://loose.example', keys: { url }, replay: 'allow', audiences: ['https://cds.example'] }),
    client({ issuer: 'https://tenants.example', keys: { url }, tenants: ['north'] }),
  ]
  application = {
    ...made,
    clock: { now: () => new Date(clock * 1000) },
    config: { ...made.config, cds: { ...made.config.cds, clients } },
  }
  app = await createApp({ application, host: '127.0.0.1' })
})
afterAll(async () => {
  keyServer.close()
  await application.close()
})

const call = async (authorization: string | undefined, to: string = path): Promise<Response> =>
  app.request(`http://127.0.0.1${to}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) },
    body: JSON.stringify(requestOf(prefetchOf(result(9.8)))),
  })

const bearer = (token: string) => call(`Bearer ${token}`)

test('J2: without a JWT nothing is answered, discovery neither, also on loopback', async () => {
  expect((await call(undefined)).status).toBe(401)
  expect((await app.request('http://127.0.0.1/cds-services')).status).toBe(401)
  const authorization = `Bearer ${jwt({ aud: 'http://127.0.0.1/cds-services' })}`
  expect((await app.request('http://127.0.0.1/cds-services', { headers: { authorization } })).status).toBe(200)
})

test('J5 J6 J7 J9: ES384 and RS384 JWTs by keys of the configured set', async () => {
  expect((await bearer(jwt())).status).toBe(200)
  expect((await bearer(jwt({}, { alg: 'RS384', kid: 'rsa' }, rsa.privateKey))).status).toBe(200)
  expect((await bearer(jwt({ aud: ['https://other.example', audience] }))).status).toBe(200)
})

test('F6: feedback needs a JWT for its own address', async () => {
  const to = `${path}/feedback`
  expect((await call(`Bearer ${jwt()}`, to)).status).toBe(401)
  expect((await call(`Bearer ${jwt({ aud: `http://127.0.0.1${to}` })}`, to)).status).toBe(400)
})

describe('is 401, says no reason, and logs no JWT', () => {
  const faults: readonly (readonly [string, () => string])[] = [
    ['J3: no kid', () => jwt({}, { kid: undefined })],
    ['J3: an extension that must be understood', () => jwt({}, { crit: ['x'], x: 1 })],
    ['J3: no typ', () => jwt({}, { typ: undefined })],
    ['J4: alg none', () => `${encode({ alg: 'none', kid: 'ec', typ: 'JWT' })}.${jwt().split('.')[1]}.x`],
    ['J4: a symmetric alg', () => jwt({}, { alg: 'HS384' })],
    ['J4: RS384 with the key of ES384', () => jwt({}, { alg: 'RS384' })],
    ['J6: a signature of another key', () => jwt({}, {}, stranger.privateKey)],
    ['J6: an unknown kid', () => jwt({}, { kid: 'none' }, stranger.privateKey)],
    ['J6 J8: a jku of somebody else', () => jwt({}, { jku: 'https://evil.example/jwks' })],
    [
      'J6: changed claims',
      () =>
        jwt().replace(
          /\.[^.]+\./,
          `.${encode({ iss: issuer, aud: audience, exp: clock + 300, iat: clock, jti: 'x' })}.`,
        ),
    ],
    ['J7: no jti', () => jwt({ jti: undefined })],
    ['J7: no iat', () => jwt({ iat: undefined })],
    ['J7: no exp', () => jwt({ exp: undefined })],
    ['J8: an unknown issuer', () => jwt({ iss: `${issuer}/` })],
    ['J9: another audience', () => jwt({ aud: 'http://127.0.0.1/cds-services' })],
    // Of an issuer that may use a JWT again: of others one that old is refused for another reason.
    ['J10: expired', () => jwt({ iss: 'https://loose.example', iat: clock - 400, exp: clock - 100 })],
    ['J10: lives too long', () => jwt({ exp: clock + 3600 })],
    ['J10: issued in the future', () => jwt({ iat: clock + 200, exp: clock + 300 })],
    ['J10: not yet valid', () => jwt({ nbf: clock + 200 })],
    ['no JWT at all', () => 'no-such-token'],
    ['broken base64', () => '%%.%%.%%'],
    ['huge', () => `${'a'.repeat(20_000)}.b.c`],
  ]
  test.each(faults)('J13 %s', async (_, make) => {
    const token = make()
    const response = await bearer(token)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toContain('Bearer')
    const text = await response.text()
    expect(text).not.toMatch(/expired|signature|issuer|audience|kid|jti/i)
    expect(application.logged.join('\n')).not.toContain(token)
  })
})

test('J10: a clock that is a little off is no fault', async () => {
  expect((await bearer(jwt({ iat: clock + 30, exp: clock + 330, nbf: clock + 30 }))).status).toBe(200)
  expect((await bearer(jwt({ iat: clock - 330, exp: clock - 30 }))).status).toBe(401)
  expect((await bearer(jwt({ iat: clock - 50, exp: clock - 30 }))).status).toBe(200)
})

test('J11: a JWT is good once, also where twenty calls bring it at once; a bad one uses nothing up', async () => {
  const token = jwt()
  const answers = await Promise.all(Array.from({ length: 20 }, () => bearer(token)))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  const jti = randomUUID()
  expect((await bearer(jwt({ jti }, {}, stranger.privateKey))).status).toBe(401)
  expect((await bearer(jwt({ jti, aud: 'https://other.example' }))).status).toBe(401)
  expect((await bearer(jwt({ jti }))).status).toBe(200)
})

test('J11: a restart forgets no JWT, and one that was still good stays good', async () => {
  const used = jwt()
  const unused = jwt()
  expect((await bearer(used)).status).toBe(200)
  clock += 5
  const restarted = await createApp({ application, host: '127.0.0.1' })
  const again = async (token: string) =>
    (
      await restarted.request(audience, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(requestOf(prefetchOf(result(9.8)))),
      })
    ).status
  expect(await again(used)).toBe(401)
  expect(await again(unused)).toBe(200)
  clock = now
})

test('J11: where its id cannot be kept, a JWT opens nothing', async () => {
  const identify = clientIdentity({
    config: application.config.cds,
    clock: application.clock,
    logger: silentLogger,
    connect: () => Promise.reject(new Error('disk')),
  })
  const bare = new Hono()
  bare.post(path, async (context) => context.json({ known: await identify?.(context) }))
  bare.onError((_, context) => context.text('failed', 500))
  const init = { method: 'POST', headers: { authorization: `Bearer ${jwt()}` } }
  expect((await bare.request(audience, init)).status).toBe(500)
})

test('J11: what was issued before this server first kept ids may have been used before', async () => {
  expect((await bearer(jwt({ iat: now - 200, exp: now + 200 }))).status).toBe(401)
})

test('J9 J11: an issuer may be allowed to use a JWT again, and to name a configured audience', async () => {
  const token = jwt({ iss: 'https://loose.example', aud: `https://cds.example${path}` })
  expect((await bearer(token)).status).toBe(200)
  expect((await bearer(token)).status).toBe(200)
})

test('J12: a tenant that is not listed is known, and forbidden', async () => {
  expect((await bearer(jwt({ iss: 'https://tenants.example', tenant: 'north' }))).status).toBe(200)
  expect((await bearer(jwt({ iss: 'https://tenants.example', tenant: 'south' }))).status).toBe(403)
  expect((await bearer(jwt({ iss: 'https://tenants.example' }))).status).toBe(403)
})

test('J6: keys are cached, and read again for a kid that is new, but not for each call with a wrong one', async () => {
  const before = reads
  for (let index = 0; index < 5; index++) await bearer(jwt())
  expect(reads).toBe(before)
  clock = now + 31
  published = [...published, jwkOf(rotated, 'new')]
  expect((await bearer(jwt({}, { kid: 'new' }, rotated.privateKey))).status).toBe(200)
  expect(reads).toBe(before + 1)
  for (let index = 0; index < 5; index++) await bearer(jwt({}, { kid: `none-${index}` }))
  expect(reads).toBe(before + 1)
})

test('J6: a key that was taken out of the set is no longer good once the cache has aged', async () => {
  published = [jwkOf(ec, 'ec')]
  clock = now + 31 + 700
  expect((await bearer(jwt({}, { kid: 'new' }, rotated.privateKey))).status).toBe(401)
  expect((await bearer(jwt())).status).toBe(200)
})

test('X1: a preflight is answered without a JWT', async () => {
  const response = await app.request(audience, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://ehr.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  })
  expect(response.status).toBe(204)
  expect(response.headers.get('access-control-allow-origin')).toBe('https://ehr.example')
})
