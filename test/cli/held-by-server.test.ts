import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BulkTestServer, startBulkServer } from '../bulk/bulk-server.ts'
import { smallExport } from '../bulk/pulled.ts'
import { caregapAside, endOf, startCaregap } from './caregap.ts'

// A server holds the database; commands over it are run by the server, and say what they always say.

const folder = mkdtempSync(join(tmpdir(), 'caregap-held-'))
const db = join(folder, 'held.duckdb')
const config = join(folder, 'caregap.config.json')
const over = ['--db', db, '--config', config]
const serverFile = `${db}.server.json`
let ehr: BulkTestServer
let server: Awaited<ReturnType<typeof startCaregap>>

beforeAll(async () => {
  ehr = await startBulkServer({ files: smallExport })
  const bulk = { baseUrl: ehr.base, level: 'system', plainLoopback: true, pollSeconds: { least: 0.01, most: 1 } }
  writeFileSync(config, JSON.stringify({ sources: [{ name: 'lakeside', bulk }] }))
  const birth = { birthDate: '1960-01-01', gender: 'female' }
  writeFileSync(join(folder, 'Patient.ndjson'), `${JSON.stringify({ resourceType: 'Patient', id: 'h', ...birth })}\n`)
  server = await startCaregap(['serve', '--port', '0', ...over])
}, 120_000)

afterAll(async () => {
  if (server !== undefined) expect(await endOf(server.process)).toBe(0)
  expect(existsSync(serverFile)).toBe(false)
  await ehr?.close()
  rmSync(folder, { recursive: true, force: true })
}, 60_000)

test('pull, ingest of a relative path, evaluate, results, reports, code mapping and jobs go to the server', {
  timeout: 120_000,
}, async () => {
  const pulled = await caregapAside(['pull', 'lakeside', ...over], folder)
  expect(pulled).toMatchObject({ code: 0, stdout: expect.stringContaining('lakeside: pull 1: 7 resources') })
  expect(pulled.stderr).toContain(`held by caregap serve (process ${server.process.pid})`)
  expect(pulled.stderr).toMatch(/download lakeside .*3 files/)
  const loaded = await caregapAside(['ingest', 'Patient.ndjson', '--source', 'hill', ...over], folder)
  expect(loaded).toMatchObject({ code: 0, stdout: expect.stringContaining('hill: 1 lines = 1 good') })
  const run = await caregapAside(['evaluate', '--measure', 'glycemic-status', '--json', ...over], folder)
  expect(run.code, run.stderr).toBe(0)
  expect(JSON.parse(run.stdout)).toMatchObject({ run: { state: 'published', persons: 4 } })
  const lines = await caregapAside(['results', '--ndjson', ...over], folder)
  expect(lines.code, lines.stderr).toBe(0)
  expect(
    lines.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).measure),
  ).toEqual(Array(4).fill('glycemic-status'))
  const reported = await caregapAside(['report', 'measure-report', '--measure', 'glycemic-status', ...over], folder)
  expect(JSON.parse(reported.stdout), reported.stderr).toMatchObject({ resourceType: 'MeasureReport', type: 'summary' })
  const conceptMap = {
    resourceType: 'ConceptMap',
    group: [
      {
        source: 'urn:hill:lab',
        target: 'http://loinc.org',
        element: [{ code: 'A1C', target: [{ code: '4548-4', equivalence: 'equal' }] }],
      },
    ],
  }
  writeFileSync(join(folder, 'map.json'), JSON.stringify(conceptMap))
  const proposed = await caregapAside(['mapping', 'propose', '--file', 'map.json', '--json', ...over], folder)
  expect(JSON.parse(proposed.stdout), proposed.stderr).toEqual({ mapIds: [1], leftOut: [] })
  expect(await caregapAside(['mapping', 'approve', '1', '--yes', ...over], folder)).toMatchObject({ code: 0 })
  const maps = await fetch(`${server.url}/api/mapping/maps`)
  expect(await maps.json()).toMatchObject({ maps: [{ state: 'approved', approvedBy: userInfo().username }] })
  const jobs = await caregapAside(['jobs', '--json', ...over], folder)
  expect(JSON.parse(jobs.stdout)).toMatchObject({ pulls: [{ state: 'done' }], loads: [{ source: 'hill' }, {}] })
})

const post = (authorization: string, body: unknown) =>
  fetch(`${server.url}/api/commands/jobs`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: authorization },
    body: JSON.stringify(body),
  })

test('faults keep their text and exit code', { timeout: 60_000 }, async () => {
  expect(await caregapAside(['pull', 'nowhere', ...over], folder)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('nowhere'),
  })
  expect((await caregapAside(['ingest', 'absent', ...over], folder)).code).toBe(3)
})

test('a command that the server cannot run says who holds the file', { timeout: 60_000 }, async () => {
  const said = await caregapAside(['package', 'list', ...over], folder)
  expect(said.code).toBe(4)
  expect(said.stderr).toContain(`held by caregap serve (process ${server.process.pid}, ${server.url})`)
})

test('the way in is for whoever may read the secret, and nobody else', async () => {
  expect(statSync(serverFile).mode & 0o777).toBe(0o600)
  const { secret } = JSON.parse(readFileSync(serverFile, 'utf8')) as { secret: string }
  expect((await post('Bearer guessed', { arguments: [], folder })).status).toBe(403)
  expect((await post(`Bearer ${secret}`, { arguments: 'x' })).status).toBe(400)
  const answer = await post(`Bearer ${secret}`, { arguments: ['--json'], folder })
  expect((await answer.text()).trim().split('\n').at(-1)).toBe('{"exit":0}')
})
