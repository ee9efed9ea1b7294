import { expect, test } from 'vitest'
import { CqlDateTime } from '../../core/index.ts'
import { call, choose, constant, field, isNotNull, isNull, nothing, pack, truth } from './build.ts'
import type { ColumnExpr } from './expr.ts'
import { factsOf } from './facts.ts'
import { dateTimeTypeOf, intervalOf, textTypeOf } from './types.ts'
import type { ValueFacts } from './value-facts.ts'

const column = (name: string, facts?: ValueFacts): ColumnExpr => ({
  kind: 'column',
  name,
  type: dateTimeTypeOf,
  ...(facts === undefined ? {} : { facts }),
})
const second: ValueFacts = { least: 6, most: 6, offset: 'always' }
const period = column('period', {
  isOrdered: true,
  parts: { start: { ...second, always: true }, end: second },
})
const [start, end] = [field(period, 'start', dateTimeTypeOf), field(period, 'end', dateTimeTypeOf)]

test('a part that is always there is null where the whole is', () => {
  expect(isNull(start)).toEqual(isNull(period))
  expect(isNotNull(start)).toEqual(isNotNull(period))
  expect(isNull(end)).not.toEqual(isNull(period))
})

test('of two values only what holds for both is known', () => {
  const either = choose(
    dateTimeTypeOf,
    [[column('which'), start]],
    column('day', { least: 3, most: 3, offset: 'never' }),
  )
  expect(factsOf(either)).toEqual({ least: 3, most: 6 })
  const known = choose(dateTimeTypeOf, [[column('which'), start]], constant(new CqlDateTime(0, 6, 0), dateTimeTypeOf))
  expect(factsOf(known)).toEqual({ least: 6, most: 7, offset: 'always' })
  expect(factsOf(choose(dateTimeTypeOf, [[column('which'), start]], column('any')))).toEqual({})
})

test('an interval that is made where a period is there has the start that the period always has, and not the end', () => {
  const made = pack(intervalOf(dateTimeTypeOf), { low: start, high: end, lowClosed: truth(true) })
  const interval = choose(made.type, [[isNull(period), nothing(made.type)]], made)
  const { parts } = factsOf(interval)
  expect(parts?.['low']).toEqual({ ...second, always: true })
  expect(parts?.['high']).toEqual(second)
  expect(parts?.['lowClosed']).toEqual({ isTrue: true, always: true })
  expect(isNull(interval)).toEqual(isNull(period))
})

test('of what is made before it is asked whether a value is there, nothing follows from the answer', () => {
  const made = pack(intervalOf(dateTimeTypeOf), { low: start, high: end })
  const whole = pack(intervalOf(dateTimeTypeOf), { low: constant(new CqlDateTime(0, 6, 0), dateTimeTypeOf), high: end })
  expect(factsOf(made).parts?.['low']).toEqual(second)
  const early = choose(
    made.type,
    [
      [column('which'), made],
      [isNull(period), nothing(made.type)],
    ],
    whole,
  )
  expect(factsOf(early).parts?.['low']).toEqual({ least: 6, most: 7, offset: 'always' })
  const late = choose(
    made.type,
    [
      [isNull(period), nothing(made.type)],
      [column('which'), made],
    ],
    whole,
  )
  expect(factsOf(late).parts?.['low']).toEqual({ least: 6, most: 7, offset: 'always', always: true })
})

test('what was asked is not asked again, and what is null anyway needs no test', () => {
  const other = column('other')
  const inner = choose(textTypeOf, [[isNull(period), constant('never', textTypeOf)]], constant('there', textTypeOf))
  const outer = choose(textTypeOf, [[isNull(period), constant('absent', textTypeOf)]], inner)
  expect(outer).toEqual(
    choose(textTypeOf, [[isNull(period), constant('absent', textTypeOf)]], constant('there', textTypeOf)),
  )
  expect(choose(dateTimeTypeOf, [[isNull(period), nothing(dateTimeTypeOf)]], end)).toBe(end)
  expect(choose(dateTimeTypeOf, [[isNull(other), nothing(dateTimeTypeOf)]], end)).not.toBe(end)
})

test('the first moment of a time that is made is what it is made of', () => {
  const made = call('temporalOf', dateTimeTypeOf, column('moment'), nothing(textTypeOf), constant(3, textTypeOf))
  expect(field(made, 'lo', dateTimeTypeOf)).toEqual(column('moment'))
  expect(factsOf(made)).toEqual({ least: 3, most: 3, offset: 'never' })
})
