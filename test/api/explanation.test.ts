import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { defaultConfig, silentProgress } from '../../src/base/index.ts'
import { type Explanation, explanationSchema } from '../../src/gaps/index.ts'
import { explainPerson, loadData } from '../../src/jobs/index.ts'
import { applyDeletions, type RunSummary, readPersonMeasureResults, readPublishedRun } from '../../src/store/index.ts'
import { type CasePatient, caseApplication, casePatients } from './case-application.ts'
import { served } from './served.ts'

const measureId = 'glycemic-status'
const patients = casePatients().filter((patient) => patient.measureId === measureId)
const above = patients.find(({ name }) => name === 'glycemic-status/above-9-percent.json') as CasePatient
const { application, app } = await served(caseApplication(patients))
const run = (await readPublishedRun(application.store.session)) as RunSummary

async function pidOf({ patientId }: CasePatient): Promise<number> {
  const row = await application.store.session.first<{ pid: number }>(
    'SELECT coalesce(pid, spid) AS pid FROM source_patient WHERE patient_id = $patientId',
    { patientId },
  )
  return row?.pid ?? 0
}

const ask = (pid: number, more = '') =>
  app.request(`http://127.0.0.1/api/runs/${run.runId}/persons/${pid}/measures/${measureId}/explanation${more}`)

async function explanationOf(patient: CasePatient): Promise<Explanation> {
  const response = await ask(await pidOf(patient))
  expect(response.status).toBe(200)
  return explanationSchema.parse(await response.json())
}

async function storedOf(pid: number) {
  const results = await readPersonMeasureResults(application.store.session, run.runId, pid)
  return results.find((result) => result.measureId === measureId)
}

const define = (explanation: Explanation, name: string) =>
  explanation.defines.find((one) => one.name === name && one.stored !== null) as Explanation['defines'][number]

test('a result is told with its letter, its text and the version of the resource that made it so', async () => {
  const explanation = await explanationOf(above)
  const numerator = define(explanation, 'Numerator')
  expect(numerator).toMatchObject({ letter: 't', stored: 't' })
  const [key] = numerator.resources
  const resource = explanation.resources.find((one) => one.key === key)
  expect(resource).toMatchObject({ source: 'cases', type: 'Observation', since: null })
  expect(resource?.value).toMatch(/%$/)
  expect(JSON.stringify(numerator.clauses)).toContain('"text":"')
  expect(explanation.groups[0]?.populations.find(({ code }) => code === 'numerator')?.members).toBe(1)
})

test('of every person of the cases the explanation agrees with what the run stored', async () => {
  const pids = new Set<number>()
  for (const patient of patients) pids.add(await pidOf(patient))
  for (const pid of pids) {
    const explanation = await explainPerson(application, { measureId, pid, runId: run.runId })
    const stored = await storedOf(pid)
    expect(explanation.defines.flatMap((one) => one.stored ?? []).sort()).toEqual(
      (stored?.defines ?? '').split('').sort(),
    )
    for (const one of explanation.defines) if (one.stored !== null) expect(one.letter).toBe(one.stored)
    const named = new Set(explanation.resources.map(({ key }) => key))
    expect(explanation.defines.flatMap(({ resources }) => resources).filter((key) => !named.has(key))).toEqual([])
  }
  expect(pids.size).toBeGreaterThan(20)
})

test('it can be read as text, and one define alone', async () => {
  const response = await ask(await pidOf(above), '?format=text&define=Numerator')
  expect(response.headers.get('content-type')).toContain('text/plain')
  const text = await response.text()
  expect(text).toContain('true  "Numerator"')
  expect(text).toMatch(/\[1\] cases\/Observation\//)
  expect((await ask(await pidOf(above), '?define=Nothing')).status).toBe(400)
})

test('who is nobody, what was not run and what is no measure are not found', async () => {
  expect((await ask(999_999)).status).toBe(404)
  const base = 'http://127.0.0.1/api/runs'
  expect((await app.request(`${base}/77/persons/1/measures/${measureId}/explanation`)).status).toBe(404)
  expect((await app.request(`${base}/${run.runId}/persons/1/measures/nothing/explanation`)).status).toBe(404)
})

test('every explanation is written to the audit, with the person and the measure', async () => {
  const pid = await pidOf(above)
  await ask(pid)
  const row = await application.store.session.first<{ action: string; measure: string }>(
    `SELECT action, measure_id AS measure FROM audit WHERE list_contains(pids, $pid) ORDER BY rowid DESC LIMIT 1`,
    { pid },
  )
  expect(row).toEqual({ action: 'explain-person', measure: measureId })
})

test('whom a later refresh does not touch is told the same after it, line by line', async () => {
  const [touched, ...others] = patients.filter(({ name }) => !name.includes('above'))
  const told = others.slice(0, 10)
  const before = await Promise.all(told.map(explanationOf))
  const observation = touched?.resources.find(({ resourceType }) => resourceType === 'Observation')
  await load([{ ...observation, resourceType: 'Observation', id: 'of-somebody-else' }])
  expect(await Promise.all(told.map(explanationOf))).toEqual(before)
  expect(before.flatMap(({ resources }) => resources).length).toBeGreaterThan(10)
})

test('data that changed since do not change what a run is explained by, and that is said', async () => {
  const pid = await pidOf(above)
  const before = await explanationOf(above)
  const [key] = define(before, 'Numerator').resources
  const old = before.resources.find((one) => one.key === key)
  const changed = above.resources.map((resource) =>
    resource.id === old?.id
      ? { ...resource, valueQuantity: { value: 6.1, unit: '%', system: 'http://unitsofmeasure.org', code: '%' } }
      : resource,
  )
  await load(changed.filter(({ id }) => id === old?.id))
  const after = await explanationOf(above)
  expect(define(after, 'Numerator').resources).toEqual([key])
  expect(after.resources.find((one) => one.key === key)).toEqual({ ...old, since: 'changed' })
  expect(after.since).toEqual({ changed: 1, deleted: 0, added: 0 })
  expect(await (await ask(pid, '?format=text')).text()).toContain('as the run read it')
  await load([{ ...changed.find(({ id }) => id === old?.id), resourceType: 'Observation', id: 'quite-new' }])
  expect((await explanationOf(above)).since).toEqual({ changed: 1, deleted: 0, added: 1 })
})

test('what was deleted since is told of as it was', async () => {
  const other = patients.find(({ name }) => name !== above.name && name.includes('above')) ?? above
  const before = await explanationOf(other)
  const key = before.defines
    .flatMap(({ resources }) => resources)
    .find((one) => {
      return before.resources.some((resource) => resource.key === one && resource.type === 'Observation')
    })
  const gone = before.resources.find((resource) => resource.key === key)
  if (gone === undefined) throw new RangeError('an observation is cited')
  const deletions = [{ type: gone.type, id: gone.id }]
  await applyDeletions(application.store.session, { source: 'cases', origin: 'test', jobId: undefined, deletions })
  const after = await explanationOf(other)
  expect(after.resources.find((resource) => resource.key === key)).toEqual({ ...gone, since: 'deleted' })
  expect(after.since.deleted).toBe(1)
  expect(after.defines).toEqual(before.defines)
})

async function load(resources: readonly object[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'caregap-later-'))
  try {
    writeFileSync(join(folder, 'Observation.ndjson'), resources.map((one) => `${JSON.stringify(one)}\n`).join(''))
    await loadData(application.store, {
      path: folder,
      source: 'cases',
      config: defaultConfig,
      progress: silentProgress,
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('a stored letter that cannot be made again is an error which names the define and both letters', async () => {
  const other = patients.find(({ name }) => name.includes('8-percent') || name.includes('below')) ?? above
  const pid = await pidOf(other)
  const { session } = application.store
  const { defines } = (await storedOf(pid)) ?? { defines: '' }
  const names = await explainPerson(application, { measureId, pid, runId: run.runId })
  const at = defines.search(/[tf]/)
  const wrong = defines[at] === 't' ? 'f' : 't'
  const where = { pid, run: run.runId, measureId }
  await session.run(
    'UPDATE result_row SET defines = $corrupt WHERE pid = $pid AND run_id = $run AND measure_id = $measureId',
    {
      ...where,
      corrupt: `${defines.slice(0, at)}${wrong}${defines.slice(at + 1)}`,
    },
  )
  const response = await ask(pid)
  expect(response.status).toBe(409)
  const { resourceType, issue } = (await response.json()) as {
    resourceType: string
    issue: { code: string; details: { text: string } }[]
  }
  expect(resourceType).toBe('OperationOutcome')
  expect(issue).toHaveLength(1)
  expect(issue[0]?.code).toBe('conflict')
  expect(issue[0]?.details.text).toMatch(
    new RegExp(`stored ${wrong} for the define ".+", which is ${defines[at]} when made again`),
  )
  expect(names.defines.some(({ name }) => issue[0]?.details.text.includes(`"${name}"`))).toBe(true)
  await session.run(
    'UPDATE result_row SET defines = $defines, numerator = 1 - numerator WHERE pid = $pid AND run_id = $run AND measure_id = $measureId',
    { ...where, defines },
  )
  expect((await ask(pid)).status).toBe(409)
})
