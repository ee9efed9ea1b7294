import { expect, test } from 'vitest'
import type { InstalledMeasure, MeasureGroup } from '../../content/index.ts'
import type { ElmNode, ElmStatement } from '../../elm/index.ts'
import { type LogicNode, populationTrees } from './logic-tree.ts'

const reads = (...names: string[]): ElmNode => ({
  type: 'And',
  operand: names.map((name) => ({ type: 'ExpressionRef', name })),
})
const statements: readonly ElmStatement[] = [
  { name: 'Patient', expression: { type: 'SingletonFrom' } },
  { name: 'IP', expression: reads('Visits', 'Visits', 'Adult') },
  { name: 'Adult', expression: { type: 'ExpressionRef', name: 'Age', libraryName: 'Other' } },
  { name: 'Visits', expression: { type: 'FunctionRef', name: 'recent' } },
  { name: 'recent', type: 'FunctionDef', expression: reads('Encounters') },
  { name: 'Encounters', expression: { type: 'Retrieve' } },
  { name: 'Denominator', expression: reads('IP') },
]
const main = { identifier: { id: 'L' }, statements: { def: statements } }
const measure = {
  closure: { main, libraries: [main], cql: new Map([['L', 'define "IP":\n  true']]), hash: '' },
} as unknown as InstalledMeasure
const group: MeasureGroup = {
  id: 'g',
  scoring: 'proportion',
  basis: 'boolean',
  improvementNotation: 'increase',
  populations: [
    { code: 'initial-population', define: 'IP' },
    { code: 'denominator', define: 'Denominator' },
  ],
}

function trees() {
  const defines = ['IP', 'Adult', 'Visits', 'Denominator']
  const result = { defines: 'tnlt', evidence: [{ define: 2, rid: '7' }] }
  return populationTrees(measure, group, result as never, { defines } as never).map(({ root }) => root)
}

const outline = (node: LogicNode): unknown => [node.name, node.letter ?? '-', ...node.children.map(outline)]

test('a define stands above what it reads, through functions, each once', () => {
  const [ip] = trees()
  expect(ip === undefined ? [] : outline(ip)).toEqual(['IP', 't', ['Visits', 'l', ['Encounters', '-']], ['Adult', 'n']])
  expect(ip?.text).toBe('define "IP":\n  true')
  expect(ip?.children[0]?.held).toBe(1)
})

test('what stands above is not unfolded again', () => {
  const [, denominator] = trees()
  expect(denominator?.children[0]).toMatchObject({ name: 'IP', letter: 't', repeated: true, children: [] })
})
