import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { runCommandLine } from '../../src/cli/main.ts'
import type { BulkTestServer } from './bulk-server.ts'
import { newFolder, serve, smallExport } from './pulled.ts'
import { answers, says } from './wire-faults.ts'

interface Said {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A command line over one database and one configuration. */
function commandLine(server: Pick<BulkTestServer, 'base'>, more: Record<string, unknown> = {}) {
  const folder = newFolder()
  const config = join(folder, 'caregap.config.json')
  const db = join(folder, 'pull.duckdb')
  const pollSeconds = { least: 0.01, most: 1 }
  const bulk = { baseUrl: server.base, level: 'system', plainLoopback: true, pollSeconds, attempts: 2, ...more }
  writeFileSync(config, JSON.stringify({ sources: [{ name: 'lakeside', bulk }, { name: 'hill' }] }))
  const run = async (...list: readonly string[]): Promise<Said> => {
    let stdout = ''
    let stderr = ''
    const code = await runCommandLine([...list, '--db', db, '--config', config], {
      stdout: (text) => {
        stdout += text
      },
      stderr: (text) => {
        stderr += text
      },
    })
    return { code, stdout, stderr }
  }
  return { run, db }
}

test('pull, then jobs: what came, where the next one starts, every count of every file', async () => {
  const server = await serve({ files: smallExport })
  const { run, db } = commandLine(server)
  const pulled = await run('pull', 'lakeside')
  expect(pulled.code, pulled.stderr).toBe(0)
  expect(pulled.stdout).toContain('lakeside: pull 1: 7 resources, 0 deleted; complete.')
  expect(pulled.stdout).toContain('since 2026-02-28T23:45:00.000Z')
  expect(pulled.stderr).toContain('download lakeside')
  expect(readdirSync(join(dirname(db), 'pulls'))).toEqual([])

  expect((await run('jobs')).stdout).toMatch(
    /pull 1 {2}lakeside {2}done .*3 of 3 files\nload 1 {2}lakeside .*7 good lines/,
  )
  const listed = JSON.parse((await run('jobs', '--json')).stdout) as {
    pulls: { state: string; files: { lines: number; sha256: string }[] }[]
    loads: { files: { good: number; inserted: number }[] }[]
  }
  expect(listed.pulls[0]?.files.map(({ lines }) => lines)).toEqual([3, 2, 2])
  expect(listed.pulls[0]?.files.every(({ sha256 }) => sha256.length === 64)).toBe(true)
  expect(listed.loads[0]?.files.map(({ inserted }) => inserted)).toEqual([3, 2, 2])
})

test('--dry-run shows the request and the grant, and exports nothing', async () => {
  const server = await serve({ files: smallExport })
  const { run } = commandLine(server, { types: ['Patient'] })
  const shown = await run('pull', 'lakeside', '--dry-run', '--json')
  expect(shown.code).toBe(0)
  expect(JSON.parse(shown.stdout)).toMatchObject({
    request: { url: `${server.base}/$export`, parameters: ['_type=Patient'] },
    asked: [],
  })
  expect(server.kickOffs()).toBe(0)
  expect(JSON.parse((await run('jobs', '--json')).stdout)).toEqual({ pulls: [], loads: [] })
})

test('a partial pull says so loudly, with the server’s own words, and exits with 1', async () => {
  const error = JSON.stringify({
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code: 'exception', diagnostics: 'Encounter was not exported' }],
  })
  const server = await serve({ files: [...smallExport, { section: 'error', text: `${error}\n` }] })
  const { run } = commandLine(server)
  const pulled = await run('pull', 'lakeside')
  expect(pulled.code).toBe(1)
  expect(pulled.stderr).toContain('PARTIAL: The server reports errors in its export: 1 exception.')
  expect(pulled.stderr).toContain('Encounter was not exported')
  expect(pulled.stdout).toContain('The next pull asks for everything.')
})

test('cancel gives a stopped pull up at the server and on disk; what is done cannot be cancelled', async () => {
  const server = await serve({ files: smallExport, faults: [answers('file', 500, { times: 99 })] })
  const { run, db } = commandLine(server)
  expect((await run('pull', 'lakeside')).code).toBe(4)
  expect(server.jobs()).toHaveLength(1)
  const cancelled = await run('cancel', 'lakeside')
  expect(cancelled).toMatchObject({ code: 0 })
  expect(server.jobs()).toEqual([])
  expect(existsSync(join(dirname(db), 'pulls', 'lakeside-1'))).toBe(false)
  expect((await run('cancel', '1')).stderr).toContain('nothing to cancel')
  expect((await run('cancel', '9')).code).toBe(2)
})

test('retry goes on with a failed pull, and asks anew where the server has dropped it', async () => {
  const server = await serve({ files: smallExport, faults: [says('status', 500, 'exception')] })
  const { run } = commandLine(server)
  const failed = await run('pull', 'lakeside')
  expect(failed.code).toBe(4)
  expect(failed.stderr).toContain('caregap retry')
  const retried = await run('retry', 'lakeside')
  expect(retried.code, retried.stderr).toBe(0)
  expect(server.kickOffs()).toBe(2)
})

test.each(['pull', 'jobs', 'cancel', 'retry'])('%s --help shows usage, examples and exit codes', async (name) => {
  const { run } = commandLine({ base: 'http://127.0.0.1:9/fhir' })
  const help = (await run(name, '--help')).stdout
  for (const part of [`Usage: caregap ${name}`, 'Examples:', 'Exit codes:']) expect(help).toContain(part)
})

test.each([
  ['a source without a server', ['pull', 'hill'], 2, 'lakeside'],
  ['a source that is not known', ['pull', 'nowhere'], 2, 'nowhere'],
  ['no source', ['pull'], 2, 'SOURCE'],
  ['no pull to cancel', ['cancel'], 2, 'PULL'],
  ['no pull to retry', ['retry'], 2, 'PULL'],
])('%s is wrong use', async (_name, list, code, text) => {
  const { run } = commandLine({ base: 'http://127.0.0.1:9/fhir' })
  const said = await run(...list)
  expect(said.code).toBe(code)
  expect(said.stderr).toContain(text)
})

test.each([
  ['an unreachable host', 'http://127.0.0.1:9/fhir', 4, /connection to .*127\.0\.0\.1:9.* failed \(ECONNREFUSED\)/],
  ['plain http to another machine', 'http://ehr.example/fhir', 3, /unencrypted/],
])('%s: one clear message with the remedy', async (_name, base, code, text) => {
  const { run } = commandLine({ base })
  const said = await run('pull', 'lakeside')
  expect(said.code, said.stderr).toBe(code)
  expect(said.stderr).toMatch(text)
})

function selfSigned(): { cert: string; key: string } | undefined {
  const key = join(newFolder(), 'key.pem')
  const list = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-subj', '/CN=127.0.0.1', '-days', '2']
  const made = spawnSync('openssl', list, { encoding: 'utf8' })
  return made.status === 0 ? { cert: made.stdout, key: readFileSync(key, 'utf8') } : undefined
}

test('TLS with a certificate that nobody vouches for: refused at once, with the remedy', async (context) => {
  const made = selfSigned()
  if (made === undefined) return context.skip('openssl is not installed')
  const server = createServer(made, (_request, response) => response.end('{}'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const { run } = commandLine({ base: `https://127.0.0.1:${port}/fhir` })
  const said = await run('pull', 'lakeside')
  server.close()
  expect(said.code).toBe(4)
  expect(said.stderr).toMatch(/TLS connection .* failed .*NODE_EXTRA_CA_CERTS/)
})

test('--public-keys prints the key set to register', async () => {
  const folder = newFolder()
  const file = join(folder, 'key.pem')
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  const auth = { kind: 'smart', clientId: 'c', keys: [{ kid: 'k1', key: { file } }] }
  const { run } = commandLine({ base: 'https://ehr.example/fhir' }, { auth })
  const said = await run('pull', 'lakeside', '--public-keys')
  expect(JSON.parse(said.stdout)).toMatchObject({
    keys: [{ kid: 'k1', alg: 'ES384', kty: 'EC', crv: 'P-384', use: 'sig' }],
  })
  expect(said.stdout).not.toContain('"d"')
})
