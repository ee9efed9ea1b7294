import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createApp } from '../../src/api/index.ts'
import { personAnswer } from '../../src/api/openapi/person-answers.ts'
import { caseApplication, casePatients } from './case-application.ts'
import { fakeApplication } from './fake-application.ts'
import { evaluate, glycemic } from './patient-view.ts'
import { served } from './served.ts'

type Json = Readonly<Record<string, unknown>>

const measureId = 'glycemic-status'
const patients = casePatients()
  .filter((patient) => patient.measureId === measureId)
  .slice(0, 24)
const people = '/api/measures/glycemic-status/members'
const { application, app } = await served(caseApplication(patients))

async function read(path: string, status = 200, headers: Record<string, string> = {}): Promise<Json> {
  const response = await app.request(`http://127.0.0.1${path}`, { headers })
  expect(response.status, path).toBe(status)
  return (await response.json()) as Json
}

const rowsOf = (body: Json) => body['rows'] as readonly Json[]

const inPopulation = (code: string) => patients.filter(({ expected }) => expected[code] === 1).length

test('measures are listed with their groups', async () => {
  const { measures } = (await read('/api/measures')) as { measures: Json[] }
  expect(measures.map(({ id }) => id)).toContain(measureId)
  expect(measures[0]).toHaveProperty('groups.0.populations')
})

test('the scorecard has the counts that the cases expect, with rate and interval', async () => {
  const { run, measures } = (await read('/api/scorecard')) as { run: Json; measures: Json[] }
  expect(run).toMatchObject({ state: 'published', persons: patients.length })
  const row = measures.find((measure) => measure['measureId'] === measureId)
  const risk = inPopulation('denominator') - inPopulation('denominator-exclusion')
  expect(row).toMatchObject({
    initialPopulation: inPopulation('initial-population'),
    denominator: inPopulation('denominator'),
    denominatorExclusion: inPopulation('denominator-exclusion'),
    numerator: inPopulation('numerator'),
    openGaps: inPopulation('numerator'),
    improvementNotation: 'decrease',
  })
  expect(row?.['rate']).toBeCloseTo(inPopulation('numerator') / risk, 10)
})

test('members of each population are as many as the cases expect, and pages cut them without loss', async () => {
  for (const code of ['initial-population', 'denominator', 'denominator-exclusion', 'numerator']) {
    expect((await read(`${people}?population=${code}`))['total'], code).toBe(inPopulation(code))
  }
  const size = 5
  const pids: unknown[] = []
  for (let page = 1; page <= Math.ceil(patients.length / size); page++) {
    pids.push(...rowsOf(await read(`${people}?population=all&size=${size}&page=${page}`)).map(({ pid }) => pid))
  }
  expect(new Set(pids).size).toBe(patients.length)
  expect(rowsOf(await read(`${people}?population=all&page=1000`))).toEqual([])
})

test('gaps are filtered by status, and open ones by default', async () => {
  const open = await read(`/api/gaps?measure=${measureId}`)
  expect(open['total']).toBe(inPopulation('numerator'))
  expect(rowsOf(open).every(({ status }) => status === 'open')).toBe(true)
  expect(rowsOf(open)[0]).toMatchObject({ sentence: expect.stringMatching(/^Open: /), dueDate: '2026-05-10' })
})

test('a person has results, gaps with their evidence, and the source patients they are made of', async () => {
  const [row] = rowsOf(await read(`/api/gaps?measure=${measureId}`))
  const body = await read(`/api/persons/${String(row?.['pid'])}`)
  expect(body).toMatchObject({ person: { pid: row?.['pid'] }, sourcePatients: [{ source: 'cases' }], errors: [] })
  const gaps = body['gaps'] as readonly Json[]
  expect(gaps.map((gap) => gap['measureId'])).toEqual(application.measures.map(({ id }) => id).toSorted())
  expect(gaps.every(({ evidence }) => Array.isArray(evidence))).toBe(true)
})

test('what nearly counted is told with each gap that something could still change, where it is asked for', async () => {
  const { rows } = (await read(`/api/gaps?measure=${measureId}`)) as { rows: readonly Json[] }
  const kinds: unknown[] = []
  for (const { pid } of rows) {
    const body = await read(`/api/persons/${String(pid)}?near=all`)
    expect(personAnswer.safeParse(body).error).toBeUndefined()
    for (const gap of body['gaps'] as readonly Json[]) {
      expect([gap['status'], Array.isArray(gap['nearMisses']), gap['untried']]).toEqual([gap['status'], true, 0])
      kinds.push(...(gap['nearMisses'] as readonly Json[]).map(({ kind }) => kind))
    }
    expect((await read(`/api/persons/${String(pid)}`))['gaps']).not.toContainEqual(
      expect.objectContaining({ nearMisses: expect.anything() as unknown }),
    )
  }
  expect(kinds).toContain('date-outside')
})

test.each([
  ['an unknown parameter', `${people}?colour=red`, 400],
  ['a population that does not exist', `${people}?population=everybody`, 400],
  ['page 0', `${people}?page=0`, 400],
  ['a page that is no number', `${people}?page=x`, 400],
  ['too large a page', `${people}?size=100000`, 400],
  ['a status that does not exist', '/api/gaps?measure=glycemic-status&status=ajar', 400],
  ['no measure', '/api/gaps', 400],
  ['an unknown measure', '/api/measures/none/members', 404],
  ['an unknown group', `${people}?group=none`, 404],
  ['an unknown run', '/api/scorecard?run=99', 404],
  ['an unknown person', '/api/persons/999999', 404],
  ['a person that is no number', '/api/persons/smith', 404],
  ['an unknown path', '/api/none', 404],
])('%s is refused with what is wrong, and nothing of the value', async (_, path, status) => {
  const body = await read(path, status)
  expect(typeof body['error']).toBe('string')
  expect(JSON.stringify(body)).not.toMatch(/\bred\b|everybody|ajar|smith|SELECT|\.ts:/)
})

test('before the first run the answer says what to do', async () => {
  const fresh = await fakeApplication([glycemic], evaluate)
  const bare = await createApp({ application: fresh, host: '127.0.0.1' })
  const response = await bare.request('http://127.0.0.1/api/scorecard')
  expect(response.status).toBe(404)
  expect(await response.text()).toContain('caregap evaluate')
  await fresh.close()
})

test('with users: counts for analysts, people for those who may see them, nothing without a token', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'caregap-users-'))
  const users = join(folder, 'users.json')
  const listed = [
    user('ann', 'analyst'),
    user('quin', 'quality'),
    user('cleo', 'clinician'),
    user('paul', 'quality', { practices: [] }),
  ]
  writeFileSync(users, JSON.stringify({ users: listed }))
  const guarded = { ...application, config: { ...application.config, users } }
  const locked = await createApp({ application: guarded, host: '127.0.0.1' })
  const statusOf = async (path: string, token?: string) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    return (await locked.request(`http://aco.example${path}`, { headers })).status
  }
  expect([await statusOf('/health'), await statusOf('/cds-services'), await statusOf('/fhir/metadata')]).toEqual([
    200, 200, 200,
  ])
  expect([await statusOf('/api/scorecard'), await statusOf('/api/scorecard', 'wrong')]).toEqual([401, 401])
  expect([await statusOf('/api/scorecard', 'ann'), await statusOf(people, 'ann')]).toEqual([200, 403])
  expect([await statusOf(people, 'quin'), await statusOf(people, 'cleo')]).toEqual([200, 403])
  expect([await statusOf('/api/persons/1', 'quin'), await statusOf('/api/persons/1', 'paul')]).toEqual([200, 403])
  const limited = await locked.request(`http://aco.example${people}?population=all`, {
    headers: { authorization: 'Bearer paul' },
  })
  expect(await limited.json()).toMatchObject({ total: 0, rows: [] })
  const report = `/fhir/Measure/${measureId}/$evaluate-measure?periodStart=2026&periodEnd=2026`
  expect([
    await statusOf(`${report}&subject=Person/1`, 'cleo'),
    await statusOf(`${report}&subject=Person/1`, 'paul'),
  ]).toEqual([200, 403])
  rmSync(folder, { recursive: true })
})

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

const user = (id: string, role: string, more = {}) => ({ id, name: id, role, tokenSha256: sha256(id), ...more })

test('runs say what they were made of, and two are compared', async () => {
  const { runs } = (await read('/api/runs')) as { runs: Json[] }
  const measures = runs[0]?.['measures'] as readonly Json[]
  expect(measures.find((measure) => measure['measureId'] === measureId)).toMatchObject({
    state: 'done',
    logicHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    valueSets: expect.arrayContaining([expect.objectContaining({ canonical: expect.any(String) })]),
  })
  const runId = String(runs[0]?.['runId'])
  expect(await read(`/api/runs/compare?before=${runId}&after=${runId}`)).toMatchObject({ changes: [], totals: [] })
  await read(`/api/runs/compare?before=${runId}&after=99`, 404)
  await read('/api/runs/compare?before=1', 400)
})
