import { type CoreNode, distinctValues, type Environment, equal, isList, type Value } from '../../core/index.ts'
import type { PlainNode } from '../compile.ts'
import {
  anyOf,
  type Bound,
  foreignTo,
  type ItemLineage,
  itemsOf,
  type Lineage,
  type ListLineage,
  listLineage,
  restsOn,
  restsOnNothing,
  union,
  wholeOf,
  withMore,
} from './lineage.ts'

type Operands = readonly Bound[]
type Rule = (operands: Operands, value: Value, env: Environment) => Lineage

const allOf = (operands: Operands): Lineage => restsOn(union(operands.map(({ lineage }) => lineage.all)))

/** Each operand of a value is reason enough. */
const decidedBy = (operands: Operands): Lineage => restsOn(anyOf(operands.map(({ lineage }) => lineage.all)))

/** And, Or: where one operand decides, only those that do. */
const decidedWhere =
  (decisive: boolean): Rule =>
  (operands, value) =>
    value === decisive ? decidedBy(operands.filter((operand) => operand.value === decisive)) : allOf(operands)

const implies: Rule = (operands, value) => {
  if (value !== true) return allOf(operands)
  return decidedBy(operands.filter((operand, index) => operand.value === (index === 1)))
}

const listOf = (value: Value): readonly Value[] => (isList(value) ? value : [])

const exists: Rule = ([operand], value) => {
  if (operand === undefined) return restsOnNothing
  const { base, items } = itemsOf(operand)
  const elements = listOf(operand.value)
  if (value === true) return restsOn(anyOf(items.filter((_, index) => elements[index] !== null).map(wholeOf)))
  // Only nulls are in the list, if anything.
  return restsOn(base | union(items.map(foreignTo)))
}

/** One element by its place, from the start or the end: what comes behind it does not matter. */
const elementAt =
  (place: (length: number) => number): Rule =>
  ([operand]) => {
    if (operand === undefined) return restsOnNothing
    const { base, order, items } = itemsOf(operand)
    const item = items[place(items.length)]
    return item === undefined ? restsOn(base) : withMore(item.lineage, base | order | item.presence)
  }

const singleton: Rule = (operands, value, env) => {
  const [operand] = operands
  return listOf(operand?.value ?? null).length > 1 ? allOf(operands) : elementAt(() => 0)(operands, value, env)
}

/** The elements of `kept`, which are some of `values`, each with what it and its doubles rest on. */
function mergeDoubles(
  { base, order, items }: ListLineage,
  values: readonly Value[],
  kept: readonly Value[],
  env: Environment,
): Lineage {
  if (kept.length === values.length) return listLineage(base, items, order)
  let places = order
  const merged = kept.map((value) => {
    const doubles = items.filter((_, index) => isSame(values[index] ?? null, value, env))
    // An element stands where the first of its doubles does: without that one it stands elsewhere.
    if (doubles.length > 1) places |= union(doubles.map(wholeOf))
    return doubles.reduce((all, one) => ({
      own: all.own & one.own,
      presence: all.presence | one.presence,
      lineage: restsOn(all.lineage.all | one.lineage.all),
    }))
  })
  return listLineage(base, merged, places)
}

const isSame = (a: Value, b: Value, env: Environment): boolean =>
  a === b || (a !== null && b !== null && equal(a, b, env) === true)

/** What a list without doubles rests on. `values` go with the items, `kept` is the list. */
export function distinctLineage(
  list: ListLineage,
  values: readonly Value[],
  kept: readonly Value[],
  env: Environment,
): Lineage {
  const foreign = kept.length === values.length ? 0n : union(list.items.map(foreignTo))
  return mergeDoubles({ ...list, base: list.base | foreign }, values, kept, env)
}

const unite: Rule = ([left, right], value, env) => {
  if (left === undefined || right === undefined || value === null) return allOf([left, right].filter((one) => !!one))
  const [a, b] = [itemsOf(left), itemsOf(right)]
  const values = [...listOf(left.value), ...listOf(right.value)]
  const list = { base: a.base | b.base, order: a.order | b.order, items: [...a.items, ...b.items] }
  return distinctLineage(list, values, listOf(value), env)
}

const distinct: Rule = (operands, value, env) => {
  const [operand] = operands
  if (operand === undefined || value === null) return allOf(operands)
  return distinctLineage(itemsOf(operand), listOf(operand.value), listOf(value), env)
}

/** Intersect and Except: what is on the left and, or but not, on the right. */
const matched =
  (stays: boolean): Rule =>
  (operands, value, env) => {
    const [left, right] = operands
    if (left === undefined || right === undefined || value === null) return allOf(operands)
    const [a, b] = [itemsOf(left), itemsOf(right)]
    const [values, others] = [listOf(left.value), listOf(right.value)]
    let base = a.base | b.base | union([...a.items, ...b.items].map(foreignTo))
    const found: { readonly value: Value; readonly item: ItemLineage }[] = []
    for (const [index, item] of a.items.entries()) {
      const one = values[index] ?? null
      const doubles = b.items.filter((_, at) => isSame(others[at] ?? null, one, env))
      const [double] = doubles
      if (stays && double !== undefined) {
        const own = doubles.length === 1 ? item.own | double.own : item.own
        found.push({ value: one, item: { ...item, own, presence: item.presence | union(doubles.map(wholeOf)) } })
      } else if (!stays && double !== undefined) base |= union(doubles.map(wholeOf)) & ~item.own
      else if (!stays) found.push({ value: one, item })
    }
    const kept = found.map((one) => one.value)
    const items = found.map((one) => one.item)
    return mergeDoubles({ base, order: a.order, items }, kept, distinctValues(kept, env), env)
  }

const flatten: Rule = (operands, value) => {
  const [operand] = operands
  if (operand === undefined || value === null) return allOf(operands)
  const { base, order, items } = itemsOf(operand)
  const lists = listOf(operand.value)
  let [outside, places] = [base, order]
  const flat = items.flatMap((item, index) => {
    const inner = itemsOf({ value: lists[index] ?? null, lineage: item.lineage })
    outside |= inner.base & ~item.own
    places |= inner.order & ~item.own
    return inner.items.map((one) => ({
      own: item.own | one.own,
      presence: item.presence | one.presence,
      lineage: one.lineage,
    }))
  })
  return listLineage(outside, flat, places)
}

/** Min, Max: the elements that are the answer; others only as far as they could come to be it. */
const extreme: Rule = (operands, value, env) => {
  const [operand] = operands
  if (operand === undefined || value === null) return allOf(operands)
  const { base, items } = itemsOf(operand)
  const elements = listOf(operand.value)
  const answers = items.filter((_, index) => isSame(elements[index] ?? null, value, env))
  if (answers.length === 0) return allOf(operands)
  return restsOn(base | anyOf(answers.map(wholeOf)) | union(items.map(foreignTo)))
}

/** Is an element in a list: the elements that are it; where none is, what keeps it out. */
const membership =
  (listFirst: boolean): Rule =>
  (operands, value, env) => {
    const [list, element] = listFirst ? operands : [operands[1], operands[0]]
    if (list === undefined || element === undefined || value === null || !isList(list.value)) return allOf(operands)
    const { base, items } = itemsOf(list)
    const elements = list.value
    if (value === false) return restsOn(element.lineage.all | base | union(items.map(foreignTo)))
    const same = items.filter((_, index) => isSame(elements[index] ?? null, element.value, env))
    return same.length === 0 ? allOf(operands) : restsOn(element.lineage.all | anyOf(same.map(wholeOf)))
  }

/** Operators of whose operands not all matter to every value. All others rest on all of theirs. */
const rules: Readonly<Record<string, Rule>> = {
  And: decidedWhere(false),
  Or: decidedWhere(true),
  Implies: implies,
  Exists: exists,
  First: elementAt(() => 0),
  Last: elementAt((length) => length - 1),
  SingletonFrom: singleton,
  Union: unite,
  Intersect: matched(true),
  Except: matched(false),
  Distinct: distinct,
  Flatten: flatten,
  Min: extreme,
  Max: extreme,
  In: membership(false),
  Contains: membership(true),
}

/** What a plain node's value rests on, given what it is made of. A fault rests on all of that. */
export function lineageOf(node: PlainNode, operands: Operands, value: Value, env: Environment): Lineage {
  const [operand] = operands
  switch (node.kind) {
    case 'operator':
      return rules[node.name]?.(operands, value, env) ?? strictLineage(node, operands, value)
    case 'as':
      return operand !== undefined && value === operand.value ? operand.lineage : allOf(operands)
    case 'list':
      return listLineage(
        0n,
        operands.map(({ lineage }) => ({ own: 0n, presence: 0n, lineage })),
      )
    case 'tuple':
      return {
        ...allOf(operands),
        fields: new Map(node.fields.map(({ name }, index) => [name, operands[index]?.lineage ?? restsOnNothing])),
      }
    case 'path':
      return fieldLineage(node.path, operand?.lineage) ?? allOf(operands)
    default:
      return allOf(operands)
  }
}

/** Null of a null operand, whatever the others are. */
function strictLineage(node: Extract<CoreNode, { kind: 'operator' }>, operands: Operands, value: Value): Lineage {
  const strict = node.overloads.length > 0 && node.overloads.every(({ nulls }) => nulls === 'strict')
  const absent = strict && value === null ? operands.filter((operand) => operand.value === null) : []
  return absent.length === 0 ? allOf(operands) : decidedBy(absent)
}

function fieldLineage([name, ...more]: readonly string[], lineage: Lineage | undefined): Lineage | undefined {
  if (name === undefined) return lineage
  const field = lineage?.fields?.get(name)
  return field === undefined ? undefined : more.length === 0 ? field : (fieldLineage(more, field) ?? restsOn(field.all))
}
