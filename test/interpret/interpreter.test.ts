import { expect, test } from 'vitest'
import { unwrap } from '../../src/base/index.ts'
import { cqlSource, translate } from '../../src/elm/index.ts'
import type { PersonRecord, Resource } from '../../src/fhir/index.ts'
import { createInterpreter, type Interpretation } from '../../src/interpret/index.ts'
import type { ValueSets } from '../../src/terminology/index.ts'

const glucose = {
  url: 'http://example.org/glucose',
  sha256: 'none',
  members: [{ system: 'http://loinc.org', code: '2345-7' }],
}
const valueSets: ValueSets = { find: (url) => (url === glucose.url ? glucose : undefined), all: [glucose] }

const header = `library Tried version '1'
using FHIR version '4.0.1'
codesystem "LOINC": 'http://loinc.org'
valueset "Glucose": 'http://example.org/glucose'
code "A1c": '4548-4' from "LOINC"
parameter "Measurement Period" Interval<DateTime>
context Patient
`

/** The interpreter of a few defines: `name: expression`. */
async function interpreterOf(defines: Readonly<Record<string, string>>, timeZone = 'America/New_York') {
  const body = Object.entries(defines).map(([name, text]) => `define "${name}": ${text}`)
  const sources = [cqlSource(`${header}${body.join('\n')}`)]
  const closure = unwrap(await translate({ name: 'Tried', sources }))
  const period = { start: '2025-01-01', end: '2025-12-31', timeZone }
  return unwrap(createInterpreter({ closure, defines: Object.keys(defines), valueSets, period }))
}

function recordOf(resources: readonly Resource[], pid = 1): PersonRecord {
  const entries = resources.map((resource, index) => ({
    rid: String(100 + index),
    source: 'here',
    type: resource.resourceType,
    id: String(resource.id),
    resource,
  }))
  return {
    pid,
    patient: { resourceType: 'Patient', id: `p${pid}`, birthDate: '1960-05-04', gender: 'female' },
    entries,
  }
}

const observation = (id: string, code: string, effectiveDateTime: string, value?: number): Resource => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code }] },
  effectiveDateTime,
  ...(value === undefined
    ? {}
    : { valueQuantity: { value, unit: 'mg/dL', code: 'mg/dL', system: 'http://unitsofmeasure.org' } }),
})

const letters = (result: Interpretation) =>
  Object.fromEntries([...result.defines].map(([name, { letter }]) => [name, letter]))

test('each kind of value has its letter, and lists name their resources', async () => {
  const interpreter = await interpreterOf({
    True: 'true',
    False: '1 = 2',
    Null: '1 = null',
    List: '[Observation: "Glucose"]',
    Empty: '[Condition]',
    Value: '1 + 1',
    Tuple: 'Tuple { it: First([Observation: "Glucose"]) }',
  })
  const record = recordOf([observation('a', '4548-4', '2025-03-01'), observation('b', '2345-7', '2025-03-01')])
  const result = await interpreter.evaluate(record)
  expect(letters(result)).toEqual({ True: 't', False: 'f', Null: 'n', List: 'l', Empty: 'z', Value: 'v', Tuple: 'v' })
  expect(result.defines.get('List')?.rids).toEqual(['101'])
  expect(result.defines.get('List')?.members()).toEqual(['101'])
  expect(result.defines.get('Tuple')?.rids).toEqual(['101'])
})

test('the period has whole days in its own zone, whatever the zone of the process', async () => {
  const defines = {
    Start: `start of "Measurement Period" = DateTime(2025, 1, 1, 0, 0, 0, 0, -5.0)`,
    End: `end of "Measurement Period" = DateTime(2025, 12, 31, 23, 59, 59, 999, -5.0)`,
    'Last Day': `DateTime(2025, 12, 31, 23, 59, 59, 999, -5.0) in "Measurement Period"`,
    'No Offset': `exists ([Observation] O where O.effective.value during day of "Measurement Period")`,
    Text: `ToDateTime('2025-12-31T23:00:00') in "Measurement Period"`,
    'Text Of Day': `ToDateTime('2025-01-01') same day as start of "Measurement Period"`,
    'Text With Offset': `ToDateTime('2025-12-31T23:00:00-08:00') after end of "Measurement Period"`,
    Now: `Now() = end of "Measurement Period"`,
  }
  const record = recordOf([observation('a', '4548-4', '2025-12-31')])
  const before = process.env['TZ']
  try {
    for (const zone of ['UTC', 'Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
      process.env['TZ'] = zone
      const interpreter = await interpreterOf(defines)
      expect(new Set(Object.values(letters(await interpreter.evaluate(record))))).toEqual(new Set(['t']))
    }
  } finally {
    if (before === undefined) delete process.env['TZ']
    else process.env['TZ'] = before
  }
})

const renamed = (resource: Resource): Resource => ({
  ...resource,
  code: { coding: [{ system: 'urn:oid:2.16.840.1.113883.6.1', code: resource.id }] },
})

test('one code system under another URI is the same, in value sets and in the logic', async () => {
  const interpreter = await interpreterOf({
    Set: 'exists [Observation: "Glucose"]',
    Code: 'exists [Observation: "A1c"]',
  })
  const record = recordOf([observation('2345-7', '', '2025'), observation('4548-4', '', '2025')].map(renamed))
  expect(letters(await interpreter.evaluate(record))).toEqual({ Set: 't', Code: 't' })
})

const condition = (id: string): Resource => ({ resourceType: 'Condition', id, code: { text: 'Secret Words' } })

test('a fault is one define of one person: with its place, without data, and gone with the next person', async () => {
  const interpreter = await interpreterOf({
    Only: 'singleton from ([Condition])',
    'Rests On It': '"Only" is null',
    Fine: 'Count([Condition]) = 2',
  })
  const [failed, next] = await Promise.all([
    interpreter.evaluate(recordOf([condition('a'), condition('b')], 1)),
    interpreter.evaluate(recordOf([condition('a')], 2)),
  ])
  expect(letters(failed)).toEqual({ Only: 'e', 'Rests On It': 'e', Fine: 't' })
  expect(letters(next)).toEqual({ Only: 'v', 'Rests On It': 'f', Fine: 'f' })
  const fault = failed.defines.get('Rests On It')?.fault
  expect(fault?.place).toMatchObject({ library: 'Tried', define: 'Only', line: 8 })
  expect(fault?.message).toContain('SingletonFrom')
  expect(JSON.stringify(fault)).not.toContain('Secret')
})

test('an element that is not of its FHIR type is a fault, not a null', async () => {
  const interpreter = await interpreterOf({ Day: 'First([Observation]).effective.value' })
  const at = async (effectiveDateTime: string) =>
    (await interpreter.evaluate(recordOf([observation('a', 'x', effectiveDateTime)]))).defines.get('Day')
  expect((await at('2025-02-28'))?.letter).toBe('v')
  expect((await at('2025-02-30'))?.fault?.code).toBe('interpret/malformed-element')
  expect((await at('last week'))?.fault?.code).toBe('interpret/malformed-element')
})

test('equal times keep their order in a sort; times of other offsets are sorted as instants', async () => {
  const interpreter = await interpreterOf({
    Last: 'Last([Observation] O sort by effective.value)',
    First: 'First([Observation] O sort by effective.value desc)',
  })
  const pick = async (times: readonly string[]) => {
    const record = recordOf(times.map((time, index) => observation(`o${index}`, 'x', time)))
    const result = await interpreter.evaluate(record)
    return [result.defines.get('Last')?.rids[0], result.defines.get('First')?.rids[0]]
  }
  expect(await pick(['2025-03-01T10:00:00Z', '2025-03-01T10:00:00Z'])).toEqual(['101', '100'])
  // 02:00 UTC of the 2nd is 21:00 of the 1st in New York: before 22:00 there.
  expect(await pick(['2025-03-01T22:00:00-05:00', '2025-03-02T02:00:00Z'])).toEqual(['100', '100'])
})

test('a sort puts nulls lowest, and does not guess the order of quantities without a common unit', async () => {
  const tuples = '[Observation] O return Tuple { id: O.id.value, q: O.value as FHIR.Quantity }'
  const interpreter = await interpreterOf({
    Values: `((${tuples}) T return Tuple { id: T.id, value: T.q.value.value } sort by value desc) X return X.id`,
    Quantities: `((${tuples}) T
      return Tuple { id: T.id, value: System.Quantity { value: T.q.value.value, unit: T.q.code.value } } sort by value)
      X return X.id`,
  })
  const values = [5, 300, 20].map((value, index) => observation(`o${index}`, 'x', '2025', value))
  const ids = async (define: string, id: string, valueQuantity?: object) => {
    const last = { ...observation(id, 'x', '2025'), ...(valueQuantity === undefined ? {} : { valueQuantity }) }
    return (await interpreter.evaluate(recordOf([...values, last]))).defines.get(define)
  }
  expect((await ids('Values', 'none'))?.value).toEqual(['o1', 'o2', 'o0', 'none'])
  expect((await ids('Quantities', 'g', { value: 1, code: 'g/dL' }))?.value).toEqual(['o0', 'o2', 'o1', 'g'])
  expect((await ids('Quantities', 'g', { value: 1, code: 'g' }))?.fault?.code).toBe('interpret/unordered')
})

test('a trace names the clauses that ran, with what they came to', async () => {
  const interpreter = await interpreterOf({ Both: 'exists [Condition] and exists [Observation]' })
  const trace = await interpreter.trace(recordOf([observation('a', 'x', '2025')]))
  const clauses = [...(trace.get('Tried')?.values() ?? [])]
  expect(
    clauses
      .map((clause) => clause.letter)
      .sort()
      .join(''),
  ).toMatch(/f.*l.*t.*z/)
  expect(clauses.find((clause) => clause.letter === 'l')?.rids).toEqual(['100'])
})

test('a define that the library lacks refuses the interpreter', async () => {
  const sources = [cqlSource(`${header}define A: true`)]
  const closure = unwrap(await translate({ name: 'Tried', sources }))
  const period = { start: '2025-01-01', end: '2025-12-31', timeZone: 'UTC' }
  const result = createInterpreter({ closure, defines: ['B'], valueSets, period })
  expect(result.diagnostics.map((diagnostic) => [diagnostic.code, diagnostic.place?.define])).toEqual([
    ['elm/missing-define', 'B'],
  ])
})

test('an operator that cql-execution does not know refuses the interpreter, with its place', async () => {
  const sources = [
    cqlSource(`${header}define A: exists (expand { Interval[1, 4] } per 1)\ndefine B: 2 ^ 3 = HighBoundary(2.5, 8)`),
  ]
  const closure = unwrap(await translate({ name: 'Tried', sources }))
  const period = { start: '2025-01-01', end: '2025-12-31', timeZone: 'UTC' }
  const refused = createInterpreter({ closure, defines: ['A', 'B'], valueSets, period })
  expect(refused.ok).toBe(false)
  expect(refused.diagnostics.map(({ code, place }) => [code, place?.define, place?.line])).toEqual([
    ['elm/unsupported-operator', 'B', 9],
  ])
  expect(createInterpreter({ closure, defines: ['A'], valueSets, period }).ok).toBe(true)
})

test('a message of severity error is a fault, and its text is not told', async () => {
  const interpreter = await interpreterOf({ A: `Message(1, true, 'Too Old', 'Error', 'Secret Words') = 1` })
  const { fault } = (await interpreter.evaluate(recordOf([]))).defines.get('A') ?? {}
  expect(fault).toMatchObject({ code: 'interpret/stated-error', place: { define: 'A' } })
  expect(fault?.message).toContain('Too Old')
  expect(fault?.message).not.toContain('Secret')
})

test('an element that is absent is null, whatever else bears its name', async () => {
  const interpreter = await interpreterOf({
    effective: '@2025-01-01',
    Sorted: `First([Observation] O sort by if effective is FHIR.dateTime then 0 else 1)`,
  })
  const bare: Resource = { resourceType: 'Observation', id: 'b', status: 'final', code: {} }
  const result = await interpreter.evaluate(recordOf([bare, observation('a', 'x', '2025-03-01')]))
  expect(result.defines.get('Sorted')?.rids).toEqual(['101'])
})

test('a null interval stays null where its points are converted', async () => {
  const interpreter = await interpreterOf({
    None: 'null as Interval<Date>',
    Some: 'Interval[@2025-02-01, @2025-02-02]',
    Year: 'Interval[@2025-01-01T00:00:00.0, @2025-12-31T00:00:00.0]',
    'None Overlaps': '"None" overlaps day of "Year"',
    'Some Overlaps': '"Some" overlaps day of "Year"',
  })
  const found = letters(await interpreter.evaluate(recordOf([])))
  expect(found).toMatchObject({ 'None Overlaps': 'n', 'Some Overlaps': 't' })
})
