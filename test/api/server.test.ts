import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Route } from '../../src/access/index.ts'
import { type RunningServer, startServer } from '../../src/api/index.ts'
import { type FakeApplication, fakeApplication } from './fake-application.ts'
import { evaluate, glycemic, medicated, prefetchOf, requestOf, result } from './patient-view.ts'

// Over a real socket: what an in-process call cannot show.

let application: FakeApplication
let server: RunningServer

/** A page that takes a while, to be under way when the server closes. */
const slowPage: Route = {
  method: 'GET',
  path: '/slow',
  rule: { kind: 'public' },
  handle: async (context) => {
    await new Promise((resolve) => setTimeout(resolve, 300))
    return context.text('done')
  },
}

beforeAll(async () => {
  application = await fakeApplication([glycemic, medicated], evaluate)
  server = await startServer({ application, pageRoutes: [slowPage], host: '127.0.0.1', port: 0 })
})

afterAll(async () => {
  await server.close()
  await application.close()
})

const service = '/cds-services/caregap-patient-view'

const postChunks = (chunks: Iterable<string>, headers: Record<string, string> = {}): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = httpRequest(
      `${server.url}${service}`,
      { method: 'POST', headers: { 'content-type': 'application/json', ...headers } },
      (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      },
    )
    // The server may end the connection once it knows that the body is too large.
    sent.on('error', reject)
    for (const chunk of chunks) sent.write(chunk)
    sent.end()
  })

function* chunksOf(count: number): Iterable<string> {
  yield '{"hook":"'
  for (let index = 0; index < count; index++) yield 'x'.repeat(64 * 1024)
  yield '"}'
}

const isAlive = async () => (await fetch(`${server.url}/health`)).status

describe('bodies', () => {
  test('Q6: a chunked body without a length is cut off at the limit with 413, and the process lives', async () => {
    expect(await postChunks(chunksOf(200))).toBe(413)
    expect(await isAlive()).toBe(200)
  })

  test('Q6: a declared length above the limit is 413 at once', async () => {
    const body = `{"hook":"${'x'.repeat(11 * 1024 * 1024)}"}`
    const headers = { 'content-type': 'application/json' }
    expect((await fetch(`${server.url}${service}`, { method: 'POST', headers, body })).status).toBe(413)
    expect(await isAlive()).toBe(200)
  })

  test('Q7: a chunked body within the limit is taken', async () => {
    const body = JSON.stringify(requestOf(prefetchOf(result(9.8))))
    expect(await postChunks(body.match(/.{1,50}/gs) ?? [])).toBe(200)
  })

  test('a client that goes away in the middle of its body does no harm', async () => {
    await new Promise<void>((resolve) => {
      const sent = httpRequest(`${server.url}${service}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': '1000' },
      })
      sent.on('error', () => resolve())
      sent.write('{"hook"')
      setTimeout(() => sent.destroy(), 20)
    })
    expect(await isAlive()).toBe(200)
  })

  test('D13: a path that is no URL is 4xx', async () => {
    for (const path of ['/cds-services/%ff', '/cds-services/%00', '/fhir/Measure/%2e%2e%2f', '//', '/%']) {
      const status = await new Promise<number>((resolve, reject) => {
        const sent = httpRequest({ host: '127.0.0.1', port: server.port, path }, (response) => {
          response.resume()
          resolve(response.statusCode ?? 0)
        })
        sent.on('error', reject)
        sent.end()
      })
      expect([400, 404], path).toContain(status)
    }
  })
})

describe('listening', () => {
  test('a port in use is a fault that says what to do', async () => {
    const second = startServer({ application, host: '127.0.0.1', port: server.port })
    await expect(second).rejects.toMatchObject({
      exitCode: 4,
      diagnostics: [{ code: 'api/port-in-use', remedy: expect.stringContaining('--port') }],
    })
  })

  test('an address that is not of this machine is a fault', async () => {
    const users = join(mkdtempSync(join(tmpdir(), 'caregap-users-')), 'users.json')
    writeFileSync(
      users,
      JSON.stringify({ users: [{ id: 'a', name: 'A', role: 'admin', tokenSha256: 'a'.repeat(64) }] }),
    )
    const elsewhere = await fakeApplication([glycemic], evaluate, { users })
    const server = { ...elsewhere.config.server, trustedProxies: ['192.0.2.2'] }
    const application = { ...elsewhere, config: { ...elsewhere.config, server } }
    const started = startServer({ application, host: '192.0.2.1', port: 0 })
    await expect(started).rejects.toMatchObject({ diagnostics: [{ code: 'api/cannot-listen' }] })
    await elsewhere.close()
    rmSync(users)
  })

  test('without users it does not listen where other machines reach it', async () => {
    await expect(startServer({ application, host: '0.0.0.0', port: 0 })).rejects.toMatchObject({
      diagnostics: [{ code: 'access/login-needed' }],
    })
  })

  test('closing lets a request that is under way finish, and frees the port', async () => {
    const other = await startServer({ application, pageRoutes: [slowPage], host: '127.0.0.1', port: 0 })
    const underWay = fetch(`${other.url}/slow`)
    await new Promise((resolve) => setTimeout(resolve, 100))
    await other.close()
    expect(await (await underWay).text()).toBe('done')
    await new Promise<void>((resolve, reject) => {
      const probe = createServer()
      probe.on('error', reject)
      probe.listen(other.port, '127.0.0.1', () => probe.close(() => resolve()))
    })
  })
})

/** A certificate for 127.0.0.1 that nobody signed; undefined where the machine has no openssl. */
function madeCertificate(folder: string): { readonly cert: string; readonly key: string } | undefined {
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  try {
    execFileSync('openssl', ['req', ...kind, '-keyout', files.key, '-out', files.cert, ...subject], { stdio: 'ignore' })
    return files
  } catch {
    return undefined
  }
}

test('G2: with a certificate the server speaks TLS, and this machine alone reaches it without', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'caregap-tls-'))
  const tls = madeCertificate(folder)
  if (tls === undefined) return context.skip('no openssl on this machine')
  const config = { ...application.config, server: { ...application.config.server, tls } }
  const secure = await startServer({ application: { ...application, config }, host: '127.0.0.1', port: 0 })
  try {
    expect(secure.url).toMatch(/^https:/)
    const ca = readFileSync(tls.cert)
    const status = await new Promise((resolve, reject) => {
      const sent = httpsRequest(`${secure.url}/cds-services`, { ca }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      sent.on('error', reject)
      sent.end()
    })
    expect(status).toBe(200)
    await expect(fetch(`${secure.url.replace('https', 'http')}/cds-services`)).rejects.toThrow()
    expect((await fetch(`${secure.localUrl}/cds-services`)).status).toBe(200)
  } finally {
    await secure.close()
    rmSync(folder, { recursive: true })
  }
})
