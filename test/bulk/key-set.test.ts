import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { apiRoutes } from '../../src/api/index.ts'
import { loadConfig } from '../../src/base/index.ts'
import { fakeApplication } from '../api/fake-application.ts'
import { newFolder } from './pulled.ts'

const noEvaluation = () => {
  throw new RangeError('not here')
}

const pemOf = () =>
  generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({ type: 'pkcs8', format: 'pem' })

const bulk = (...kids: readonly string[]) => ({
  baseUrl: 'https://ehr.example/fhir',
  level: 'system',
  auth: { kind: 'smart', clientId: 'c', keys: kids.map((kid) => ({ kid, key: { file: `${kid}.pem` } })) },
})

test('serve publishes the public keys of all sources, once each, also after a key was changed', async () => {
  const folder = newFolder()
  writeFileSync(join(folder, 'a.pem'), pemOf())
  writeFileSync(join(folder, 'b.pem'), pemOf())
  const sources = [
    { name: 'lakeside', bulk: bulk('a') },
    { name: 'hill', bulk: bulk('a', 'b') },
  ]
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ sources }))
  const application = { ...(await fakeApplication([], noEvaluation)), config: loadConfig(join(folder, 'config.json')) }
  const route = apiRoutes(application).find(({ path }) => path === '/.well-known/jwks.json')
  expect(route?.rule).toEqual({ kind: 'public' })
  const app = new Hono()
  app.get('/.well-known/jwks.json', (context) => {
    const scope = { principal: { userId: 'x', role: 'analyst' as const }, requestId: '1', read: () => undefined }
    return route?.handle(context, scope) ?? context.notFound()
  })
  const read = async () => {
    const answer = await app.request('/.well-known/jwks.json')
    expect(answer.headers.get('Cache-Control')).toContain('max-age')
    return (await answer.json()) as { keys: Record<string, unknown>[] }
  }
  const before = await read()
  expect(before.keys.map(({ kid }) => kid)).toEqual(['a', 'b'])
  expect(before.keys.every((key) => !('d' in key))).toBe(true)
  writeFileSync(join(folder, 'b.pem'), pemOf())
  expect((await read()).keys[1]).not.toEqual(before.keys[1])
  await application.close()
})
