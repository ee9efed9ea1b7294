import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CaregapError, loadConfig } from '../../src/base/index.ts'
import { publicKeySet } from '../../src/bulk/index.ts'
import { previewPull } from '../../src/jobs/index.ts'
import type { Met, ServerSetup } from './bulk-server.ts'
import { sendFile, startStorage } from './bulk-server.ts'
import {
  closeAfterTest,
  configFor,
  currentIds,
  jumpingPace,
  newFolder,
  newStore,
  pull,
  serve,
  serverOf,
  smallExport,
  smallIds,
} from './pulled.ts'
import { answers, hangsUp } from './wire-faults.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' })

/** A key in a file, as PEM or as JWK. */
function keyFile(key: KeyObject, form: 'pem' | 'jwk' = 'pem'): string {
  const path = join(newFolder(), `key.${form}`)
  const text =
    form === 'pem' ? key.export({ type: 'pkcs8', format: 'pem' }) : JSON.stringify(key.export({ format: 'jwk' }))
  writeFileSync(path, text)
  return path
}

const smart = (key: KeyObject, more: object = {}, form: 'pem' | 'jwk' = 'pem') => ({
  auth: { kind: 'smart', clientId: 'caregap', keys: [{ kid: 'first', key: { file: keyFile(key, form) } }], ...more },
})

const smartSetup = (more: Partial<ServerSetup> = {}): ServerSetup => ({
  files: smallExport,
  auth: 'smart',
  clientId: 'caregap',
  keys: { first: rsa.publicKey },
  ...more,
})

async function refusalOf(run: Promise<unknown>): Promise<CaregapError> {
  const thrown: unknown = await run.catch((error: unknown) => error)
  expect(thrown).toBeInstanceOf(CaregapError)
  return thrown as CaregapError
}

test.each([
  ['RS384, PEM', rsa, 'pem'],
  ['ES384, PEM', ec, 'pem'],
  ['RS384, JWK', rsa, 'jwk'],
  ['ES384, JWK', ec, 'jwk'],
] as const)('SMART Backend Services with %s', async (_name, pair, form) => {
  const server = await serve(smartSetup({ keys: { first: pair.publicKey } }))
  const store = await newStore()
  expect((await pull(store, configFor(server, smart(pair.privateKey, {}, form)))).exitCode).toBe(0)
  expect(await currentIds(store)).toEqual(smallIds)
  expect(server.of('token')).toHaveLength(1)
})

test('header and claims of an assertion', async () => {
  const server = await serve(smartSetup())
  const jku = 'https://caregap.example/.well-known/jwks.json'
  await pull(await newStore(), configFor(server, smart(rsa.privateKey, { jku })))
  const form = new URLSearchParams(server.of('token')[0]?.body)
  const [header, claims] = (form.get('client_assertion') ?? '')
    .split('.', 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>)
  expect(header).toEqual({ alg: 'RS384', kid: 'first', typ: 'JWT', jku })
  expect(claims).toMatchObject({ iss: 'caregap', sub: 'caregap', aud: `${server.origin}/token` })
  expect(Number(claims?.['exp']) - Number(claims?.['iat'])).toBeLessThanOrEqual(300)
  expect(form.get('grant_type')).toBe('client_credentials')
  expect(form.get('scope')).toBe('system/*.read')
})

test('several downloads share one token request, and each request has an assertion of its own', async () => {
  const pace = jumpingPace()
  // The server ends a token's life before the client's own margin: every file may meet a 401.
  const server = await serve(smartSetup({ now: pace.now, polls: 0 }))
  const store = await newStore()
  const files = Array.from({ length: 12 }, (_, index) => ({
    type: 'Patient',
    text: `{"resourceType":"Patient","id":"p${index}"}\n`,
  }))
  server.become(smartSetup({ files, now: pace.now, polls: 0, faults: [answers('file', 401, { times: 4 })] }))
  expect((await pull(store, configFor(server, smart(rsa.privateKey)), { pace })).resources).toBe(12)
  // One at first, one for the four that were refused at once.
  expect(server.of('token')).toHaveLength(2)
  const assertions = server.of('token').map(({ body }) => new URLSearchParams(body).get('client_assertion'))
  expect(new Set(assertions).size).toBe(2)
})

test('a token that ends while a job runs is got anew before it ends; its life may be a text', async () => {
  const pace = jumpingPace()
  const server = await serve(
    smartSetup({
      now: pace.now,
      tokenSeconds: '60',
      faults: [answers('status', 202, { headers: { 'Retry-After': '55' }, times: 3 })],
    }),
  )
  const store = await newStore()
  expect((await pull(store, configFor(server, smart(rsa.privateKey)), { pace })).exitCode).toBe(0)
  expect(server.of('token').length).toBeGreaterThan(2)
  expect(server.of('status').every(({ headers }) => headers.authorization !== undefined)).toBe(true)
})

test('the server’s clock is ahead by ten minutes: one further assertion by its time', async () => {
  const pace = jumpingPace()
  const server = await serve(smartSetup({ now: () => pace.now() + 600_000 }))
  const store = await newStore()
  expect((await pull(store, configFor(server, smart(rsa.privateKey)), { pace })).exitCode).toBe(0)
  expect(server.of('token')).toHaveLength(2)
})

test.each([
  ['an unknown client', rsa, { clientId: 'stranger' }, 'unknown client'],
  ['a key that is not registered', ec, {}, 'bad signature'],
  ['a wrong audience', rsa, { tokenUrl: 'AUD' }, 'wrong aud'],
])('%s: one clear message with the remedy, and no storm of requests', async (_name, pair, more, said) => {
  const server = await serve(smartSetup())
  const config = smart(pair.privateKey, more)
  const auth = JSON.parse(JSON.stringify(config.auth).replace('AUD', `${server.origin}/token?x=1`)) as object
  const thrown = await refusalOf(pull(await newStore(), configFor(server, { auth })))
  expect(thrown.diagnostics[0]).toMatchObject({ code: 'bulk/token-refused' })
  expect(thrown.message).toContain(said)
  expect(thrown.exitCode).toBe(3)
  expect(server.of('token')).toHaveLength(2)
  expect(server.kickOffs()).toBe(0)
})

test('of several keys the first is used whose algorithm the server takes', async () => {
  const discovery = { token_endpoint_auth_signing_alg_values_supported: ['ES384'] }
  const server = await serve(smartSetup({ discovery, keys: { second: ec.publicKey } }))
  const keys = [
    { kid: 'first', key: { file: keyFile(rsa.privateKey) } },
    { kid: 'second', key: { file: keyFile(ec.privateKey) } },
  ]
  const config = configFor(server, { auth: { kind: 'smart', clientId: 'caregap', keys } })
  expect((await pull(await newStore(), config)).exitCode).toBe(0)
  expect(server.of('token')).toHaveLength(1)
})

test.each([
  [{ token_endpoint_auth_signing_alg_values_supported: ['ES384'] }, /by ES384, and the keys here are for RS384/],
  [
    { token_endpoint_auth_methods_supported: ['client_secret_basic'] },
    /takes client_secret_basic, and was given private_key_jwt/,
  ],
] as const)('a refusal names what the server says that it takes instead: %j', async (discovery, why) => {
  const server = await serve(smartSetup({ discovery, keys: { first: ec.publicKey } }))
  const thrown = await refusalOf(pull(await newStore(), configFor(server, smart(rsa.privateKey))))
  expect(thrown.diagnostics[0]).toMatchObject({ code: 'bulk/token-refused' })
  expect(thrown.diagnostics[0]?.remedy).toMatch(why)
})

test('the token endpoint is busy, then breaks off, then answers', async () => {
  const faults = [answers('token', 429, { headers: { 'Retry-After': '30' } }), answers('token', 503), hangsUp('token')]
  const server = await serve(smartSetup({ faults }))
  const pace = jumpingPace()
  expect((await pull(await newStore(), configFor(server, smart(rsa.privateKey)), { pace })).exitCode).toBe(0)
  expect(pace.waits[0]).toBe(30_000)
})

test('a client secret over Basic with an empty body, found by the CapabilityStatement (BCDA)', async () => {
  process.env['CAREGAP_TEST_SECRET'] = 'hush'
  const server = await serve({
    files: smallExport,
    auth: 'basic',
    clientId: 'aco',
    clientSecret: 'hush',
    discovery: 'metadata',
    tokenSeconds: '1200',
  })
  const auth = { kind: 'basic', clientId: 'aco', clientSecret: { env: 'CAREGAP_TEST_SECRET' }, body: 'empty' }
  expect((await pull(await newStore(), configFor(server, { auth }))).exitCode).toBe(0)
  expect(server.of('token')[0]?.body).toBe('')
})

test('a static token that is refused: one message, no second try', async () => {
  process.env['CAREGAP_TEST_SECRET'] = 'old'
  const server = await serve({ files: smallExport, auth: { bearer: 'new' } })
  const auth = { kind: 'bearer', token: { env: 'CAREGAP_TEST_SECRET' } }
  const thrown = await refusalOf(pull(await newStore(), configFor(server, { auth })))
  expect(thrown.diagnostics[0]?.code).toBe('bulk/unauthorized')
  expect(server.of('kick-off')).toHaveLength(1)
})

test('headers of one’s own go to the server and its token endpoint, and to no storage', async () => {
  const path = join(newFolder(), 'gateway-key')
  writeFileSync(path, 'sesame\n')
  const storage = await startStorage((response) => sendFile(response, smallExport[0] ?? { text: '' }))
  closeAfterTest(storage)
  const server = await serve(
    smartSetup({
      manifest: (manifest) => {
        const output = manifest['output'] as readonly object[]
        return { ...manifest, output: [{ ...output[0], url: `${storage.origin}/file` }, ...output.slice(1)] }
      },
    }),
  )
  const headers = { 'X-Gateway-Key': { file: path } }
  const config = configFor(server, { ...smart(rsa.privateKey), headers, fileOrigins: [storage.origin] })
  expect((await pull(await newStore(), config)).exitCode).toBe(0)
  expect([...new Set(server.met.map(({ step }) => step))].sort()).toEqual([
    'delete',
    'file',
    'kick-off',
    'status',
    'token',
    'well-known',
  ])
  expect(new Set(server.met.map((met) => met.headers['x-gateway-key']))).toEqual(new Set(['sesame']))
  expect(storage.seen.map((met) => met.headers['x-gateway-key'])).toEqual([undefined])
})

test('a header whose secret is of two lines is refused by its name', async () => {
  process.env['CAREGAP_TEST_SECRET'] = 'one\ntwo'
  const server = await serve({ files: smallExport })
  const headers = { 'X-Gateway-Key': { env: 'CAREGAP_TEST_SECRET' } }
  const thrown = await refusalOf(pull(await newStore(), configFor(server, { headers })))
  expect(thrown.diagnostics[0]).toMatchObject({ code: 'bulk/header-broken' })
  expect(JSON.stringify(thrown.diagnostics)).not.toContain('two')
})

test('a server that says nowhere where tokens are', async () => {
  const server = await serve(smartSetup({ discovery: 'none' }))
  const thrown = await refusalOf(pull(await newStore(), configFor(server, smart(rsa.privateKey))))
  expect(thrown.diagnostics[0]?.code).toBe('bulk/no-token-url')
  const tokenUrl = `${server.origin}/token`
  expect((await pull(await newStore(), configFor(server, smart(rsa.privateKey, { tokenUrl })))).exitCode).toBe(0)
})

async function askedScopes(discovery: Record<string, unknown>, more: object = {}): Promise<readonly string[]> {
  const server = await serve(smartSetup({ discovery }))
  const config = configFor(server, { ...smart(rsa.privateKey, more), types: ['Patient', 'Observation'] })
  return (await previewPull(await newStore(), { source: 'lakeside', config, full: false })).asked
}

test('scopes: v1 where both are offered, v2 where only that is, as configured before all', async () => {
  expect(await askedScopes({ capabilities: ['permission-v1', 'permission-v2'] })).toEqual([
    'system/Patient.read',
    'system/Observation.read',
  ])
  expect(await askedScopes({ capabilities: ['permission-v2'] })).toEqual(['system/Patient.rs', 'system/Observation.rs'])
  expect(await askedScopes({}, { scopes: ['system/*.read'] })).toEqual(['system/*.read'])
})

test('fewer scopes than asked for: partial, loudly, and the watermark stays', async () => {
  const server = await serve(smartSetup({ grant: () => 'system/Patient.read system/Observation.r' }))
  const config = configFor(server, { ...smart(rsa.privateKey), types: ['Patient', 'Observation'] })
  const result = await pull(await newStore(), config)
  expect(result).toMatchObject({ exitCode: 1, watermark: undefined })
  expect(result.findings[0]).toMatchObject({ code: 'bulk/scope-smaller', severity: 'error' })
  expect(result.findings[0]?.message).toContain('Observation')
})

test('the token goes to the base’s origin alone: not with a redirect, not to another origin, not where it is not wanted', async () => {
  const [first, ...rest] = smallExport
  const storage = await startStorage((response) => sendFile(response, first ?? { text: '' }))
  closeAfterTest(storage)
  const setup = smartSetup({
    manifest: (manifest) => {
      const output = manifest['output'] as { url: string }[]
      return { ...manifest, output: [{ ...output[0], url: `${storage.origin}/direct?sig=1` }, ...output.slice(1)] }
    },
    faults: [
      {
        step: 'file',
        answer: (response) => {
          response.writeHead(307, { Location: `${storage.origin}/redirected?sig=2` }).end()
        },
      },
    ],
    files: [
      first ?? { text: '' },
      { ...rest[0], type: 'Patient', text: first?.text ?? '', count: 3 },
      ...rest.slice(1),
    ],
  })
  const server = await serve(setup)
  const config = configFor(server, { ...smart(rsa.privateKey), fileOrigins: [storage.origin], parallel: 1 })
  expect((await pull(await newStore(), config)).exitCode).toBe(0)
  expect(storage.seen.map(({ url }) => url)).toEqual(['/direct?sig=1', '/redirected?sig=2'])
  expect(storage.seen.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined])
})

test('attachments are never fetched, from the server or elsewhere; where they lie stays as received', async () => {
  const storage = await startStorage((response) => sendFile(response, { text: 'a note' }))
  closeAfterTest(storage)
  const files = [...smallExport]
  const server = await serve(smartSetup({ files }))
  const urls = [`${storage.origin}/note`, `${server.origin}/fhir/Binary/note`]
  const note = JSON.stringify({
    resourceType: 'DocumentReference',
    id: 'note',
    status: 'current',
    subject: { reference: 'Patient/a' },
    content: urls.map((url) => ({ attachment: { contentType: 'text/plain', url } })),
  })
  files.push({ type: 'DocumentReference', text: `${note}\n`, count: 1 })
  const store = await newStore()
  const config = configFor(server, { ...smart(rsa.privateKey), fileOrigins: [storage.origin] })
  expect((await pull(store, config)).exitCode).toBe(0)
  expect(storage.seen).toEqual([])
  expect(server.met.filter(({ path }) => path.includes('Binary'))).toEqual([])
  const [row] = await store.session.all(`SELECT raw FROM resource WHERE type = 'DocumentReference'`)
  expect(row).toEqual({ raw: note })
})

test('files that need no token are asked for without one', async () => {
  const server = await serve({ ...smartSetup(), manifest: (manifest) => ({ ...manifest, requiresAccessToken: false }) })
  const faults = smallExport.map((file) => ({
    step: 'file' as const,
    match: ({ headers }: Met) => headers.authorization === undefined,
    answer: (response: Parameters<typeof sendFile>[0]) => sendFile(response, file),
  }))
  server.addFaults(...faults)
  const result = await pull(await newStore(), configFor(server, { ...smart(rsa.privateKey), parallel: 1 }))
  expect(result.exitCode).toBe(0)
  expect(server.of('file').map(({ headers }) => headers.authorization)).toEqual([undefined, undefined, undefined])
})

test('nothing secret is in the ledger or in what is said', async () => {
  const server = await serve(smartSetup())
  const store = await newStore()
  const notes: string[] = []
  const result = await pull(store, configFor(server, smart(rsa.privateKey)), {
    onNote: (text) => void notes.push(text),
  })
  const ledger = JSON.stringify([await store.session.all('FROM pull'), await store.session.all('FROM pull_file')])
  const tokens = server.met.flatMap(({ headers }) => headers.authorization?.replace('Bearer ', '') ?? [])
  expect(tokens.length).toBeGreaterThan(0)
  for (const secret of [...tokens, 'client_assertion', 'PRIVATE KEY']) {
    expect(ledger + JSON.stringify(result) + notes.join()).not.toContain(secret)
  }
})

test('public keys: all of them, for rotation, and no private member', () => {
  const file = join(newFolder(), 'caregap.config.json')
  const keys = [
    { kid: 'now', key: { file: keyFile(ec.privateKey) } },
    { kid: 'next', key: { file: keyFile(rsa.privateKey) } },
  ]
  const bulk = { baseUrl: 'https://ehr.example/fhir', level: 'system', auth: { kind: 'smart', clientId: 'c', keys } }
  writeFileSync(file, JSON.stringify({ sources: [{ name: 'lakeside', bulk }] }))
  const server = serverOf(loadConfig(file))
  const set = server === undefined ? { keys: [] } : publicKeySet(server)
  expect(set.keys.map(({ kid, alg }) => [kid, alg])).toEqual([
    ['now', 'ES384'],
    ['next', 'RS384'],
  ])
  for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi']) expect(Object.keys(set.keys[1] ?? {})).not.toContain(member)
})

test.each([
  ['a secret that is missing', { kind: 'bearer', token: { env: 'CAREGAP_NO_SUCH' } }, 'bulk/secret-missing'],
  [
    'a key that is none',
    { kind: 'smart', clientId: 'c', keys: [{ kid: 'k', key: { file: '/dev/null' } }] },
    'bulk/secret-missing',
  ],
])('%s: which place, never which text', async (_name, auth, code) => {
  const server = await serve({ files: smallExport })
  const thrown = await refusalOf(pull(await newStore(), configFor(server, { auth })))
  expect(thrown.diagnostics[0]?.code).toBe(code)
})
