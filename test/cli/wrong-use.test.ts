import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { caregap } from './caregap.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caregap-use-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const database = () => join(folder, 'x.duckdb')

test.each([
  ['no command', [], 2, /Usage: caregap/],
  ['an unknown command', ['fly'], 2, /no command 'fly'/],
  ['an unknown option', ['evaluate', '--fast'], 2, /--fast.*caregap evaluate --help/s],
  ['a number that is none', ['generate', '--patients', 'many', '--out', 'x'], 2, /--patients takes a whole number/],
  ['a missing argument', ['ingest'], 2, /PATH/],
  ['a period that is none', ['evaluate', '--period', '2026'], 2, /START\.\.END/],
  [
    'a period that ends before it starts',
    ['evaluate', '--period', '2026-12-31..2026-01-01'],
    2,
    /not valid: 2026-12-31\.\.2026-01-01/,
  ],
])('%s is wrong use: one line, what and where to read on', (_name, argumentList, code, text) => {
  const done = caregap([
    ...argumentList,
    ...(argumentList.length > 0 && argumentList[0] !== 'fly' ? ['--db', database()] : []),
  ])
  expect(done.code).toBe(code)
  expect(`${done.stdout}${done.stderr}`).toMatch(text)
})

test.each([
  ['a missing file', 'absent.ndjson', undefined],
  ['an empty export', 'empty.ndjson', ''],
  ['a manifest that is no JSON', 'manifest.json', '{"output":'],
])('%s is refused: exit code 3, the file, and nothing loaded', async (_name, name, text) => {
  const file = join(folder, name)
  if (text !== undefined) await writeFile(file, text)
  const done = caregap(['ingest', file, '--source', 'someone', '--db', database()])
  expect(done.code, done.stderr).toBe(3)
  expect(done.stderr).toContain(name)
})

test('a run without data, and results without a run, say what to do', () => {
  const results = caregap(['results', '--ndjson', '--db', join(folder, 'none.duckdb')])
  expect(results.code).toBe(3)
  expect(results.stderr).toContain('caregap evaluate')
})

test('an empty store has nobody to evaluate: no run is made of nothing', () => {
  const done = caregap(['evaluate', '--all', '--db', join(folder, 'empty.duckdb')])
  expect(done.code).toBe(3)
  expect(done.stderr).toContain('caregap ingest')
})

test('a port in use: which, and what to do; exit code 4', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  try {
    const done = caregap(['serve', '--port', String(port), '--db', database()])
    expect(done.code, done.stderr).toBe(4)
    expect(done.stderr).toMatch(new RegExp(`^caregap: Port ${port} on 127\\.0\\.0\\.1 is in use.* --port\\.$`, 'm'))
  } finally {
    other.close()
  }
})

test('an unknown measure is refused with its name', () => {
  const done = caregap(['evaluate', '--measure', 'no-such', '--db', database()])
  expect(done.code).not.toBe(0)
  expect(done.stderr).toContain('no-such')
})

test('a configuration with a wrong key names the key', async () => {
  const config = join(folder, 'wrong.json')
  await writeFile(config, '{"servr":{}}')
  const done = caregap(['doctor', '--config', config])
  expect(done.code).toBe(3)
  expect(done.stderr).toContain('servr')
})

test.each(['demo', 'generate', 'ingest', 'evaluate', 'results', 'serve', 'doctor'])(
  '%s --help shows usage, options, examples and exit codes',
  (command) => {
    const help = caregap([command, '--help'])
    expect(help.code).toBe(0)
    for (const part of [`Usage: caregap ${command}`, '--db FILE', 'Examples:', 'Exit codes:']) {
      expect(help.stdout).toContain(part)
    }
  },
)

test('doctor checks node, memory, disk and the database, as text and as JSON', () => {
  const checks = JSON.parse(caregap(['doctor', '--json', '--db', database()]).stdout).checks
  expect(checks.map((check: { code: string }) => check.code.split('/')[0])).toContain('store')
  const codes = checks.map((check: { code: string }) => check.code)
  expect(codes.some((code: string) => code.startsWith('base/node'))).toBe(true)
  expect(codes).toContain('cli/measures-ready')
})

test('doctor names the file of a CDS service that is refused, and exits with 1', async () => {
  const service = join(folder, 'services', 'broken')
  await mkdir(service, { recursive: true })
  await writeFile(join(service, 'plan.json'), '{"resourceType":"PlanDefinition","id":"broken"}')
  const config = join(folder, 'services.json')
  await writeFile(config, JSON.stringify({ cds: { folders: ['services'] } }))
  const done = caregap(['doctor', '--db', database(), '--config', config])
  expect(done.code).toBe(1)
  expect(done.stdout).toContain(`✗ ${join(service, 'plan.json')}:`)
  expect(done.stdout).toMatch(/plan\.json:.*url/)
})
