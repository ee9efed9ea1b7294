import { describe, expect, test } from 'vitest'
import { directEngine, runCase } from '../../src/compile/index.ts'
import { casesByChapter, operators } from '../../src/core/index.ts'

const seen = new Set<string>()

describe.each(Object.entries(casesByChapter))('%s', (_chapter, cases) => {
  test.each(cases.map(({ expression, expected }) => [expression, expected] as const))(
    '%s => %s',
    async (expression, expected) => {
      const { actual, passed, closure } = await runCase({ expression, expected }, directEngine)
      const elm = JSON.stringify(closure?.main.statements ?? {})
      for (const [, type] of elm.matchAll(/"type":"(\w+)"/g)) seen.add(type ?? '')
      expect(passed ? expected : actual).toBe(expected)
    },
  )
})

/** Operators that CQL text alone cannot reach: they need resources or value sets, or the translator writes them itself. */
const needContent = [
  'InValueSet',
  'AnyInValueSet',
  'InCodeSystem',
  'ExpandValueSet',
  'CalculateAge',
  'ToList',
  'NotEqual',
  'AnyInCodeSystem',
  'Children',
  'Descendents',
]

test('every operator of the table has a case', () => {
  expect([...operators.keys()].filter((name) => !seen.has(name) && !needContent.includes(name))).toEqual([])
})
