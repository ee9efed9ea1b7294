import { describe, expect, test } from 'vitest'
import { unwrap } from '../../src/base/index.ts'
import { compileDefines, formatValue } from '../../src/core/index.ts'
import { createDirect, type DefineOutcome, fhirModel, timestampOf } from '../../src/direct/index.ts'
import { cqlSource, translate } from '../../src/elm/index.ts'
import type { Resource } from '../../src/fhir/index.ts'
import { recordOf } from '../content/measure-case.ts'

/** Evaluates expressions over a person's resources. */
async function evaluate(
  expressions: readonly string[],
  resources: readonly Resource[],
): Promise<readonly DefineOutcome[]> {
  const defines = expressions.map((expression, index) => `define "e${index}": ${expression}`)
  const text = [`library Main version '1'`, `using FHIR version '4.0.1'`, 'context Patient', ...defines].join('\n')
  const closure = unwrap(await translate({ name: 'Main', sources: [cqlSource(text)] }))
  const names = expressions.map((_, index) => `e${index}`)
  const program = createDirect(unwrap(compileDefines(closure, names)), fhirModel('ignored'))
  const record = recordOf([{ resourceType: 'Patient', id: 'p' }, ...resources])
  const evaluation = program.evaluate({ record, now: timestampOf('2026-07-01T12:00:00.000Z') })
  return names.map((name) => evaluation.define(`Main.${name}`))
}

async function valueOf(expression: string, ...resources: readonly Resource[]): Promise<string> {
  const [outcome] = await evaluate([expression], resources)
  if (outcome === undefined) throw new RangeError('an outcome for each expression')
  return outcome.ok ? formatValue(outcome.value) : `error ${outcome.error.code}`
}

const observation = (more: object): Resource => ({ resourceType: 'Observation', id: 'o', status: 'final', ...more })
const only = (path: string) => `First([Observation]).${path}`

describe('elements of FHIR objects', () => {
  test('a choice is found under the name of its type', async () => {
    const quantity = observation({ valueQuantity: { value: 7.5, unit: '%', code: '%' } })
    expect(await valueOf(`(${only('value')} as FHIR.Quantity).value.value`, quantity)).toBe('7.5')
    expect(await valueOf(`${only('value')} is FHIR.Quantity`, quantity)).toBe('true')
    expect(await valueOf(`${only('value')} is FHIR.string`, quantity)).toBe('false')
    expect(await valueOf(`${only('value')} is null`, observation({}))).toBe('true')
  })

  test('of a choice an element that this alternative has not is null', async () => {
    const concept = `(Concept { codes: { Code { code: '1' } } } as Choice<System.Concept, System.Quantity, System.Ratio>)`
    expect(await valueOf(`${concept}.unit`)).toBe('null')
    expect(await valueOf(`First(${concept}.codes).code`)).toBe("'1'")
  })

  test("dates keep their precision and offset; without an offset they take the evaluation's", async () => {
    const value = `(${only('effective')} as FHIR.dateTime).value`
    expect(await valueOf(value, observation({ effectiveDateTime: '2026-02' }))).toBe('@2026-02T')
    expect(await valueOf(value, observation({ effectiveDateTime: '2026-02-03T23:30:00-05:00' }))).toBe(
      '@2026-02-03T23:30:00-05:00',
    )
  })

  test('a primitive with extensions alone is there, and has no value', async () => {
    const absent = observation({ _status: { extension: [{ url: 'http://x', valueCode: 'unknown' }] } })
    const { status: _, ...withoutStatus } = absent
    const resource = withoutStatus as Resource
    expect(await valueOf(`${only('status')} is null`, resource)).toBe('false')
    expect(await valueOf(`${only('status')}.value`, resource)).toBe('null')
    expect(await valueOf(`First(${only('status')}.extension).url.value`, resource)).toBe("'http://x'")
  })

  test('a repeating element that is not there is null, not an empty list', async () => {
    expect(await valueOf(`${only('component')} is null`, observation({}))).toBe('true')
    expect(await valueOf(`exists ${only('component')}`, observation({}))).toBe('false')
    expect(await valueOf(`Count(${only('component')})`, observation({}))).toBe('0')
    expect(await valueOf(`(${only('component')}) C where C.code is not null`, observation({}))).toBe('null')
  })

  test('paths through lists give what is there, of each element', async () => {
    const resource = observation({ component: [{ code: { text: 'a' } }, {}, { code: { text: 'b' } }] })
    expect(await valueOf(`(${only('component')}) C return C.code.text.value`, resource)).toBe("{'a', null, 'b'}")
  })

  test('a contained resource is of its own class', async () => {
    const resource = observation({ contained: [{ resourceType: 'Device', id: 'd' }] })
    expect(await valueOf(`First(${only('contained')}) is FHIR.Device`, resource)).toBe('true')
    expect(await valueOf(`First(${only('contained')}) is FHIR.Patient`, resource)).toBe('false')
  })

  test('a class is also of the classes that it derives from', async () => {
    expect(await valueOf('First([Observation]) is FHIR.DomainResource', observation({}))).toBe('true')
  })

  test('a resource with every element absent gives nulls', async () => {
    const bare = { resourceType: 'Observation' } as Resource
    expect(await valueOf(`Tuple { a: ${only('status')}.value, b: ${only('category')} }`, bare)).toBe(
      'Tuple { a: null, b: null }',
    )
  })
})

describe('what is not of the shape that FHIR wants is an error of the person, never null', () => {
  const cases: readonly (readonly [string, object, string])[] = [
    ['a text where an object must stand', { code: 'hemoglobin' }, 'code.text.value'],
    ['an object where a text must stand', { status: { value: 'final' } }, 'status.value'],
    ['a list where one value must stand', { code: [{ text: 'a' }] }, 'code.text.value'],
    ['a number where a text must stand', { status: 5 }, 'status.value'],
    ['a date that is none', { issued: '2026-13-45' }, 'issued.value'],
  ]
  test.each(cases)('%s', async (_title, more, path) => {
    expect(await valueOf(only(path), observation(more))).toBe('error core/irregular-data')
  })
})

test('a fault in one define leaves the others as they are, and holds for those that refer to it', async () => {
  const expressions = ['singleton from {1, 2}', '1 + 1', '"e0" is null', 'false and ("e0" = 1)']
  const outcomes = await evaluate(expressions, [])
  expect(outcomes.map((outcome) => outcome.ok)).toEqual([false, true, false, false])
  expect(outcomes.map((outcome) => (outcome.ok ? outcome.value : outcome.error.code))).toEqual([
    'core/not-a-singleton',
    2,
    'core/not-a-singleton',
    'core/not-a-singleton',
  ])
})

test('a value set without an expansion is an error, not an empty one', async () => {
  const text = `library Main version '1'
using FHIR version '4.0.1'
valueset "VS": 'http://example.org/vs'
context Patient
define "e0": exists [Observation: "VS"]`
  const closure = unwrap(await translate({ name: 'Main', sources: [cqlSource(text)] }))
  const program = createDirect(unwrap(compileDefines(closure, ['e0'])), fhirModel('ignored'))
  const record = recordOf([{ resourceType: 'Patient' }, observation({})])
  const outcome = program.evaluate({ record, now: timestampOf('2026-07-01T12:00:00.000Z') }).define('Main.e0')
  expect(outcome).toMatchObject({ ok: false, error: { code: 'core/no-expansion' } })
})

test('queries that look at more rows than one evaluation may end in a fault', async () => {
  const text = `library Main version '1'
define "e0": Count(from ({1, 2, 3, 4}) A, ({1, 2, 3, 4}) B return all A + B)`
  const closure = unwrap(await translate({ name: 'Main', sources: [cqlSource(text)] }))
  const program = createDirect(unwrap(compileDefines(closure, ['e0'])))
  const count = (maxRows: number) =>
    program.evaluate({ now: timestampOf('2026-07-01T12:00:00.000Z'), maxRows }).define('Main.e0')
  expect(count(20)).toEqual({ ok: true, value: 16 })
  expect(count(19)).toMatchObject({ ok: false, error: { code: 'core/too-many-rows' } })
})
