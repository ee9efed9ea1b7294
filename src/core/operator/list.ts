import { both } from '../value/compare.ts'
import { distinctValues, holds } from '../value/distinct.ts'
import type { Environment } from '../value/environment.ts'
import { equal } from '../value/equality.ts'
import { runFault } from '../value/run-fault.ts'
import type { Logical, Value } from '../value/value.ts'
import { type CallSite, type Operator, overload, ownNulls, strict } from './operator.ts'

type List = readonly Value[]
type MaybeList = List | null

/** Is the element in the list, with another one beside it? */
function containsProperly(list: MaybeList, item: Value, env: Environment): Logical {
  if (list === null) return false
  const another = list.reduce<Logical>((found, other) => {
    if (found === true || (item === null && other === null)) return found
    const same = item === null || other === null ? null : equal(item, other, env)
    if (item === null && other !== null) return true
    return same === false ? true : same === null ? null : found
  }, false)
  return both(holds(list, item, env), another)
}

function includes(left: List, right: List, env: Environment): Logical {
  return right.reduce<Logical>((answer, item) => both(answer, holds(left, item, env)), true)
}

function properlyIncludes(left: List, right: List, env: Environment): Logical {
  return both(includes(left, right, env), left.length > right.length)
}

function indexOf(list: List, item: Value, _: CallSite, env: Environment): Value {
  return list.findIndex((other) => other !== null && equal(other, item, env) === true)
}

function union(left: MaybeList, right: MaybeList, _: CallSite, env: Environment): MaybeList {
  return left === null && right === null ? null : distinctValues([...(left ?? []), ...(right ?? [])], env)
}

function intersect(left: List, right: List, _: CallSite, env: Environment): List {
  return distinctValues(left, env).filter((item) => holds(right, item, env) === true)
}

function except(left: MaybeList, right: MaybeList, _: CallSite, env: Environment): MaybeList {
  if (left === null) return null
  const kept = right === null ? left : left.filter((item) => holds(right, item, env) !== true)
  return distinctValues(kept, env)
}

function singleton(list: List): Value {
  if (list.length > 1)
    throw runFault('not-a-singleton', `A list of ${list.length} elements stands where one of at most 1 must.`)
  return list[0] ?? null
}

/** From `start` up to but without `end`; null start is 0, null end the length, negative ones count from the end. */
function slice(list: MaybeList, start: number | null, end: number | null): MaybeList {
  return list === null ? null : list.slice(start ?? 0, end ?? list.length)
}

const flatten = (lists: List): List => lists.flatMap((list) => (list === null ? [] : (list as List)))

/** https://cql.hl7.org/09-b-cqlreference.html#list-operators-2. Null beside nulls: an element that is null is in a list that has one. */
export const listOperators: readonly Operator[] = [
  ownNulls('list', 'Exists', [
    overload('(List<T>): Boolean', (list: MaybeList) => list?.some((item) => item !== null) ?? false),
  ]),
  ownNulls('list', 'In', [
    overload('(T, List<T>): Boolean', (item: Value, list: MaybeList, _: CallSite, env: Environment) =>
      holds(list, item, env),
    ),
  ]),
  ownNulls('list', 'Contains', [
    overload('(List<T>, T): Boolean', (list: MaybeList, item: Value, _: CallSite, env: Environment) =>
      holds(list, item, env),
    ),
  ]),
  ownNulls('list', 'ProperIn', [
    overload('(T, List<T>): Boolean', (item: Value, list: MaybeList, _: CallSite, env: Environment) =>
      containsProperly(list, item, env),
    ),
  ]),
  ownNulls('list', 'ProperContains', [
    overload('(List<T>, T): Boolean', (list: MaybeList, item: Value, _: CallSite, env: Environment) =>
      containsProperly(list, item, env),
    ),
  ]),
  strict('list', 'Includes', [
    overload('(List<T>, List<T>): Boolean', (left: List, right: List, _: CallSite, env: Environment) =>
      includes(left, right, env),
    ),
    overload('(List<T>, T): Boolean', (left: List, right: Value, _: CallSite, env: Environment) =>
      holds(left, right, env),
    ),
  ]),
  strict('list', 'IncludedIn', [
    overload('(List<T>, List<T>): Boolean', (left: List, right: List, _: CallSite, env: Environment) =>
      includes(right, left, env),
    ),
    overload('(T, List<T>): Boolean', (left: Value, right: List, _: CallSite, env: Environment) =>
      holds(right, left, env),
    ),
  ]),
  strict('list', 'ProperIncludes', [
    overload('(List<T>, List<T>): Boolean', (left: List, right: List, _: CallSite, env: Environment) =>
      properlyIncludes(left, right, env),
    ),
  ]),
  strict('list', 'ProperIncludedIn', [
    overload('(List<T>, List<T>): Boolean', (left: List, right: List, _: CallSite, env: Environment) =>
      properlyIncludes(right, left, env),
    ),
  ]),
  ownNulls('list', 'Union', [overload('(List<T>, List<U>): List<T>', union)]),
  strict('list', 'Intersect', [overload('(List<T>, List<T>): List<T>', intersect)]),
  ownNulls('list', 'Except', [overload('(List<T>, List<U>): List<T>', except)]),
  strict('list', 'Distinct', [
    overload('(List<T>): List<T>', (list: List, _: CallSite, env: Environment) => distinctValues(list, env)),
  ]),
  strict('list', 'Flatten', [overload('(List<List<T>>): List<T>', flatten)]),
  strict('list', 'First', [overload('(List<T>): T', (list: List) => list[0] ?? null)], { fields: ['source'] }),
  strict('list', 'Last', [overload('(List<T>): T', (list: List) => list.at(-1) ?? null)], { fields: ['source'] }),
  strict('list', 'Indexer', [
    overload('(List<T>, Integer): T', (list: List, index: number) => (index < 0 ? null : (list[index] ?? null))),
    overload('(String, Integer): String', (text: string, index: number) => (index < 0 ? null : (text[index] ?? null))),
  ]),
  strict('list', 'IndexOf', [overload('(List<T>, T): Integer', indexOf)], { fields: ['source', 'element'] }),
  strict('list', 'SingletonFrom', [overload('(List<T>): T', singleton)]),
  ownNulls('list', 'Slice', [overload('(List<T>, Integer, Integer): List<T>', slice)], {
    fields: ['source', 'startIndex', 'endIndex'],
  }),
  ownNulls('list', 'Length', [overload('(List<T>): Integer', (list: MaybeList) => list?.length ?? 0)]),
]
