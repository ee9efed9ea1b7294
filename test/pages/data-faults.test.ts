import { expect, test } from 'vitest'
import { defaultConfig as config, silentProgress as progress } from '../../src/base/index.ts'
import { loadData } from '../../src/jobs/index.ts'
import { listFaults, type Store } from '../../src/store/index.ts'
import { lines, newFolder, newStore, observation, patient, write } from '../ingest/written-export.ts'

async function load(store: Store, source: string, resources: readonly object[]): Promise<void> {
  const path = write(newFolder(), { 'all.ndjson': lines(...resources) })
  await loadData(store, { path, source, config, progress })
}

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
const nextYear = String(new Date().getUTCFullYear() + 1)

const visit = (id: string, status: string, start: string) => ({
  resourceType: 'Encounter',
  id,
  status,
  subject: { reference: 'Patient/a' },
  period: { start },
})

const seen = (id: string, encounter: string, more: object = {}) =>
  observation(id, 'a', { encounter: { reference: encounter }, ...more })

const found = async (store: Store) => {
  const { state, faults } = await listFaults(store)
  return [
    state,
    ...faults.map(
      ({ kind, source, type, named, resources, patients, targets, held, line }) =>
        `${kind} ${source} ${type} ${named}: ${resources} of ${held}, ${patients} patients, ${targets} targets, line ${line}`,
    ),
  ]
}

test('clinical dates after the load are found at every precision; what lies ahead by its nature is not', async () => {
  const store = await newStore()
  await load(store, 'hill', [
    patient('a', { birthDate: '1950-02-30' }),
    patient('b', { birthDate: nextYear }),
    observation('today', 'a', { effectiveDateTime: inDays(0) }),
    observation('month', 'a', { effectiveDateTime: inDays(0).slice(0, 7) }),
    observation('year', 'a', { effectiveDateTime: inDays(0).slice(0, 4), issued: 'soon' }),
    observation('ahead', 'a', { effectiveDateTime: inDays(3).slice(0, 10), issued: inDays(0) }),
    observation('next', 'b', { effectivePeriod: { start: `${nextYear}-02` } }),
    observation('both', 'b', {
      effectiveDateTime: `${nextYear}-02-01T10:00:00Z`,
      issued: `${nextYear}-02-01T10:00:00Z`,
    }),
    visit('planned', 'planned', inDays(20)),
    visit('done', 'finished', inDays(20)),
    {
      resourceType: 'Appointment',
      id: 'x',
      status: 'booked',
      start: inDays(20),
      participant: [{ actor: { reference: 'Patient/a' } }],
    },
    {
      resourceType: 'Goal',
      id: 'x',
      lifecycleStatus: 'active',
      startDate: `${nextYear}-01-01`,
      subject: { reference: 'Patient/a' },
    },
  ])
  expect(await found(store)).toEqual([
    'current',
    'future-date hill Observation effectiveDateTime: 2 of 6, 2 patients, 0 targets, line 6',
    'future-date hill Encounter period.start: 1 of 2, 1 patients, 0 targets, line 10',
    'future-date hill Observation effectivePeriod.start: 1 of 6, 1 patients, 0 targets, line 7',
    'future-date hill Observation issued: 1 of 6, 1 patients, 0 targets, line 8',
    'future-date hill Patient birthDate: 1 of 2, 1 patients, 0 targets, line 2',
  ])
})

test('a reference dangles until its own source sends what it names, and one that is corrected dangles no more', async () => {
  const store = await newStore()
  await load(store, 'hill', [
    patient('a', { generalPractitioner: [{ reference: 'https://hill.example.org/fhir/Practitioner/p/_history/2' }] }),
    seen('1', 'Encounter/e'),
    seen('2', 'Encounter/e'),
    seen('3', 'urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0'),
    observation('4', 'a', {
      contained: [{ resourceType: 'Device', id: 'd' }],
      device: { reference: '#d' },
      encounter: { identifier: { value: 'by name alone' } },
      performer: [{ reference: 'Practitioner?identifier=7' }],
      focus: [{ reference: 'https://example.org/Docs/7' }],
    }),
    observation('5', 'nobody'),
  ])
  await load(store, 'lake', [{ resourceType: 'Encounter', id: 'e', status: 'finished' }])
  const dangling = [
    'dangling-reference hill Observation Encounter: 2 of 5, 1 patients, 1 targets, line 2',
    'dangling-reference hill Observation Patient: 1 of 5, 1 patients, 1 targets, line 6',
    'dangling-reference hill Observation urn: 1 of 5, 1 patients, 0 targets, line 4',
    'dangling-reference hill Patient Practitioner: 1 of 1, 1 patients, 1 targets, line 1',
  ]
  expect(await found(store)).toEqual(['current', ...dangling])
  await load(store, 'hill', [
    { resourceType: 'Practitioner', id: 'p' },
    seen('3', 'Encounter/other', { meta: { lastUpdated: '2026-01-02T00:00:00Z' } }),
  ])
  expect(await found(store)).toEqual([
    'current',
    'dangling-reference hill Observation Encounter: 3 of 5, 1 patients, 2 targets, line 2',
    'dangling-reference hill Observation Patient: 1 of 5, 1 patients, 1 targets, line 6',
  ])
  await load(store, 'hill', [{ resourceType: 'Encounter', id: 'e', status: 'finished' }, patient('nobody')])
  expect(await found(store)).toEqual([
    'current',
    'dangling-reference hill Observation Encounter: 1 of 5, 1 patients, 1 targets, line 2',
  ])
})
