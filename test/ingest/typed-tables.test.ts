import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDecimal } from '../../src/core/index.ts'
import { typedFields, typedResourceTypes } from '../../src/fhir/index.ts'
import { deriveTyped, prepareSetTables, type Store } from '../../src/store/index.ts'
import { askForAll, holdAll } from './typed-store.ts'
import { lines, load, manifest, newFolder, newStore, observation, patient, write } from './written-export.ts'

async function derived(...resources: readonly (object | string)[]): Promise<Store> {
  const store = await newStore()
  await load(store, write(newFolder(), { 'all.ndjson': lines(...resources) }), { source: 'ehr' })
  await holdAll(store, 'Patient', 'Encounter', 'Observation')
  return store
}

const row = async (store: Store, columns: string, table = 'typed_observation') =>
  (await store.session.all<Record<string, unknown>>(`SELECT ${columns} FROM ${table} ORDER BY rid`))[0]

test('every listed path is of the model, for every type', () => {
  for (const type of typedResourceTypes) expect(typedFields(type)?.length).toBeGreaterThan(0)
  expect(typedFields('StructureDefinition')).toBeUndefined()
})

test('an Observation’s columns: keys, choice, quantity, dates, references, components', async () => {
  const store = await derived(
    patient('1'),
    { resourceType: 'Encounter', id: 'e', status: 'finished', subject: { reference: 'Patient/1' } },
    observation('o', '1', {
      meta: { profile: ['http://example.org/p'] },
      encounter: { reference: 'Encounter/e' },
      effectiveDateTime: '2026-03-31T20:15:00-05:00',
      valueQuantity: { value: 7.25, unit: '%', system: 'http://unitsofmeasure.org', code: '%' },
      component: [
        {
          code: { coding: [{ system: 'http://loinc.org', code: '8480-6' }] },
          valueQuantity: { value: 120, code: 'mm[Hg]' },
        },
        { code: { text: 'note' }, valueString: 'x' },
      ],
    }),
  )
  const { rid } = (await row(store, 'rid', 'typed_encounter')) ?? {}
  expect(
    await row(
      store,
      'pid, spid, id, profile, irregular, status, encounter, effective_kind, "effectiveDateTime", value_kind, "valueQuantity", "valueString", component[1]."valueQuantity"."value" AS systolic, component[2].value_kind AS kind, component[2].code IS NOT NULL AS coded',
    ),
  ).toEqual({
    pid: 1,
    spid: 1,
    id: 'ehr.o',
    profile: ['http://example.org/p'],
    irregular: null,
    status: 'final',
    encounter: { reference: 'Encounter/ehr.e', rid },
    effective_kind: 'dateTime',
    effectiveDateTime: { lo: '2026-03-31 20:15:00', hi: '2026-03-31 20:15:00.999', offset_min: -300, precision: 6 },
    value_kind: 'Quantity',
    valueQuantity: {
      value: '7.25000000',
      text: '7.25',
      comparator: null,
      unit: '%',
      system: 'http://unitsofmeasure.org',
      code: '%',
    },
    valueString: null,
    systolic: '120.00000000',
    kind: 'string',
    coded: true,
  })
})

test('a missing structure is NULL, an empty one is not', async () => {
  const store = await derived(patient('1'), observation('o', '1', { encounter: { display: 'a visit' } }))
  expect(await row(store, '"valueQuantity" IS NULL AS q, encounter, "effectivePeriod" IS NULL AS p')).toEqual({
    q: true,
    encounter: { reference: null, rid: null },
    p: true,
  })
})

const coding = (...list: object[]) => ({ code: { coding: list } })

test('concepts: one cid per set of codings, whatever their order, their system’s name or the text beside', async () => {
  const a = { system: 'http://loinc.org', code: '4548-4' }
  const folded = { system: 'urn:oid:2.16.840.1.113883.6.1', code: '4548-4' }
  const b = { system: 'http://example.org/local', code: 'A1C' }
  const store = await derived(
    patient('1'),
    observation('1', '1', coding(a, b)),
    observation('2', '1', coding(b, a)),
    observation('3', '1', coding(b, folded, a)),
    observation('4', '1', { code: { coding: [a, b], text: 'other words' } }),
    observation('5', '1', coding(a)),
    observation('6', '1', { code: { text: 'only words' } }),
    observation('7', '1', { code: {} }),
  )
  const rows = await store.session.all<{ id: string; cid: number; codings: string[] }>(
    `SELECT t.id, t.code AS cid, list_sort(list(k.system || '|' || k.code) FILTER (k.code IS NOT NULL)) AS codings
     FROM typed_observation t JOIN concept c ON c.cid = t.code LEFT JOIN coding k ON list_contains(c.coding_ids, k.coding_id)
     GROUP BY ALL ORDER BY t.id`,
  )
  const set = ['http://example.org/local|A1C', 'http://loinc.org|4548-4']
  expect(rows.map((one) => one.codings)).toEqual([set, set, set, set, ['http://loinc.org|4548-4'], null, null])
  expect(new Set(rows.slice(0, 4).map((one) => one.cid)).size).toBe(1)
  expect(rows[5]?.cid).toBe(rows[6]?.cid)
  expect(new Set(rows.map((one) => one.cid)).size).toBe(3)
})

const refer = (reference: string) => ({ encounter: { reference } })

test('references: local ones are qualified by source and keyed, others are left', async () => {
  const folder = write(newFolder(), {
    'manifest.json': JSON.stringify({
      request: 'https://ehr.example/fhir/Group/7/$export?_type=X',
      output: [{ url: 'a.ndjson' }],
    }),
    'a.ndjson': lines(
      { resourceType: 'Encounter', id: 'e', subject: { reference: 'Patient/1' } },
      observation('1', '1', refer('Encounter/e')),
      observation('2', '1', refer('Encounter/e/_history/2')),
      observation('3', '1', refer('https://ehr.example/fhir/Encounter/e')),
      observation('4', '1', refer('https://other.example/fhir/Encounter/e')),
      observation('5', '1', refer('urn:uuid:0f14d0ab-9605-4a62-a9e4-5ed26688389b')),
      observation('6', '1', refer('#inside')),
    ),
  })
  const store = await newStore()
  await load(store, folder, { source: 'ehr' })
  await holdAll(store, 'Encounter', 'Observation')
  const target = (await row(store, 'rid', 'typed_encounter'))?.['rid']
  const local = { reference: 'Encounter/ehr.e', rid: target }
  const rows = await store.session.all<{ encounter: object; irregular: unknown }>(
    'SELECT encounter, irregular FROM typed_observation ORDER BY id',
  )
  expect(rows).toEqual([
    { encounter: local, irregular: null },
    { encounter: local, irregular: null },
    { encounter: local, irregular: null },
    { encounter: { reference: 'https://other.example/fhir/Encounter/e', rid: null }, irregular: null },
    { encounter: { reference: 'urn:uuid:0f14d0ab-9605-4a62-a9e4-5ed26688389b', rid: null }, irregular: null },
    { encounter: { reference: '#inside', rid: null }, irregular: ['encounter'] },
  ])
})

const irregularities: readonly [what: string, more: string, irregular: string[] | null][] = [
  ['nothing odd', '"valueQuantity":{"value":7.5}', null],
  ['a number of 18 places', '"valueQuantity":{"value":1234567890.12345678}', ['value']],
  ['a number whose end a double loses', '"valueQuantity":{"value":1234567890.00000005}', ['value']],
  ['a large whole number', '"valueQuantity":{"value":12000000}', null],
  ['a number out of range', '"valueQuantity":{"value":123456789012}', ['value']],
  ['a number with an exponent', '"valueQuantity":{"value":1e-9}', ['value']],
  ['a number with fifteen places', '"valueQuantity":{"value":10.600000000000001}', null],
  ['a date that is none', '"effectiveDateTime":"2026-02-30"', ['effective']],
  ['microseconds', '"effectiveDateTime":"2026-02-03T10:00:00.123456Z"', ['effective']],
  ['a date within a period', '"effectivePeriod":{"start":"2026-02-30"}', ['effective']],
  ['two kinds of one choice', '"valueString":"a","valueInteger":1', ['value']],
  ['a kind without a column', '"valueSampledData":{"origin":{"value":1}}', ['value']],
  ['a whole number that is none', '"valueInteger":1.5', ['value']],
  ['a truth value that is none', '"valueBoolean":"maybe"', ['value']],
  ['a list where an object belongs', '"valueQuantity":[{"value":7.5}]', ['value']],
  ['an object where a list belongs', '"category":{"coding":[]}', ['category']],
  ['an object where text belongs', '"issued":{"value":"2026"}', ['issued']],
  ['text that looks like a list', '"valueString":"[see note]"', null],
  ['a component’s number', '"component":[{"code":{},"valueQuantity":{"value":1e-9}}]', ['component']],
  ['a component’s kind without a column', '"component":[{"code":{},"valuePeriod":{"start":"2026"}}]', ['component']],
  ['an extension in a primitive’s place', '"_effectiveDateTime":{"extension":[{"url":"x"}]}', ['effective']],
  ['an extension of a primitive without a column', '"_implicitRules":{"extension":[{"url":"x"}]}', null],
]

test.each(irregularities)('irregular: %s', async (_, more, irregular) => {
  const store = await derived(
    patient('1'),
    `{"resourceType":"Observation","id":"o","status":"final","subject":{"reference":"Patient/1"},${more}}`,
  )
  expect(await row(store, 'irregular')).toEqual({ irregular })
})

/** Typed rows with concepts written out, so that the numbers of dictionaries and patients do not matter. */
async function rowsOf(store: Store): Promise<unknown[]> {
  return store.session.all(
    `WITH words AS (
       SELECT c.cid, list(k.system || '|' || k.code ORDER BY k.system, k.code) AS codings
       FROM concept c JOIN coding k ON list_contains(c.coding_ids, k.coding_id) GROUP BY c.cid)
     SELECT t.* EXCLUDE (pid, spid, code, category, component), w.codings, s.patient_id
     FROM typed_observation t JOIN source_patient s USING (spid) LEFT JOIN words w ON w.cid = t.code ORDER BY t.rid`,
  )
}

const sample = [
  ...Array.from({ length: 8 }, (_, index) => patient(`p${index}`)),
  ...Array.from({ length: 60 }, (_, index) =>
    observation(`o${index}`, `p${index % 9}`, {
      code: { coding: [{ system: 'http://loinc.org', code: `c${(index * 7) % 11}` }] },
      effectiveDateTime: ['2026', '2026-02', '2026-02-03', '2026-02-03T10:00:00Z'][index % 4],
      valueQuantity: { value: index / 4 },
    }),
  ),
]

test('typed rows do not depend on the order of loading, nor on the number of loads; building anew gives the same', async () => {
  const expected = await rowsOf(await derived(...sample))
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(sample, { minLength: 68 }),
      fc.integer({ min: 1, max: 67 }),
      async (order, cut) => {
        const store = await newStore()
        const folder = newFolder()
        await askForAll(store, 'Observation')
        for (const part of [order.slice(0, cut), order.slice(cut)]) {
          await load(store, write(folder, { 'part.ndjson': lines(...part) }), { source: 'ehr' })
          await deriveTyped(store.session)
        }
        expect(await rowsOf(store)).toEqual(expected)
        await deriveTyped(store.session, { rebuild: true })
        expect(await rowsOf(store)).toEqual(expected)
      },
    ),
    { numRuns: 6 },
  )
}, 120_000)

test('later loads write changed rows only, and a person’s new key moves its rows', async () => {
  const store = await derived(...sample)
  const again = async () => (await deriveTyped(store.session)).map((table) => [table.type, table.how, table.rows])
  expect(await again()).toEqual([
    ['Encounter', 'unchanged', 0],
    ['Observation', 'unchanged', 0],
    ['Patient', 'unchanged', 0],
  ])
  const folder = write(newFolder(), {
    'more.ndjson': lines(observation('o1', 'p1', { status: 'amended' }), observation('new', 'p2')),
  })
  await load(store, folder, { source: 'ehr' })
  expect(await again()).toContainEqual(['Observation', 'changed rows', 2])
  expect(await store.session.all(`SELECT status FROM typed_observation WHERE id = 'ehr.o1'`)).toEqual([
    { status: 'amended' },
  ])
  await store.session.run(`UPDATE source_patient SET pid = 1 WHERE patient_id = 'p3'`)
  const rows = await store.session.all<{ n: string }>(
    `SELECT count(*) AS n FROM typed_observation JOIN source_patient USING (spid) WHERE patient_id = 'p3'`,
  )
  expect(await again()).toContainEqual(['Observation', 'changed rows', Number(rows[0]?.n)])
  expect(
    await store.session.all(
      `SELECT DISTINCT t.pid FROM typed_observation t JOIN source_patient USING (spid) WHERE patient_id = 'p3'`,
    ),
  ).toEqual([{ pid: 1 }])
})

test('the same id in two sources gives two rows that never meet', async () => {
  const one = {
    'manifest.json': manifest({ url: 'a.ndjson' }),
    'a.ndjson': lines(
      patient('1'),
      { resourceType: 'Medication', id: 'm', code: { coding: [{ system: 's', code: 'c' }] } },
      {
        resourceType: 'MedicationRequest',
        id: 'r',
        subject: { reference: 'Patient/1' },
        medicationReference: { reference: 'Medication/m' },
      },
    ),
  }
  const folder = newFolder()
  for (const source of ['a', 'b']) write(join(folder, source), one)
  const store = await newStore()
  await load(store, folder)
  await holdAll(store, 'MedicationRequest', 'Medication')
  const joined = await store.session.all(
    `SELECT r.id AS request, m.id AS medication FROM typed_medicationrequest r JOIN typed_medication m ON m.rid = r."medicationReference".rid ORDER BY ALL`,
  )
  expect(joined).toEqual([
    { request: 'a.r', medication: 'a.m' },
    { request: 'b.r', medication: 'b.m' },
  ])
})

test('among many rows the few that have a list, or an odd one, keep it', async () => {
  const many = Array.from({ length: 5000 }, (_, index) => {
    const place = index % 100
    const value = place === 7 ? 1e-9 : index
    const more = {
      component: [{ code: {}, valueQuantity: { value } }],
      extension: [{ url: `u${index}`, valueCode: 'c' }],
    }
    return observation(`o${index}`, String(index % 20), place === 3 || place === 7 ? more : {})
  })
  const store = await derived(...many)
  const [found] = await store.session.all(
    `SELECT count(*)::INTEGER AS n, count(component)::INTEGER AS components, count(DISTINCT extension[1].url)::INTEGER AS urls,
       count(irregular)::INTEGER AS irregular, list_sort(list_distinct(flatten(list(irregular)))) AS names,
       bool_and(component[1]."valueQuantity"."text" = substr(extension[1].url, 2)) FILTER (irregular IS NULL) AS own
     FROM typed_observation`,
  )
  expect(found).toEqual({ n: 5000, components: 100, urls: 100, irregular: 50, names: ['component'], own: true })
})

const units = (text: string): bigint | undefined => parseDecimal(text)?.units

test('numbers of more than eight places stand in columns as closures read them', async () => {
  const numbers = fc.sample(fc.double({ min: -999_999, max: 999_999, noNaN: true }), { numRuns: 500, seed: 7 })
  const plain = numbers.filter((value) => Math.abs(value) >= 0.0001)
  const halves = [0.123456785, -0.123456785, 10.600000000000001, 6.8999999999999995, 999_999.999999995]
  const values = [...plain, ...plain.map((value) => value % 1), ...halves].filter((value) => Math.abs(value) >= 0.0001)
  const store = await derived(
    patient('1'),
    ...values.map((value, index) => observation(`o${index}`, '1', { valueQuantity: { value } })),
  )
  const rows = await store.session.all<{ id: string; value: string; irregular: string[] | null }>(
    `SELECT id, "valueQuantity"."value" AS value, irregular FROM typed_observation`,
  )
  const expected = new Map(values.map((value, index) => [`ehr.o${index}`, units(String(value))]))
  expect(rows.filter(({ irregular }) => irregular !== null)).toEqual([])
  expect(rows.filter(({ id, value }) => units(value) !== expected.get(id))).toEqual([])
})

test('what SQL reads beside the columns has the mapped codes too, as the columns have', async () => {
  const store = await newStore()
  const undone = { extension: [{ url: 'http://example.org/notDoneValueSet', valueCanonical: 'http://example.org/vs' }] }
  // JSON spells a letter as it likes.
  const spelt = lines(observation('spelt', '1', undone)).replace('notDone', String.raw`\u006eotDone`)
  // Marks of narratives are often spelt so, and are no letters.
  const marked = lines(observation('marked', '1', { note: [{ text: '<b>' }] })).replace('<', String.raw`\u003c`)
  const written = `${lines(patient('1'), observation('o', '1', undone), observation('other', '1'))}${spelt}${marked}`
  await load(store, write(newFolder(), { 'all.ndjson': written }), { source: 'ehr' })
  await store.session.run(
    `INSERT INTO mapped_line SELECT rid, hash, type, replace(raw, '4548-4', '4549-2') FROM raw_line WHERE type = 'Observation'`,
  )
  await holdAll(store, 'Observation')
  await prepareSetTables(store.session)
  const codes = await store.session.all(
    `SELECT r.raw ->> '$.code.coding[0].code' AS raw, s.codings[1].code AS held FROM set_not_done r
     JOIN typed_observation o ON o.rid = r.rid JOIN set_coding s ON s.cid = o.code`,
  )
  expect(codes).toEqual([
    { raw: '4549-2', held: '4549-2' },
    { raw: '4549-2', held: '4549-2' },
  ])
})
