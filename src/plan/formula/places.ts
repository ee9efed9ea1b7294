import type { Decimal } from '../../core/index.ts'
import { call, choose, constant, field, guard, integer, isNotNull, test } from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { irregularBy } from '../algebra/irregular.ts'
import type { TemplateName } from '../algebra/template-name.ts'
import { integerTypeOf, systemName, textTypeOf } from '../algebra/types.ts'

/** Operators that give a decimal as many digits as its value needs. */
const computed: ReadonlySet<TemplateName> = new Set([
  'addDecimal',
  'subtractDecimal',
  'multiplyDecimal',
  'divideDecimal',
  'truncatedQuotientDecimal',
  'remainder',
  'naturalLog',
  'exponential',
  'logarithm',
  'powerDecimal',
  'longToDecimal',
  'booleanToDecimal',
  'squareRoot',
])

/**
 * How many digits after the point a Decimal was written with, which Precision, its boundaries and the steps of an
 * expansion rest on. A literal is known to have them, and what is computed has as many as it needs. Where no column
 * tells them, the person is evaluated by closures.
 */
export function placesOf(decimal: Expr): Expr {
  switch (decimal.kind) {
    case 'const':
      return decimal.value === null ? constant(null, integerTypeOf) : integer((decimal.value as Decimal).places)
    case 'column':
      return decimal.places === undefined ? unknown(decimal) : integer(decimal.places)
    case 'guard':
      return { ...decimal, type: integerTypeOf, value: placesOf(decimal.value) }
    case 'case': {
      const branches = decimal.branches.map(({ when, gives }) => [when, placesOf(gives)] as const)
      return choose(integerTypeOf, branches, decimal.otherwise === undefined ? undefined : placesOf(decimal.otherwise))
    }
    case 'call':
      return placesOfCall(decimal)
    case 'field':
      return decimal.source.kind === 'column' && decimal.source.places !== undefined
        ? integer(decimal.source.places)
        : unknown(decimal)
    default:
      return unknown(decimal)
  }
}

function placesOfCall(decimal: Extract<Expr, { kind: 'call' }>): Expr {
  const [first] = decimal.args
  if (computed.has(decimal.template)) return call('placesOfDecimal', integerTypeOf, decimal)
  if (first === undefined) return unknown(decimal)
  if (decimal.template === 'textToDecimal') return call('placesOfText', integerTypeOf, first)
  if (decimal.template === 'integerToDecimal') return placesOfStored(decimal, first)
  const keeps = decimal.template === 'negateDecimal' || decimal.template === 'absoluteDecimal'
  return keeps ? placesOf(first) : unknown(decimal)
}

/** A whole number has one place; a decimal of a resource has its text beside it. */
function placesOfStored(decimal: Expr, from: Expr): Expr {
  if (systemName(from.type) === 'Integer') return choose(integerTypeOf, [[isNotNull(from), integer(1)]])
  if (from.kind !== 'field' || from.name !== 'value') return unknown(decimal)
  const text = field(from.source, 'text', textTypeOf)
  const exponent = call('positionOf', integerTypeOf, constant('e', textTypeOf), call('lower', textTypeOf, text))
  const written = call('placesOfText', integerTypeOf, text)
  return choose(
    integerTypeOf,
    [[test('lessOrEqual', integer(0), exponent), call('placesOfDecimal', integerTypeOf, decimal)]],
    written,
  )
}

const unknown = (decimal: Expr): Expr =>
  guard(
    call('placesOfDecimal', integerTypeOf, decimal),
    isNotNull(decimal),
    irregularBy('digits that a decimal was written with'),
  )
