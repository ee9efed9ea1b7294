import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { projectRoot, unwrap } from '../../src/base/index.ts'
import {
  type CaseResult,
  directEngine,
  interpreterEngine,
  runCases,
  showCase,
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

/** Kinds of expression that a library's ELM names: operators, and structures such as queries and their clauses. */
const kindsIn = ({ closure }: TranslatedCase): ReadonlySet<string> =>
  new Set(
    [...JSON.stringify(closure?.main.statements ?? {}).matchAll(/"type":"(\w+)"/g)]
      .map(([, kind]) => kind ?? '')
      .filter((kind) => !/TypeSpecifier$|^Annotation$/.test(kind)),
  )

test('every operator of the table has a case', () => {
  const seen = new Set(cases.flatMap((one) => [...kindsIn(one)]))
  expect([...operators.keys()].filter((name) => !seen.has(name) && !needContent.includes(name))).toEqual([])
})

/** Of each chapter the cases with a kind of expression that no case before them had, with the kinds. */
function firstCases(): ReadonlyMap<string, readonly { readonly one: TranslatedCase; readonly reached: string[] }[]> {
  const reachedBefore = new Set<string>()
  const named = new Map(cases.map((one) => [one.expression, one]))
  return new Map(
    Object.entries(casesByChapter).map(([chapter, own]) => [
      chapter,
      own.flatMap(({ expression }) => {
        const one = named.get(expression)
        const reached = one === undefined ? [] : [...kindsIn(one)].filter((name) => !reachedBefore.has(name))
        for (const name of reached) reachedBefore.add(name)
        return one === undefined || reached.length === 0 ? [] : [{ one, reached }]
      }),
    ]),
  )
}

test.each(Object.keys(casesByChapter))(
  'core and SQL of each kind of expression, by its first case, are as they were: %s',
  async (chapter) => {
    const shown = (firstCases().get(chapter) ?? []).flatMap(({ one, reached }) => {
      if (one.closure === undefined) return []
      const { core, sql } = unwrap(showCase(one.closure, 'Test'))
      return [{ title: `-- ${reached.join(', ')}\n-- ${one.expression.replaceAll('\n', '\n-- ')}`, core, sql }]
    })
    const golden = (ending: string) => join(projectRoot, 'test', 'conformance', 'golden', `${chapter}.${ending}`)
    const text = (stage: 'core' | 'sql') => shown.map((one) => `${one.title}\n${one[stage]}\n`).join('\n')
    await expect(text('core')).toMatchFileSnapshot(golden('core.txt'))
    await expect(text('sql')).toMatchFileSnapshot(golden('sql'))
  },
)
