import { afterEach, expect, test } from 'vitest'
import { silentProgress } from '../../src/base/index.ts'
import type { Resource } from '../../src/fhir/index.ts'
import type { Engine } from '../../src/measure/index.ts'
import { readRunEngines, type Store } from '../../src/store/index.ts'
import { openStoreWith } from '../identity/fixture.ts'
import { about, applicationOver, patient, period, strataMeasure } from './made-run.ts'

let store: Store | undefined
afterEach(() => {
  store?.close()
  store = undefined
})

const core = 'http://hl7.org/fhir/us/core/StructureDefinition'
const cdcRace = 'urn:oid:2.16.840.1.113883.6.238'

const race = (code: string, text: string) => ({
  url: `${core}/us-core-race`,
  extension: [
    { url: 'ombCategory', valueCoding: { system: cdcRace, code, display: text } },
    { url: 'text', valueString: text },
  ],
})
const born = { url: 'http://hl7.org/fhir/StructureDefinition/patient-birthPlace', valueAddress: { city: 'Boston' } }
const sex = (code: string) => ({ url: `${core}/us-core-sex`, valueCode: code })
const others = (n: number) => [
  { url: 'http://example.org/score', valueDecimal: n + 0.5 },
  { url: 'http://example.org/weight', valueQuantity: { value: n, unit: 'kg', code: 'kg' } },
  { url: 'http://example.org/since', valueDate: `202${n}-02` },
  { url: 'http://example.org/span', valuePeriod: { start: '2025-01-01', end: `2025-0${n}-01` } },
  { url: 'http://example.org/veteran', valueBoolean: n > 3 },
  { url: 'http://example.org/clinic', valueReference: { reference: `Organization/${n}` } },
  { url: 'http://example.org/tribe', valueCodeableConcept: { coding: [{ system: cdcRace, code: `t${n}` }] } },
]

const extended = (id: string, ...extension: readonly object[]): Resource => ({ ...patient(id), extension })

const people: readonly Resource[] = [
  extended('ann', race('2028-9', 'Asian'), sex('248152002'), born, ...others(2)),
  extended('bob', race('2106-3', 'White'), race('2028-9', 'Asian'), sex('248153007'), ...others(4)),
  extended('cat', { url: `${core}/us-core-race`, extension: [{ url: 'text', valueString: 'unknown' }] }, born),
  patient('dan'),
  extended('fay', {
    url: 'http://example.org/a',
    extension: [{ url: 'b', extension: [{ url: 'c', valueCode: 'd' }] }],
  }),
  extended('eve', { url: `${core}/us-core-sex` }, sex('F')),
]

const valueOf = (url: string, kind: string) =>
  `First(Patient.extension E where E.url.value = '${url}' return all E.value as FHIR.${kind})`
const other = (name: string, kind: string) => valueOf(`http://example.org/${name}`, kind)

const defines = {
  Visited: 'exists [Encounter]',
  Sex: `${valueOf(`${core}/us-core-sex`, 'code')}.value = '248152002'`,
  Told: `First(Patient.extension E where E.url.value = '${core}/us-core-sex' return all E.value.value) = '248152002'`,
  Asian: `exists (Patient.extension E where E.url.value = '${core}/us-core-race'
    and exists (E.extension I where I.url.value = 'ombCategory' and (I.value as FHIR.Coding).code.value = '2028-9'))`,
  Text: `First(flatten (Patient.extension E where E.url.value = '${core}/us-core-race'
    return all (E.extension I where I.url.value = 'text' return all (I.value as FHIR.string).value)))`,
  Counted: 'Count(Patient.extension) > 1 and exists (Patient.extension E where E.value is null)',
  Kinds: 'exists (Patient.extension E where E.value is FHIR.Address)',
  Score: `${other('score', 'decimal')}.value > 3.0`,
  Weight: `FHIRHelpers.ToQuantity(${other('weight', 'Quantity')}) > 3 'kg'`,
  Since: `${other('since', 'date')}.value before @2023-01-01`,
  Span: `${other('span', 'Period')}.end.value before @2025-03-01`,
  Veteran: `${other('veteran', 'boolean')}.value`,
  Clinic: `${other('clinic', 'Reference')}.reference.value is not null`,
  Tribe: `exists ((${other('tribe', 'CodeableConcept')}.coding) C where C.code.value = 't4')`,
  Modified: `exists ([Encounter] E where exists (E.modifierExtension M where (M.value as FHIR.boolean).value))`,
}

async function evaluated(own: Readonly<Record<string, string>>, engine: Engine) {
  const visits = people.map(({ id = '' }, index) => ({
    ...about(`${id}-visit`, 'Encounter', id),
    modifierExtension: [{ url: 'http://example.org/not', valueBoolean: index === 1 }],
  }))
  store ??= await openStoreWith([{ source: 'north', resources: [...people, ...visits] }])
  const application = await applicationOver(store, [await strataMeasure('Extensions', own, 'Visited')])
  const runId = await application.evaluateRun({ period, engine }, silentProgress)
  const rows = await store.session.all<{ strata: string }>(
    'SELECT * EXCLUDE (run_id) FROM person_result WHERE run_id = $runId ORDER BY pid',
    { runId },
  )
  return { rows, engines: await readRunEngines(store.session, runId) }
}

test('logic on extensions, nested ones too, answers by SQL what closures answer, and nobody is irregular', async () => {
  const direct = await evaluated(defines, 'direct')
  const sql = await evaluated(defines, 'sql')
  expect(sql.rows).toEqual(direct.rows)
  expect(sql.engines).toEqual([{ measureId: 'Extensions', engine: 'sql', closures: 0, reasons: [] }])
  // The people differ in what they are asked (but Fay, who is for the tests below): an answer that is always the same would not do.
  expect(new Set(direct.rows.map((row) => JSON.stringify(row.strata))).size).toBe(people.length - 1)
})

const seen = { Visited: defines.Visited }

test('only those are irregular of whom a kind without a column is read', async () => {
  const own = { ...seen, City: `${valueOf(born.url, 'Address')}.city.value = 'Boston'` }
  const sql = await evaluated(own, 'sql')
  expect(sql.rows).toEqual((await evaluated(own, 'direct')).rows)
  expect(sql.engines).toEqual([
    {
      measureId: 'Extensions',
      engine: 'sql',
      closures: 2,
      reasons: [{ reason: 'no column for valueAddress', persons: 2 }],
    },
  ])
})

const deeper: readonly (readonly [what: string, define: string])[] = [
  ['in a condition', 'exists (Patient.extension E where exists (E.extension I where exists I.extension))'],
  ['along a path', 'exists Patient.extension.extension.extension'],
  [
    'in lists of lists',
    'exists (flatten (Patient.extension E return all (E.extension I return all First(I.extension X return all X.url.value))))',
  ],
]

test.each(deeper)(
  'an extension deeper down makes irregular who has extensions that far, read %s',
  async (_, define) => {
    const own = { ...seen, Deep: define }
    const sql = await evaluated(own, 'sql')
    expect(sql.rows).toEqual((await evaluated(own, 'direct')).rows)
    expect(sql.engines).toEqual([
      {
        measureId: 'Extensions',
        engine: 'sql',
        closures: 4,
        reasons: [{ reason: 'no column for Extension.extension', persons: 4 }],
      },
    ])
  },
)
