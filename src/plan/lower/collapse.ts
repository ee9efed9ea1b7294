import { type CoreType } from '../../core/index.ts'
import {
  both,
  call,
  choose,
  constant,
  either,
  field,
  integer,
  isNotNull,
  isNull,
  nothing,
  test,
  truth,
} from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import type { GroupPlan } from '../algebra/relation.ts'
import { Scope } from '../algebra/scope.ts'
import {
  booleanTypeOf,
  decimalTypeOf,
  integerTypeOf,
  longTypeOf,
  systemName,
  textTypeOf,
  uncertainOf,
} from '../algebra/types.ts'
import { convert } from '../formula/convert.ts'
import { closedInterval, endOf, pointTypeOf, startOf } from '../formula/interval.ts'
import { lifted } from '../formula/lift.ts'
import { extremeOf, less, lessOrEqual, lowest, neighbour } from '../formula/point.ts'
import { formulas } from '../operator/registry.ts'
import { carriedOver, type State } from './carried.ts'
import { asRows, exprAt, mapped, open, orderOf } from './list.ts'
import type { ListSite } from './list-site.ts'
import { type Lowered } from './lowered.ts'
import { sortKeys } from './sort-key.ts'

/**
 * Overlapping and adjoining intervals (within `per` of each other, where it is given) become one: in their order each
 * is joined with the last one or begins a new one. https://cql.hl7.org/09-b-cqlreference.html#collapse
 */
export function collapseList(site: ListSite, operand: Lowered, per: Lowered): Lowered {
  const { at } = site
  const list = asRows(operand)
  const opened = open(list, at)
  const kept = opened.scope.filtered(isNotNull(opened.item))
  const type = boundTypeOf(opened.item)
  const bound = (value: Expr, name: string) => kept.bind(convert(value, type), name)
  const [low, high] = [bound(startOf(opened.item), 'low'), bound(endOf(opened.item), 'high')]
  const order = sortKeys(lowest(low), site.with.offset).map((value) => ({ value, descending: false }))
  const step = exprAt(per, at)
  const start = { low: nothing(type), high: nothing(type), group: integer(0) }
  const carried = carriedOver(at, kept, [...order, ...orderOf(opened)], start, (inner, state) =>
    joinedWith(state, { low, high }, reachOf(column(state, 'high'), inner.carry(step, at), site), site),
  )
  const spans = spansOf(carried.scope, carried.state, carried.step, at)
  const item = closedInterval(opened.item.type, spans.low, spans.high)
  const present = list.present === undefined ? undefined : at.carry(list.present, list.scope)
  return mapped({ scope: spans.scope, item, order: [spans.group] }, at, item, present)
}

const column = (state: State, name: string): Expr => state[name] ?? truth(null)

/** Bounds that are not known make all bounds uncertain. */
function boundTypeOf(interval: Expr): CoreType {
  const declared = pointTypeOf(interval.type)
  const point = declared.kind === 'uncertain' ? declared.of : declared
  const open = [startOf(interval), endOf(interval)].some(({ type }) => type.kind === 'uncertain')
  return open ? uncertainOf(point) : point
}

interface Span {
  readonly low: Expr
  readonly high: Expr
}

function joinedWith(state: State, row: Span, reach: Expr, { with: at }: ListSite): State {
  const [low, high, group] = [column(state, 'low'), column(state, 'high'), column(state, 'group')]
  const apart = less(high, row.low, at)
  const near = choose(
    booleanTypeOf,
    [[test('isTrue', apart), test('isTrue', lessOrEqual(row.low, reach, at))]],
    truth(true),
  )
  const joins = both(test('less', integer(0), group), near)
  const further = extremeOf(high, row.high, at, 1)
  const last = choose(high.type, [[isNotNull(further), further]], high)
  return {
    low: choose(low.type, [[joins, low]], row.low),
    high: choose(high.type, [[joins, last]], row.high),
    group: choose(integerTypeOf, [[joins, group]], call('addInteger', integerTypeOf, group, integer(1))),
  }
}

/** How far an interval reaches to one after it: to the next point, or by `per`. */
function reachOf(end: Expr, per: Expr, site: ListSite): Expr {
  const value = field(per, 'value', decimalTypeOf)
  const isPoint = both(
    test('equals', field(per, 'unit', textTypeOf), constant('1', textTypeOf)),
    test('equals', value, constant(0, integerTypeOf)),
  )
  const next = neighbour(end, 1)
  if (per.kind === 'const' && per.value === null) return next
  const point = end.type.kind === 'uncertain' ? end.type.of : end.type
  const moved = lifted(([from = end]) => moveBy(from, per, value, site), [end], site.with)
  return systemName(point) === 'Any' ? next : choose(end.type, [[either(isNull(per), isPoint), next]], moved)
}

function moveBy(point: Expr, per: Expr, value: Expr, site: ListSite): Expr {
  const whole = call('wholePart', longTypeOf, value)
  switch (systemName(point.type)) {
    case 'Integer':
      return call('addInteger', integerTypeOf, point, whole)
    case 'Long':
      return call('addLong', longTypeOf, point, whole)
    case 'Decimal':
      return call('addDecimal', decimalTypeOf, point, value)
    default: {
      const name = systemName(point.type) ?? ''
      const add = formulas.get(`Add(${name}, Quantity): ${name}`)
      return add === undefined ? nothing(point.type) : add(site.with, point, per, per)
    }
  }
}

/** One row for each span: where its first interval begins, and how far the last step of it reaches. */
function spansOf(states: Scope, state: State, step: string, at: Scope) {
  const { names } = at
  const begun = states.filtered(test('less', integer(0), column(state, 'group')))
  const group = columnName(column(state, 'group'))
  const [low, high, fault] = [names.next('low'), names.next('high'), names.next('fault')]
  const last = (value: Expr) => ({ name: 'last' as const, value, order: orderOf({ order: [step] }) })
  const [from, to] = [column(state, 'low'), column(state, 'high')]
  const relation: GroupPlan = {
    op: 'group',
    input: begun.relation,
    keys: [...at.keys, group],
    aggregates: {
      [low]: last(from),
      [high]: last(to),
      [fault]: { name: 'min', value: states.fault ?? nothing(textTypeOf) },
    },
    columns: [
      ...at.keys.map((name) => ({ name, type: integerTypeOf, nonNull: true })),
      { name: group, type: integerTypeOf, nonNull: true },
      { name: low, type: from.type },
      { name: high, type: to.type },
      { name: fault, type: textTypeOf },
    ],
  }
  const faultColumn: Expr = { kind: 'column', name: fault, type: textTypeOf }
  return {
    scope: new Scope(names, relation, [...at.keys, group], at, [], faultColumn),
    group,
    low: { kind: 'column', name: low, type: from.type } satisfies Expr,
    high: { kind: 'column', name: high, type: to.type } satisfies Expr,
  }
}

const columnName = (expr: Expr): string => (expr.kind === 'column' ? expr.name : '')
