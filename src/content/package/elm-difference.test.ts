import { expect, test } from 'vitest'
import type { ElmLibrary, ElmNode } from '../../elm/index.ts'
import { compareElm } from './elm-difference.ts'

const libraryOf = (expression: ElmNode): ElmLibrary => ({
  identifier: { id: 'L', version: '1' },
  statements: { def: [{ name: 'A', context: 'Patient', expression }] },
})
const differ = (made: ElmNode, shipped: ElmNode) => compareElm(libraryOf(made), libraryOf(shipped), 'l.json').length > 0

const ref = (name: string): ElmNode => ({ type: 'ExpressionRef', name })
const or = (...operand: readonly ElmNode[]): ElmNode => ({ type: 'Or', operand })

const choice = (...names: readonly string[]) => ({
  type: 'As',
  asTypeSpecifier: { type: 'ChoiceTypeSpecifier', choice: names.map((name) => ({ name })) },
})

test('places, types and annotations do not count, nor the order of what has none', () => {
  const [a, b, c] = [ref('a'), ref('b'), ref('c')]
  expect(differ(a, { ...a, localId: '7', locator: '1:1', annotation: [], resultTypeName: 'x' })).toBe(false)
  expect(differ(or(or(a, b), c), or(c, or(b, a)))).toBe(false)
  expect(differ(choice('x', 'y'), choice('y', 'x'))).toBe(false)
})

test('another operand, another operator, another order where it counts, and a define too many are differences', () => {
  const [a, b] = [ref('a'), ref('b')]
  expect(differ(or(a, b), or(a, a))).toBe(true)
  expect(differ(or(a, b), { type: 'And', operand: [a, b] })).toBe(true)
  expect(differ({ type: 'Subtract', operand: [a, b] }, { type: 'Subtract', operand: [b, a] })).toBe(true)
  const more = { ...libraryOf(a), statements: { def: [...(libraryOf(a).statements?.def ?? []), { name: 'B' }] } }
  expect(compareElm(libraryOf(a), more, 'l.json')[0]?.message).toContain('1 of 1 statements: "B"')
})
