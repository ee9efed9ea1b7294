import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { dataSnapshot, type Store } from '../../src/store/index.ts'
import { contents, lines, load, newFolder, newStore, observation, patient, write } from './written-export.ts'

const at = (lastUpdated: string, more: object = {}) => ({ meta: { lastUpdated }, ...more })

test('loading the same again changes nothing', async () => {
  const folder = write(newFolder(), {
    'Patient.ndjson': lines(patient('1'), 'broken'),
    'Observation.ndjson': lines(observation('a', '1'), observation('b', 'unknown'), observation('a', '1')),
  })
  const store = await newStore()
  const first = await load(store, folder)
  expect(first.total).toMatchObject({ good: 4, inserted: 3, duplicate: 1, quarantined: 1 })
  const before = [
    await contents(store),
    await dataSnapshot(store.session),
    await store.session.all('FROM source_patient ORDER BY ALL'),
  ]
  const rawBefore = await store.session.all('FROM raw_line ORDER BY ALL')
  const second = await load(store, folder)
  expect(second.total).toMatchObject({ good: 4, inserted: 0, updated: 0, unchanged: 3, duplicate: 1, quarantined: 1 })
  expect([
    await contents(store),
    await dataSnapshot(store.session),
    await store.session.all('FROM source_patient ORDER BY ALL'),
  ]).toEqual(before)
  expect(await store.session.all('FROM raw_line ORDER BY ALL')).toEqual(rawBefore)
})

test('a changed resource is updated, and its former version is kept', async () => {
  const store = await newStore()
  const folder = write(newFolder(), { 'Patient.ndjson': lines(patient('1'), patient('2')) })
  await load(store, folder, { source: 'ehr' })
  const snapshot = await dataSnapshot(store.session)
  write(folder, { 'Patient.ndjson': lines(patient('1', { gender: 'female' }), patient('2')) })
  const report = await load(store, folder, { source: 'ehr' })
  expect(report.total).toMatchObject({ updated: 1, unchanged: 1, inserted: 0 })
  expect(await contents(store)).toContain('ehr Patient/1 {"resourceType":"Patient","id":"1","gender":"female"}')
  expect(await dataSnapshot(store.session)).not.toBe(snapshot)
  expect(await store.session.all(`SELECT id FROM raw_line WHERE id = '1'`)).toHaveLength(2)
})

test('an older resource never replaces a newer one, in the same job or later, across zones', async () => {
  const store = await newStore()
  const folder = newFolder()
  const newer = patient('1', at('2026-01-01T00:30:00Z', { gender: 'female' }))
  // Later on the clock of its own zone, but earlier in time.
  const older = patient('1', at('2026-01-01T01:00:00+02:00', { gender: 'male' }))
  write(folder, { 'Patient.ndjson': lines(newer, older) })
  expect((await load(store, folder, { source: 'ehr' })).total).toMatchObject({ inserted: 1, duplicate: 1 })
  expect(await contents(store)).toEqual([`ehr Patient/1 ${JSON.stringify(newer)}`])
  write(folder, { 'Patient.ndjson': lines(older) })
  expect((await load(store, folder, { source: 'ehr' })).total).toMatchObject({ good: 1, older: 1, updated: 0 })
  expect(await contents(store)).toEqual([`ehr Patient/1 ${JSON.stringify(newer)}`])
  const same = patient('1', at('2026-01-01T00:30:00Z', { gender: 'other' }))
  write(folder, { 'Patient.ndjson': lines(same) })
  expect((await load(store, folder, { source: 'ehr' })).total).toMatchObject({ updated: 1, older: 0 })
})

test('duplicates across files of a job are folded; equal ids of other types and sources are not', async () => {
  const folder = newFolder()
  write(join(folder, 'a'), {
    'A.ndjson': lines(patient('1'), { resourceType: 'Basic', id: '1' }),
    'B.ndjson': lines(patient('1'), patient('2')),
  })
  write(join(folder, 'b'), { 'A.ndjson': lines(patient('1')) })
  const store = await newStore()
  expect((await load(store, join(folder, 'a'))).total).toMatchObject({ good: 4, inserted: 3, duplicate: 1 })
  expect((await load(store, join(folder, 'b'))).total).toMatchObject({ good: 1, inserted: 1 })
  expect(await contents(store)).toHaveLength(4)
})

test('every line is kept with source, job, file and line', async () => {
  const folder = write(newFolder(), { 'Patient.ndjson': lines(patient('1'), '', patient('2')) })
  const store = await newStore()
  await load(store, folder, { source: 'ehr' })
  const rows = await store.session.all(
    `SELECT s.name, j.job_id, f.path, l.line_no, l.id FROM raw_line l JOIN source_file f USING (file_id)
     JOIN job j USING (job_id) JOIN source s ON s.source_id = l.source_id ORDER BY l.id`,
  )
  const path = join(folder, 'Patient.ndjson')
  expect(rows).toEqual([
    { name: 'ehr', job_id: 1, path, line_no: '1', id: '1' },
    { name: 'ehr', job_id: 1, path, line_no: '3', id: '2' },
  ])
})

test('the compartment’s patient: by subject, patient, participant or performer, dangling ones too', async () => {
  const folder = write(newFolder(), {
    'A.ndjson': lines(
      patient('1'),
      observation('o', '1'),
      { resourceType: 'Immunization', id: 'i', patient: { reference: 'Patient/1/_history/3' } },
      { resourceType: 'Coverage', id: 'c', beneficiary: { reference: 'Patient/1' } },
      {
        resourceType: 'Appointment',
        id: 'ap',
        participant: [{ actor: { reference: 'Location/l' } }, { actor: { reference: 'Patient/1' } }],
      },
      { resourceType: 'Observation', id: 'op', performer: [{ reference: 'Patient/1' }] },
      observation('od', 'dangling'),
      { resourceType: 'Group', id: 'g', member: [{ entity: { reference: 'Patient/1' } }] },
      { resourceType: 'Practitioner', id: 'pr' },
      { resourceType: 'Observation', id: 'of', subject: { reference: 'https://other.example/fhir/Patient/1' } },
    ),
  })
  const store = await newStore()
  await load(store, folder)
  const rows = await store.session.all<{ id: string; patient: string | null }>(
    `SELECT c.id, p.patient_id AS patient FROM resource_current c LEFT JOIN source_patient p USING (spid) ORDER BY c.id`,
  )
  expect(Object.fromEntries(rows.map((row) => [row.id, row.patient]))).toEqual({
    '1': '1',
    ap: '1',
    c: '1',
    g: null,
    i: '1',
    o: '1',
    od: 'dangling',
    of: 'https://other.example/fhir/Patient/1',
    op: '1',
    pr: null,
  })
})

const view = (store: Store): Promise<unknown[]> =>
  store.session.all(`SELECT source, type, id, rid, raw FROM resource ORDER BY rid`)

test('what is current does not depend on how lines are spread over files, blocks and their order', async () => {
  const resources = Array.from({ length: 60 }, (_, index) =>
    index < 10 ? patient(`p${index}`) : observation(`o${index}`, `p${index % 12}`),
  )
  const reference = await newStore()
  await load(reference, write(newFolder(), { 'all.ndjson': lines(...resources) }), { source: 'ehr' })
  const expected = await view(reference)
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(resources, { minLength: 60 }),
      fc.integer({ min: 1, max: 59 }),
      fc.integer({ min: 1, max: 20_000 }),
      async (order, cut, blockBytes) => {
        const store = await newStore()
        const folder = write(newFolder(), {
          'b.ndjson': lines(...order.slice(0, cut)),
          'a.ndjson.gz': lines(...order.slice(cut)),
        })
        await load(store, folder, { source: 'ehr', blockBytes })
        expect(await view(store)).toEqual(expected)
      },
    ),
    { numRuns: 12 },
  )
})
