import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readPersonRecord } from '../../src/identity/index.ts'
import { deriveTyped } from '../../src/store/index.ts'
import { askForAll } from './typed-store.ts'
import { contents, load, newFolder, newStore, observation, patient, write } from './written-export.ts'

const rawOf = async (store: Awaited<ReturnType<typeof newStore>>) =>
  (await store.session.all<{ raw: string }>('SELECT raw FROM resource WHERE NOT deleted ORDER BY type, id')).map(
    ({ raw }) => raw,
  )

const indented = (value: object): string => JSON.stringify(value, null, 2)

test('files of one resource each come out byte for byte, line ends, numbers and unknown types with them', async () => {
  const folder = newFolder()
  const texts = [
    `{\r\n  "resourceType": "Basic",\r\n  "id": "crlf"\r\n}\r\n`,
    `${indented(observation('o', 'p', { valueQuantity: { value: '1.500' } })).replace('"1.500"', '1.500')}\n\n`,
    indented(patient('p')),
    `{"id":"z",\n"resourceType":"Zebra"}`,
  ]
  for (const [index, text] of texts.entries()) writeFileSync(join(folder, `${index}.json`), text)
  writeFileSync(join(folder, 'package.json'), '{"name":"no resource"}')
  const store = await newStore()
  const report = await load(store, folder, { source: 'hill' })
  expect(report).toMatchObject({ exitCode: 0, total: { lines: 4, good: 4, inserted: 4 } })
  expect(await rawOf(store)).toEqual(texts)
  expect((await load(store, folder, { source: 'hill' })).total).toMatchObject({ unchanged: 4, inserted: 0 })
})

test('a file that is no resource after all is quarantined with its text; the others come in', async () => {
  const files = {
    'a.json': indented(patient('a')),
    'b.json': '{"resourceType":"Patient",\n "id":"b",\n}',
    'c.json': '{"resourceType":"X\u0001"}',
  }
  const store = await newStore()
  const report = await load(store, write(newFolder(), files), { source: 'hill' })
  expect(report).toMatchObject({ exitCode: 1, total: { good: 1, quarantined: 2 } })
  const [row] = await store.session.all<{ text: string; code: string }>(
    'SELECT code, decode(text) AS text FROM quarantine ORDER BY file_id',
  )
  expect(row).toEqual({ code: 'ingest/invalid-json', text: files['b.json'] })
})

const urn = 'urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0'
const bundle = (type: string, entry: readonly object[]): string => indented({ resourceType: 'Bundle', type, entry })

test.each(['transaction', 'batch', 'collection'])('a %s is opened: an entry’s raw is its own bytes', async (type) => {
  const subject = { subject: { reference: urn } }
  const text = bundle(type, [
    { fullUrl: urn, resource: patient('p'), request: { method: 'POST', url: 'Patient' } },
    { resource: observation('o', '', subject), request: { method: 'PUT', url: 'Observation/o' } },
  ])
  const folder = write(newFolder(), { 'one.json': text })
  const store = await newStore()
  expect(await load(store, join(folder, 'one.json'), { source: 'hill' })).toMatchObject({ total: { inserted: 2 } })
  const raws = await rawOf(store)
  expect(raws.every((raw) => readFileSync(join(folder, 'one.json'), 'utf8').includes(raw))).toBe(true)
  expect(raws[0]).toContain('\n')
  // The reference by URN leads to the patient.
  expect(await store.session.all('SELECT DISTINCT spid FROM resource_current')).toHaveLength(1)
})

test('references by URN lead to resources of the same load, whoever they are of; raw stays, and so does the URN as an identifier', async () => {
  const [medication, visit] = ['urn:uuid:11111111-1111-4111-8111-111111111111', 'urn:oid:1.2.36.146']
  const facts = [
    { resourceType: 'Medication', id: 'm', code: { text: 'aspirin' }, identifier: [{ value: medication }] },
    { resourceType: 'Encounter', id: 'e', subject: { reference: urn }, identifier: [{ value: visit }] },
    {
      resourceType: 'MedicationRequest',
      id: 'r',
      identifier: [{ value: visit }],
      subject: { reference: urn },
      encounter: { reference: visit },
      medicationReference: { reference: medication },
      reasonReference: [{ reference: 'urn:uuid:22222222-2222-4222-8222-222222222222' }],
    },
  ]
  const names = [medication, visit, undefined]
  const text = bundle('transaction', [
    ...facts.map((resource, index) => ({ fullUrl: names[index], resource })),
    { fullUrl: urn, resource: patient('p') },
  ])
  const store = await newStore()
  await askForAll(store, 'MedicationRequest')
  expect((await load(store, at(text), { source: 'hill' })).total).toMatchObject({ inserted: 4 })
  await deriveTyped(store.session)
  const [typed] = await store.session.all<Record<string, unknown>>(
    `SELECT r.encounter.reference AS encounter, r."medicationReference".reference AS medication,
       r."medicationReference".rid = m.rid AS leads, len(r."reasonReference")::INTEGER AS reasons
     FROM typed_medicationrequest r, resource m WHERE m.type = 'Medication'`,
  )
  expect(typed).toEqual({ encounter: 'Encounter/hill.e', medication: 'Medication/hill.m', leads: true, reasons: 1 })
  expect((await rawOf(store)).every((raw) => text.includes(raw))).toBe(true)
  // A person's record has what was prescribed, and the URN that leads nowhere.
  const record = await readPersonRecord(store.session, 1)
  expect(record?.entries.map(({ type }) => type).sort()).toEqual(
    [...facts.map((one) => one.resourceType), 'Patient'].sort(),
  )
  const request = JSON.stringify(record?.entries.find(({ type }) => type === 'MedicationRequest')?.resource)
  expect(request).toContain('"reference":"Medication/hill.m"')
  expect(request).toContain(`"identifier":[{"value":"${visit}"}]`)
  expect(request).toContain('urn:uuid:22222222')
})

const at = (text: string) => join(write(newFolder(), { 'b.json': text }), 'b.json')

test('a DELETE of a Bundle is a tombstone, and an entry that cannot be taken refuses all', async () => {
  const store = await newStore()
  await load(store, at(bundle('transaction', [{ resource: patient('p') }, { resource: patient('q') }])), {
    source: 'hill',
  })
  const deletes = bundle('transaction', [{ request: { method: 'DELETE', url: 'Patient/q' } }])
  expect((await load(store, at(deletes), { source: 'hill' })).exitCode).toBe(0)
  expect((await contents(store)).map((line) => line.split(' ')[1])).toEqual(['Patient/p'])
  const broken = bundle('transaction', [{ resource: patient('r') }, { resource: { resourceType: 'Patient' } }])
  const report = await load(store, at(broken), { source: 'hill' })
  expect(report).toMatchObject({
    exitCode: 3,
    exports: [{ diagnostics: [{ code: 'ingest/bundle-entry', message: expect.stringContaining('Entry 1') }] }],
  })
  expect(await contents(store)).toHaveLength(1)
})

test('Bundles among other resources stay whole, and that is said', async () => {
  const files = {
    'a.json': indented(patient('a')),
    'b.json': JSON.stringify({ resourceType: 'Bundle', id: 'b', type: 'collection' }),
  }
  const store = await newStore()
  const report = await load(store, write(newFolder(), files), { source: 'hill' })
  expect(report.exports[0]?.diagnostics).toMatchObject([{ code: 'ingest/bundle-kept-whole' }])
  expect((await rawOf(store))[0]).toBe(files['b.json'])
})
