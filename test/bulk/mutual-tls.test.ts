import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { expect, test } from 'vitest'
import { CaregapError } from '../../src/base/index.ts'
import { configFor, newFolder, newStore, pull } from './pulled.ts'

/** A certificate of its own authority, for a server at this machine and for a client. */
function certificate(name: string): { cert: string; key: string } | undefined {
  const [key, cert] = [join(newFolder(), `${name}-key.pem`), join(newFolder(), `${name}.pem`)]
  const names = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1']
  const list = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert, ...names]
  return spawnSync('openssl', list).status === 0 ? { cert, key } : undefined
}

interface Seen {
  readonly path: string
  readonly client: string | undefined
}

/** A server that answers who wants no client certificate with nothing but the end of the connection. */
async function serveMutual(own: { cert: string; key: string }, client: { cert: string }) {
  const seen: Seen[] = []
  const options = { cert: readFileSync(own.cert), key: readFileSync(own.key), ca: readFileSync(client.cert) }
  const server = createServer({ ...options, requestCert: true, rejectUnauthorized: true }, (request, response) => {
    const origin = `https://${request.headers.host ?? ''}`
    const path = request.url?.split('?')[0] ?? ''
    const subject = (request.socket as TLSSocket).getPeerCertificate().subject as { CN?: string } | undefined
    seen.push({ path, client: subject?.CN })
    if (path.endsWith('/$export')) return response.writeHead(202, { 'Content-Location': `${origin}/status` }).end()
    if (request.method === 'DELETE') return response.writeHead(202).end()
    if (path === '/status') {
      const output = [{ type: 'Patient', url: `${origin}/file` }]
      return response.end(
        JSON.stringify({ transactionTime: '2026-01-01T00:00:00Z', requiresAccessToken: true, output }),
      )
    }
    return response.end('{"resourceType":"Patient","id":"a"}\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, seen, base: `https://127.0.0.1:${(server.address() as AddressInfo).port}/fhir` }
}

const faultOf = async (run: Promise<unknown>) => {
  const thrown: unknown = await run.catch((error: unknown) => error)
  expect(thrown).toBeInstanceOf(CaregapError)
  return (thrown as CaregapError).diagnostics[0]
}

test('a server that wants a client certificate: shown in every request, and what is wrong with it is told', async (context) => {
  const [own, client] = [certificate('ehr'), certificate('caregap')]
  if (own === undefined || client === undefined) return context.skip('openssl is not installed')
  const { server, seen, base } = await serveMutual(own, client)
  const tls = { cert: { file: client.cert }, key: { file: client.key }, ca: { file: own.cert } }
  try {
    const done = await pull(await newStore(), configFor({ base }, { tls }))
    expect(done).toMatchObject({ exitCode: 0, resources: 1 })
    expect(seen.length).toBeGreaterThan(3)
    expect(new Set(seen.map((one) => one.client))).toEqual(new Set(['caregap']))

    const without = await faultOf(pull(await newStore(), configFor({ base }, { tls: { ca: tls.ca }, attempts: 1 })))
    expect(without).toMatchObject({ code: 'bulk/tls-failed', remedy: expect.stringContaining('tls.cert') as string })

    const stranger = await faultOf(pull(await newStore(), configFor({ base }, { tls: { ...tls, ca: undefined } })))
    expect(stranger).toMatchObject({ code: 'bulk/tls-failed', remedy: expect.stringContaining('tls.ca') as string })

    const broken = join(newFolder(), 'broken.pem')
    writeFileSync(broken, 'no key')
    const unreadable = await faultOf(
      pull(await newStore(), configFor({ base }, { tls: { ...tls, key: { file: broken } } })),
    )
    expect(unreadable).toMatchObject({ code: 'bulk/certificate-broken' })
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test('a certificate without its key is no configuration', () => {
  expect(() => configFor({ base: 'https://ehr.example/fhir' }, { tls: { cert: { file: 'a.pem' } } })).toThrow(/its key/)
})
