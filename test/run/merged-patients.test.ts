import { afterEach, expect, test } from 'vitest'
import { silentProgress } from '../../src/base/index.ts'
import type { Resource } from '../../src/fhir/index.ts'
import { resolvePersons } from '../../src/identity/index.ts'
import { readRunEngines, type Store } from '../../src/store/index.ts'
import { openStoreWith } from '../identity/fixture.ts'
import { about, applicationOver, cqlMeasure, period } from './made-run.ts'

let store: Store | undefined
afterEach(() => {
  store?.close()
  store = undefined
})

const mrn = 'urn:test:mrn'
const updated = (lastUpdated: string) => ({ meta: { lastUpdated } })
const [older, newer] = [updated('2025-01-01T00:00:00Z'), updated('2025-06-01T00:00:00Z')]
const patientOf = (id: string, person: string, more: object): Resource => ({
  resourceType: 'Patient',
  id,
  identifier: [{ system: mrn, value: person }],
  birthDate: '1960-02-03',
  gender: 'female',
  ...more,
})
const coded = (url: string, valueCode: string) => ({ url: `http://example.org/${url}`, valueCode })
const spoken = (code: string) => ({ coding: [{ system: 'http://example.org/s', code }] })

/** Of each person what the two sources say: elements of one alone, of both, of the newer, extensions of both, and a death. */
const said: Readonly<Record<string, readonly [north: object, south: object]>> = {
  ann: [{ extension: [coded('a', '1')] }, { active: false, extension: [coded('b', '2')] }],
  bob: [
    { ...older, maritalStatus: spoken('S'), extension: [coded('a', '1'), coded('a', '3')] },
    { ...newer, maritalStatus: spoken('M'), extension: [coded('a', '2'), coded('b', '2')] },
  ],
  cat: [{ deceasedBoolean: true }, { ...newer, deceasedBoolean: false, active: true }],
  dan: [{ deceasedBoolean: false, extension: [] }, { deceasedDateTime: '2025-02-03' }],
  eve: [
    { ...older, managingOrganization: { reference: 'Organization/1' } },
    { ...newer, generalPractitioner: [{ reference: 'https://south.example/fhir/Practitioner/2' }] },
  ],
  fay: [{ active: true }, { active: true, language: 'en' }],
  gus: [{ active: true }, { active: true, _birthDate: { extension: [coded('c', 'd')] } }],
}

const value = (url: string) =>
  `Patient.extension E where E.url.value = 'http://example.org/${url}' return all (E.value as FHIR.code).value`

const defines = {
  Visited: 'exists [Encounter]',
  Born: 'Patient.birthDate.value before @1961-01-01',
  Active: 'Patient.active.value',
  First: `First(${value('a')})`,
  Second: `First(${value('b')})`,
  Codes: `Count(${value('a')})`,
  Married: `exists (Patient.maritalStatus.coding C where C.code.value = 'M')`,
  Dead: '(Patient.deceased as FHIR.boolean).value',
  Died: '(Patient.deceased as FHIR.dateTime).value',
  Organization: 'Patient.managingOrganization.reference.value',
  Practitioner: `First(Patient.generalPractitioner G return all G.reference.value)`,
  Id: 'Patient.id.value',
  Patients: 'exists ([Patient] P where P.active.value is null)',
}

const of = (side: 0 | 1) =>
  Object.entries(said).flatMap(([person, each]) => [
    patientOf(`${side}-${person}`, person, each[side]),
    about(`${side}-${person}-visit`, 'Encounter', `${side}-${person}`),
  ])

async function seven(): Promise<Store> {
  const opened = await openStoreWith([
    { source: 'south', base: 'https://south.example/fhir', resources: of(1) },
    { source: 'north', resources: of(0) },
  ])
  await resolvePersons(opened.session, { identifierSystems: [mrn] })
  return opened
}

const rows = async (opened: Store, runId: number) =>
  opened.session.all<{ defines: string; strata: string }>(
    'SELECT * EXCLUDE (run_id) FROM person_result WHERE run_id = $runId ORDER BY pid',
    { runId },
  )

test('persons of several Patients are evaluated by SQL with the one Patient that their records have', async () => {
  store = await seven()
  const made = await cqlMeasure({
    id: 'Merged',
    defines,
    populations: { 'initial-population': 'Visited', denominator: 'Visited' },
  })
  const stratifiers = Object.keys(defines).map((define) => ({ id: define, criteria: [{ name: define, define }] }))
  const measure = { ...made, groups: made.groups.map((group) => ({ ...group, stratifiers })) }
  const run = async (opened: Store, engine: 'sql' | 'direct', chunkPersons: number) => {
    const application = await applicationOver(opened, [measure], { chunkPersons })
    return application.evaluateRun({ period, engine }, silentProgress)
  }
  const direct = await rows(store, await run(store, 'direct', 100))
  expect(direct).toHaveLength(7)
  expect(new Set(direct.map(({ strata }) => strata)).size).toBe(7)
  for (const chunkPersons of [100, 2]) {
    const sql = await run(store, 'sql', chunkPersons)
    expect(await rows(store, sql)).toEqual(direct)
    const reasons = [{ reason: 'Patient.birthDate in a form that no column shows', persons: 1 }]
    expect(await readRunEngines(store.session, sql)).toEqual([
      { measureId: 'Merged', engine: 'sql', closures: 1, reasons },
    ])
  }
})
