import { beforeAll, describe, expect, test } from 'vitest'
import {
  type CaseResult,
  directEngine,
  interpreterEngine,
  runCases,
  sqlEngine,
  type TranslatedCase,
  translateCases,
} from '../../src/compile/index.ts'
import { casesByChapter, operators } from '../../src/core/index.ts'
import interpreterDifferences from './interpreter-case-differences.json' with { type: 'json' }
import sqlDifferences from './sql-case-differences.json' with { type: 'json' }

/** Where cql-execution departs from the specification, and what SQL leaves to closures, case by case. */
const differences: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  direct: {},
  sql: sqlDifferences,
  interpreter: interpreterDifferences,
}
const engines = [directEngine, sqlEngine(), interpreterEngine]
const all = Object.values(casesByChapter).flat()

let cases: readonly TranslatedCase[]
const results = new Map<string, readonly CaseResult[]>()
beforeAll(async () => {
  cases = await translateCases(all)
  for (const engine of engines) results.set(engine.name, await runCases(cases, engine))
}, 300_000)

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
]

describe.each(Object.keys(differences))('on %s', (engine) => {
  const known = differences[engine] ?? {}

  test('every case gives what it must, or is listed with the reason why not', () => {
    const failed = (results.get(engine) ?? []).filter((one) => !one.passed && !(one.expression in known))
    expect(failed.map(({ expression, expected, actual }) => ({ expression, expected, actual }))).toEqual([])
    expect(results.get(engine)).toHaveLength(all.length)
  })

  test('no listed case passes: its reason would be out of date', () => {
    const failing = new Set((results.get(engine) ?? []).filter((one) => !one.passed).map((one) => one.expression))
    expect(Object.keys(known).filter((expression) => !failing.has(expression))).toEqual([])
  })
})

test('every operator of the table has a case', () => {
  const seen = new Set<string>()
  for (const { closure } of cases)
    for (const [, type] of JSON.stringify(closure?.main.statements ?? {}).matchAll(/"type":"(\w+)"/g))
      seen.add(type ?? '')
  expect([...operators.keys()].filter((name) => !seen.has(name) && !needContent.includes(name))).toEqual([])
})
