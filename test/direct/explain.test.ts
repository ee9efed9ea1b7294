import { type Arbitrary, array, assert, boolean, property } from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { unwrap } from '../../src/base/index.ts'
import { type LoadedContent, loadContent } from '../../src/content/index.ts'
import { createDirectEvaluator, type DirectEvaluator } from '../../src/direct/index.ts'
import type { PersonRecord } from '../../src/fhir/index.ts'
import { measureDefines } from '../../src/measure/index.ts'
import { casesOf } from '../content/measure-case.ts'
import { holdToWord } from './explained-properties.ts'
import { madeEvaluator, madeRecord } from './made-explained.ts'
import { randomRecord } from './random-record.ts'

const numRuns = Number(process.env['CAREGAP_PROPERTY_RUNS'] ?? 25)
const seed = Number(process.env['CAREGAP_PROPERTY_SEED'] ?? 20_261_128)
const drawn = array(boolean(), { minLength: 7, maxLength: 7 })

let content: LoadedContent
beforeAll(async () => {
  content = await loadContent()
})

function evaluatorOf(id: string): DirectEvaluator {
  const measure = content.measures.find((candidate) => candidate.id === id)
  const [first] = casesOf(id).values()
  if (measure === undefined || first === undefined) throw new RangeError(`${id} is there, with cases`)
  const { closure } = measure
  const period = { ...first.period, timeZone: 'UTC' }
  return unwrap(
    createDirectEvaluator({ closure, defines: measureDefines(measure), valueSets: content.valueSets, period }),
  )
}

function holdAll(evaluator: DirectEvaluator, records: Arbitrary<PersonRecord>, times: number) {
  const total = { cited: 0, changes: 0, nothing: 0 }
  assert(
    property(records, drawn, (person, chosen) => {
      const { cited, changes, nothing } = holdToWord(evaluator, person, chosen)
      total.cited += cited
      total.changes += changes
      total.nothing += nothing
    }),
    { numRuns: times, seed },
  )
  return total
}

describe.each([
  'breast-cancer-screening',
  'colorectal-cancer-screening',
  'controlling-blood-pressure',
  'depression-screening',
  'glycemic-status',
])('%s', (id) => {
  test('the deletion of what is not cited changes nothing; of what is cited, what it says', () => {
    const total = holdAll(evaluatorOf(id), randomRecord(id), numRuns)
    expect(total.nothing).toBeGreaterThan(numRuns)
    expect(total.cited).toBeGreaterThan(numRuns)
    expect(total.changes / total.cited).toBeGreaterThan(0.8)
  })
})

test('the same of made logic, of every shape that lists and truth can take', async () => {
  const total = holdAll(await madeEvaluator(), madeRecord, numRuns * 12)
  expect(total.changes / total.cited).toBeGreaterThan(0.6)
})
