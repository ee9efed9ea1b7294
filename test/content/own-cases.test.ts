import { beforeAll, describe, expect, test } from 'vitest'
import { formatDiagnostic } from '../../src/base/index.ts'
import { type LoadedContent, loadContent } from '../../src/content/index.ts'
import { casesOf, evaluatorOf, type MeasureCase } from './measure-case.ts'

const measureIds = [
  'breast-cancer-screening',
  'colorectal-cancer-screening',
  'controlling-blood-pressure',
  'depression-screening',
  'glycemic-status',
]
let content: LoadedContent
beforeAll(async () => {
  content = await loadContent()
})

type Evaluator = ReturnType<typeof evaluatorOf>
const evaluators = new Map<string, Evaluator>()

/** One evaluator for all cases of a measure that have the same period: making one takes longer than a case. */
function evaluatorFor(id: string, period: MeasureCase['period']): Evaluator {
  const key = JSON.stringify([id, period])
  const known = evaluators.get(key)
  if (known !== undefined) return known
  const measure = content.measures.find((candidate) => candidate.id === id)
  if (measure === undefined) throw new RangeError(`${id} is not installed`)
  const evaluator = evaluatorOf(measure, content.valueSets, { ...period, timeZone: 'UTC' })
  evaluators.set(key, evaluator)
  return evaluator
}

test('every shipped measure is installed', () => {
  expect(content.refused.flatMap(({ diagnostics }) => diagnostics.map(formatDiagnostic))).toEqual([])
  expect(content.measures.map(({ id }) => id)).toEqual(expect.arrayContaining(measureIds))
})

test('a measure whose value sets hold a part of the published codes says how large a part', () => {
  const [remark] = content.measures.find(({ id }) => id === 'breast-cancer-screening')?.remarks ?? []
  expect(remark).toMatchObject({ code: 'content/partial-value-sets', severity: 'information' })
  const [, percent, present, official] =
    /hold (\d+)% of the published codes \((\d+) of (\d+)\)/.exec(remark?.message ?? '') ?? []
  expect(Number(percent)).toBe(Math.round((Number(present) / Number(official)) * 100))
  expect(remark?.message).toContain('"Preventive Care Services Established Office Visit, 18 and Up" 0 of 3')
})

describe.each(measureIds)('%s', (id) => {
  const cases = casesOf(id)

  test('has cases for each population, in and out', () => {
    const all = [...cases.values()]
    for (const code of Object.keys(all[0]?.expected ?? {})) {
      expect(new Set(all.map(({ expected }) => expected[code])), code).toEqual(new Set([0, 1]))
    }
  })

  test('has cases for its due date', () => {
    expect([...cases.values()].filter(({ dueDate }) => dueDate !== undefined).length).toBeGreaterThan(2)
  })

  test.each([...cases])('%s', async (_file, { period, expected, dueDate, bundle }) => {
    const evaluate = evaluatorFor(id, period)
    const evaluation = await evaluate(bundle.entry.map(({ resource }) => resource))
    expect(evaluation.error).toBeUndefined()
    expect(evaluation.groups[0]?.populations).toEqual(expected)
    if (dueDate !== undefined) expect(evaluation.dueDate).toBe(dueDate)
  })
})
