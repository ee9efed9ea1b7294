import { describe, expect, test } from 'vitest'
import { addressOf, type Route } from '../../src/access/index.ts'
import { decideTransport } from '../../src/access/transport.ts'
import { defaultConfig } from '../../src/base/index.ts'
import { openServer, users } from './server.ts'

// G2: nothing is answered that somebody between caller and server could read.

const route: Route = {
  method: 'GET',
  path: '/counts',
  rule: { kind: 'public' },
  handle: (context) => context.text(addressOf(context).href),
}

interface Connection {
  readonly remoteAddress: string
  readonly encrypted?: boolean
}

async function ask(connection: Connection, headers: Record<string, string>) {
  const { app } = await openServer([route], users, { transport: { trustedProxies: ['10.0.0.5', '127.0.0.1'] } })
  const host = headers['host'] ?? 'localhost'
  const response = await app.request(`http://${host}/counts`, { headers }, { incoming: { socket: connection } })
  return { status: response.status, text: await response.text(), upgrade: response.headers.get('upgrade') }
}

const elsewhere = { host: 'cds.example' }
const byTls = { 'x-forwarded-proto': 'https' }

describe('G2: the way to the server', () => {
  test('a plain request of another machine is refused, whatever it says of itself', async () => {
    for (const headers of [
      elsewhere,
      { ...elsewhere, ...byTls },
      { host: 'localhost' },
      { host: 'localhost', ...byTls },
    ])
      expect(await ask({ remoteAddress: '10.0.0.9' }, headers)).toMatchObject({ status: 426, upgrade: 'TLS/1.2' })
  })

  test('TLS that the server ends itself is answered', async () => {
    expect(await ask({ remoteAddress: '10.0.0.9', encrypted: true }, elsewhere)).toMatchObject({ status: 200 })
  })

  test('a declared proxy is believed what it says of the way before it', async () => {
    const proxy = { remoteAddress: '::ffff:10.0.0.5' }
    expect(await ask(proxy, { ...elsewhere, ...byTls })).toMatchObject({
      status: 200,
      text: 'https://cds.example/counts',
    })
    expect((await ask(proxy, { ...elsewhere, 'x-forwarded-proto': 'http' })).status).toBe(426)
    expect((await ask(proxy, elsewhere)).status).toBe(426)
  })

  test('this machine under its own name needs none; under another it came through something undeclared', async () => {
    const local = { remoteAddress: '127.0.0.1' }
    expect(await ask(local, { host: 'localhost:8095' })).toMatchObject({
      status: 200,
      text: 'http://localhost:8095/counts',
    })
    expect((await ask(local, elsewhere)).status).toBe(426)
    expect((await ask(local, { ...elsewhere, ...byTls })).status).toBe(200)
  })

  test.each([
    ['0.0.0.0', {}, 'access/tls-needed'],
    ['0.0.0.0', { trustedProxies: ['10.0.0.5'] }, undefined],
    ['0.0.0.0', { tls: { cert: 'c.pem', key: 'k.pem' } }, undefined],
    ['127.0.0.1', {}, undefined],
  ])('a server on %s with %o: %s', (host, server, code) => {
    const decide = () => decideTransport({ ...defaultConfig.server, ...server }, host)
    if (code === undefined) expect(decide().trustedProxies).toBeDefined()
    else expect(decide).toThrow(/without TLS/)
  })
})
