import { expect, test } from 'vitest'
import { constant, integer, truth } from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { booleanTypeOf, integerTypeOf, intervalOf } from '../algebra/types.ts'
import { selectInterval } from './interval.ts'

const type = intervalOf(integerTypeOf)
const flag: Expr = { kind: 'column', name: 'lowClosed', type: booleanTypeOf }
const bounds = { low: constant(null, integerTypeOf), high: constant(null, integerTypeOf) }

test('an interval that is made of the parts of a null one is null, not the whole line', () => {
  const made = selectInterval(type, { ...bounds, lowClosed: truth(null), highClosed: truth(null) }, { offset: 0 })
  expect(made).toEqual(constant(null, type))
})

test('where only the data tell whether it is null, they are asked', () => {
  const made = selectInterval(type, { ...bounds, lowClosed: flag, highClosed: truth(true) }, { offset: 0 })
  const asked = { kind: 'call', template: 'isNull', type: booleanTypeOf, args: [flag] }
  expect(made).toMatchObject({ kind: 'case', branches: [{ when: asked, gives: constant(null, type) }] })
})

test('of flags that are never null nothing is asked', () => {
  const parts = { low: integer(1), high: integer(1), lowClosed: truth(true), highClosed: truth(true) }
  expect(selectInterval(type, parts, { offset: 0 })).toMatchObject({ kind: 'pack' })
})
