import { type CoreType, formatType, isAny, joinTypes } from '../../core/index.ts'
import {
  call,
  choose,
  constant,
  field,
  guard,
  isNotNull,
  isNull,
  nothing,
  nothingOf,
  pack,
  test,
  unlessNull,
} from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { irregularBy } from '../algebra/irregular.ts'
import { isResourceChoice } from '../algebra/model-type.ts'
import { ridOf, ridPart } from '../algebra/resource-key.ts'
import { longTypeOf, textTypeOf } from '../algebra/types.ts'
import { unheld } from '../algebra/unheld.ts'
import { between, highest, lowest } from './point.ts'

/** The field of a choice's structure that holds a value of a type. */
export function choiceField(type: CoreType): string {
  return `as_${formatType(type).replaceAll(/\W+/g, '_')}`
}

/** The name of the type that a choice's value is of. */
export const choiceTag = 'of_type'

/** The least type that holds values of all the given ones; intervals of uncertain points make all so. */
export function widest(types: readonly CoreType[]): CoreType {
  const intervals = types.filter((type) => type.kind === 'interval')
  const others = types.filter((type) => !isAny(type) && type.kind !== 'interval')
  const points = intervals.map((type) => type.of)
  if (others.length > 0 || !points.some((point) => point.kind === 'uncertain')) return joinTypes(types)
  return { kind: 'interval', of: joinTypes(points) }
}

/** The least type that holds all of these values; nulls are of any, so they widen nothing. */
export function widestOf(values: readonly Expr[]): CoreType {
  const known = values.filter((value) => value.kind !== 'const' || value.value !== null)
  return widest((known.length === 0 ? values : known).map((value) => value.type))
}

/** A value as one of a wider type: nulls take the type, a number may be uncertain, a value may be one of a choice. */
export function convert(value: Expr, type: CoreType): Expr {
  if (formatType(value.type) === formatType(type) || isAny(type)) return value
  if (isAny(value.type) || (value.kind === 'const' && value.value === null)) return nothingOf(type, [value])
  if (type.kind === 'uncertain') return between(value, value)
  if (value.type.kind === 'uncertain') return settled(value, type)
  if (type.kind === 'choice') return asChoice(value, type)
  if (type.kind === 'interval' && value.type.kind === 'interval') return convertInterval(value, type)
  if (type.kind === 'tuple' && value.type.kind === 'tuple') return convertTuple(value, type)
  if (type.kind === 'list' && value.type.kind === 'list') {
    if (value.kind === 'array' && !isAny(type.of))
      return { ...value, type, items: value.items.map((item) => convert(item, type.of)) }
    return isAny(value.type.of) && !isAny(type.of) ? call('listOfNulls', type, value) : value
  }
  return value
}

/** The one value of an uncertain one; where it is open, the person is flagged: this type cannot say it. */
function settled(value: Expr, type: CoreType): Expr {
  return convert(settle(value), type)
}

/** An uncertain value as one value, see `settled`; any other as it is. */
export function settle(value: Expr): Expr {
  if (value.type.kind !== 'uncertain') return value
  const [low, high] = [lowest(value), highest(value)]
  return guard(low, test('not', test('sameText', low, high)), irregularBy('uncertain value'))
}

function asChoice(value: Expr, type: Extract<CoreType, { kind: 'choice' }>): Expr {
  if (isResourceChoice(type)) return asResourceOf(value, type)
  if (value.type.kind === 'choice') return narrowed(value, value.type, type)
  const own = choiceField(value.type)
  const fields = type.of.map((one) => [choiceField(one), choiceField(one) === own ? value : nothing(one)] as const)
  const made = pack(type, { [choiceTag]: constant(formatType(value.type), textTypeOf), ...Object.fromEntries(fields) })
  return unlessNull([value], made)
}

/** A resource as one of several types: its type's name and its key. */
function asResourceOf(value: Expr, type: Extract<CoreType, { kind: 'choice' }>): Expr {
  if (value.type.kind === 'choice') return { ...value, type }
  const rid = ridOf(value) ?? { ...value, type: longTypeOf }
  return {
    kind: 'pack',
    type,
    fields: resourceParts(type, constant(formatType(value.type), textTypeOf), rid),
    present: isNotNull(rid),
  }
}

/** The parts of a resource of one of several types: elements of it are in no column here. */
export function resourceParts(type: CoreType, tag: Expr, rid: Expr): Readonly<Record<string, Expr>> {
  const ways =
    type.kind === 'choice' ? type.of.map((one) => [choiceField(one), unheld(one, formatType(one))] as const) : []
  return { [choiceTag]: tag, [ridPart]: rid, ...Object.fromEntries(ways) }
}

/** A choice as another: alternatives that only one of them has are null there. */
function narrowed(
  value: Expr,
  from: Extract<CoreType, { kind: 'choice' }>,
  to: Extract<CoreType, { kind: 'choice' }>,
): Expr {
  const has = new Set(from.of.map(choiceField))
  const fields = to.of.map((one) => {
    const name = choiceField(one)
    return [name, has.has(name) ? field(value, name, one) : nothing(one)] as const
  })
  return unlessNull(
    [value],
    pack(to, { [choiceTag]: field(value, choiceTag, textTypeOf), ...Object.fromEntries(fields) }),
  )
}

function convertInterval(value: Expr, type: Extract<CoreType, { kind: 'interval' }>): Expr {
  const point = value.type.kind === 'interval' ? value.type.of : value.type
  const boolean: CoreType = { kind: 'system', name: 'Boolean' }
  const made = pack(type, {
    low: convert(field(value, 'low', point), type.of),
    high: convert(field(value, 'high', point), type.of),
    lowClosed: field(value, 'lowClosed', boolean),
    highClosed: field(value, 'highClosed', boolean),
  })
  return unlessNull([value], made)
}

function convertTuple(value: Expr, type: Extract<CoreType, { kind: 'tuple' }>): Expr {
  const own = new Map(value.type.kind === 'tuple' ? value.type.elements.map((one) => [one.name, one.type]) : [])
  const fields = type.elements.map((one) => {
    const from = own.get(one.name)
    return [one.name, from === undefined ? nothing(one.type) : convert(field(value, one.name, from), one.type)] as const
  })
  return unlessNull([value], pack(type, Object.fromEntries(fields)))
}

/** The first value that is not null, as one of the type. */
export function firstPresent(values: readonly Expr[], type: CoreType): Expr {
  const converted = values.map((value) => convert(value, type))
  const last = converted.at(-1) ?? nothing(type)
  return converted.slice(0, -1).reduceRight<Expr>((rest, value) => choose(type, [[isNull(value), rest]], value), last)
}
