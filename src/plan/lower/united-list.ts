import { type CoreType, formatType } from '../../core/index.ts'
import { call, integer, isNotNull, nothing, test } from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { commonFacts } from '../algebra/facts.ts'
import { columnsIn, substitute, wholeFaultOf } from '../algebra/fault.ts'
import type { Column, Plan } from '../algebra/relation.ts'
import { ridOf } from '../algebra/resource-key.ts'
import { Scope } from '../algebra/scope.ts'
import { integerTypeOf, longTypeOf, systemName, textTypeOf } from '../algebra/types.ts'
import { choiceField, choiceTag, convert, resourceParts, widest } from '../formula/convert.ts'
import { identityOf, keyColumn, type Opened, open, orderOf } from './list.ts'
import type { Rows } from './lowered.ts'

/**
 * The rows of a list without doubles, the first of each kept. A row that failed is no double of one that did not, however
 * alike what stands in its columns: its fault would fall away with it.
 */
export function distinct(opened: Opened, at: Scope, offset: number): Opened {
  const number = at.names.next('n')
  const fault = wholeFaultOf(opened.item)
  const input = opened.scope.withColumns({})
  const relation: Plan = {
    op: 'window',
    input,
    number,
    partition: [...at.keys.map(keyColumn), ...identityOf(opened.item, offset), ...(fault === undefined ? [] : [fault])],
    order: orderOf(opened),
    columns: [...input.columns, { name: number, type: integerTypeOf, nonNull: true }],
  }
  const { scope } = opened
  const numberedScope = new Scope(scope.names, relation, scope.keys, at, scope.holds, scope.fault)
  return { ...opened, scope: numberedScope.filtered(test('equals', keyColumn(number), integer(1))) }
}

/** An item of several lists as columns that all of them fill. */
interface United {
  readonly columns: readonly Column[]
  readonly item: Expr
  /** The columns of one list's item, in their order. */
  exprs(item: Expr): readonly Expr[]
}

/** Resources keep all their columns. Other items are one column. */
function unite(lists: readonly Rows[], at: Scope): United {
  const type = widest(lists.map((list) => list.item.type))
  if (!lists.every((list) => ridOf(list.item) !== undefined)) {
    const facts = commonFacts(lists.map((list) => convert(list.item, type)))
    const column = { name: at.names.next('item'), type, facts }
    return { columns: [column], item: { kind: 'column', ...column }, exprs: (item) => [convert(item, type)] }
  }
  const [first] = lists
  const widths = new Set(lists.map((list) => columnsIn(list.item).size))
  if (type.kind !== 'choice' && first?.item.kind === 'pack' && widths.size === 1)
    return uniteAlike(
      first.item,
      lists.map(({ item }) => item),
      at,
    )
  return uniteMixed(
    lists.map((list) => list.item),
    type,
    at,
  )
}

/** The columns of an item, which all items that are united with it have in the same order. */
function uniteAlike(item: Expr, all: readonly (Expr | undefined)[], at: Scope): United {
  const columnsOfAll = all.map((one) => (one === undefined ? [] : [...columnsIn(one).values()]))
  const leaves = [...columnsIn(item)].map(([leaf, { type }], index) => {
    const facts = commonFacts(columnsOfAll.flatMap((columns) => columns[index] ?? []))
    const column = { name: at.names.next(leaf.replace(/_\d+$/, '')), type, facts }
    return { leaf, column }
  })
  const renamed = new Map(leaves.map(({ leaf, column }) => [leaf, { kind: 'column' as const, ...column }]))
  return {
    columns: leaves.map(({ column }) => column),
    item: substitute(item, renamed),
    exprs: (other) => [...columnsIn(other).values()],
  }
}

/** The name of a resource's type. */
const tagOf = (value: Expr): Expr =>
  value.type.kind === 'choice' && value.kind === 'pack'
    ? (value.fields[choiceTag] ?? nothing(textTypeOf))
    : { kind: 'const', value: formatType(value.type), type: textTypeOf }

/** What an item is as a resource of a type, with its columns; undefined where it never is, or only its key is at hand. */
function asType(item: Expr, type: CoreType): Expr | undefined {
  if (formatType(item.type) === formatType(type)) return item
  const part = item.type.kind === 'choice' && item.kind === 'pack' ? item.fields[choiceField(type)] : undefined
  return part?.kind === 'pack' ? part : undefined
}

/** Can an item be a resource of a type? */
const mayBe = (item: Expr, type: CoreType): boolean =>
  (item.type.kind === 'choice' ? item.type.of : [item.type]).some((one) => formatType(one) === formatType(type))

/** Resources of several types: the type's name, the key, and for each type the columns of its resources. */
function uniteMixed(items: readonly Expr[], type: CoreType, at: Scope): United {
  const [tag, rid] = [at.names.next('type'), at.names.next('rid')]
  const ridColumn: Expr = { kind: 'column', name: rid, type: longTypeOf }
  const tagColumn: Expr = { kind: 'column', name: tag, type: textTypeOf }
  const ways = (type.kind === 'choice' ? type.of : []).flatMap((one) => {
    const own = items.filter((item) => mayBe(item, one)).map((item) => asType(item, one))
    const [first] = own
    const widths = new Set(own.map((part) => (part === undefined ? 0 : columnsIn(part).size)))
    return first === undefined || widths.size > 1 ? [] : [{ type: one, united: uniteAlike(first, own, at) }]
  })
  const held = Object.fromEntries(ways.map((way) => [choiceField(way.type), way.united.item]))
  return {
    columns: [
      { name: tag, type: textTypeOf },
      { name: rid, type: longTypeOf },
      ...ways.flatMap(({ united }) => united.columns),
    ],
    item: {
      kind: 'pack',
      type,
      fields: { ...resourceParts(type, tagColumn, ridColumn), ...held },
      present: isNotNull(ridColumn),
    },
    exprs: (value) => [
      tagOf(value),
      ridOf(value) ?? nothing(longTypeOf),
      ...ways.flatMap((way) => {
        const own = asType(value, way.type)
        return own === undefined ? way.united.columns.map((column) => nothing(column.type)) : way.united.exprs(own)
      }),
    ],
  }
}

/** Rows of several lists one after the other, in a relation of (key, tag, positions, item). */
export function concatenated(lists: readonly Rows[], at: Scope): Opened {
  const width = Math.max(...lists.map((list) => list.order.length))
  const [tag, fault] = [at.names.next('part'), at.names.next('fault')]
  const positions = Array.from({ length: width }, () => at.names.next('pos'))
  const united = unite(lists, at)
  const wanted = [...at.keys, tag, ...positions, ...united.columns.map((column) => column.name), fault]
  const parts = lists.map((list) => open(list, at))
  const wide = positions.map((_, place) => parts.some((part) => isWide(part, place)))
  const long = new Set(positions.filter((_, place) => wide[place] === true))
  const inputs = parts.map((opened, index): Plan => {
    const own = united.exprs(opened.item)
    const exprs: [string, Expr][] = [
      ...at.keys.map((key): [string, Expr] => [key, keyColumn(key)]),
      [tag, integer(index)],
      ...positions.map((name, place): [string, Expr] => {
        const position = opened.order[place]
        const value = position === undefined ? integer(0) : keyColumn(position)
        return [name, wide[place] === true ? widened(value, isWide(opened, place)) : value]
      }),
      ...united.columns.map((column, place): [string, Expr] => [column.name, own[place] ?? nothing(column.type)]),
      [fault, opened.scope.fault ?? noFault],
    ]
    return { op: 'rename', input: opened.scope.relation, exprs, columns: columnsOf(wanted, united, fault, long) }
  })
  const relation: Plan = { op: 'union', inputs, columns: columnsOf(wanted, united, fault, long) }
  const order = [tag, ...positions]
  const failing = lists.some((list) => list.rows.fault !== undefined)
  const faultColumn: Expr = { kind: 'column', name: fault, type: noFault.type }
  const scope = new Scope(at.names, relation, [...at.keys, ...order], at, [], failing ? faultColumn : undefined)
  return { scope, item: united.item, order }
}

/** Is a position a resource's key, which is longer than a count? */
const isWide = ({ scope, order }: Opened, place: number): boolean =>
  systemName(scope.relation.columns.find(({ name }) => name === order[place])?.type ?? integerTypeOf) === 'Long'

/** Positions of all lists are of one type: the database would make them all as short as the first list's. */
const widened = (position: Expr, wide: boolean): Expr => (wide ? position : call('integerToLong', longTypeOf, position))

function columnsOf(
  wanted: readonly string[],
  united: United,
  fault: string,
  long: ReadonlySet<string>,
): readonly Column[] {
  const held = new Map(united.columns.map((column) => [column.name, column]))
  return wanted.map((name) => {
    const position = long.has(name) ? longTypeOf : integerTypeOf
    if (name === fault) return { name, type: noFault.type }
    return held.get(name) ?? { name, type: position, nonNull: true }
  })
}

const noFault = nothing({ kind: 'system', name: 'String' })
