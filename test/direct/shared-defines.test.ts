import { assert, constantFrom, property } from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/base/index.ts'
import { type LoadedContent, loadContent } from '../../src/content/index.ts'
import { compileDefines } from '../../src/core/index.ts'
import { createDirectEvaluator, type DirectEvaluator } from '../../src/direct/index.ts'
import { sharedDefines } from '../../src/direct/shared-defines.ts'
import type { PersonRecord } from '../../src/fhir/index.ts'
import { measureDefines } from '../../src/measure/index.ts'
import { pinValueSets } from '../../src/terminology/index.ts'
import { randomRecord } from './random-record.ts'

// Measures that include the same libraries evaluate them once for a record. Whoever comes second must find what it
// would have found alone.

const period = { start: '2025-01-01', end: '2025-12-31', timeZone: 'UTC' }
let content: LoadedContent
beforeAll(async () => {
  content = await loadContent()
})

const evaluators = (): readonly DirectEvaluator[] =>
  content.measures.map((measure) =>
    unwrap(
      createDirectEvaluator({
        closure: measure.closure,
        defines: measureDefines(measure),
        valueSets: content.valueSets,
        period,
      }),
    ),
  )

const told = (evaluator: DirectEvaluator, record: PersonRecord) =>
  [...evaluator.evaluate(record).defines].map(
    ([name, { letter, value, rids, fault }]) =>
      `${name} ${letter} ${JSON.stringify(value)} ${rids.join()} ${fault?.message}`,
  )

test('in any order over one record each measure says what it says of a record of its own', () => {
  const all = evaluators()
  const measured = constantFrom(...content.measures.map(({ id }) => id)).chain((id) => randomRecord(id))
  const orders = constantFrom([0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 0, 4, 1, 3])
  assert(
    property(measured, orders, (record, order) => {
      const together = new Map(
        order.map((place) => [place, told(all[place] ?? all[0] ?? expect.unreachable(), record)]),
      )
      for (const [place, said] of together) {
        const evaluator = all[place]
        if (evaluator !== undefined) expect(said).toEqual(told(evaluator, structuredClone(record)))
      }
    }),
    { numRuns: 60, seed: 20_260_301 },
  )
})

test('another period, other value sets or another text of a library share nothing', () => {
  const [measure] = content.measures
  if (measure === undefined) throw new RangeError('a measure is installed')
  const core = unwrap(compileDefines(measure.closure, measureDefines(measure)))
  const by = { closure: measure.closure, period, valueSets: content.valueSets }
  const keys = new Set(sharedDefines(core, by).values())
  expect(keys.size).toBeGreaterThan(10)
  expect([...keys].some((key) => key.includes(`${core.main}.`))).toBe(false)
  expect(new Set(sharedDefines(core, by).values())).toEqual(keys)
  const inner = measure.closure.libraries.find(({ identifier }) => identifier.id === 'ResourceStatus')
  const libraries = measure.closure.libraries.map((one) => (one === inner ? { ...one, note: 'changed' } : one))
  const others = [
    { ...by, period: { ...period, end: '2025-12-30' } },
    { ...by, valueSets: pinValueSets([]) },
    { ...by, closure: { ...measure.closure, profiles: 'ignored' as const } },
    { ...by, closure: { ...measure.closure, libraries } },
  ]
  for (const [index, other] of others.entries()) {
    const same = [...sharedDefines(core, other).values()].filter((key) => keys.has(key))
    // What does not include the changed library may still be shared.
    expect(same.filter((key) => index < 3 || key.includes('Hospice'))).toEqual([])
  }
})
