import { type CoreType, isAny } from '../../core/index.ts'
import { call, choose, constant, field, isNotNull, isNull, nothing, test, truth } from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { derivesFrom, isResourceChoice } from '../algebra/model-type.ts'
import { ridOf } from '../algebra/resource-key.ts'
import type { Aggregate, Scope } from '../algebra/scope.ts'
import { integerTypeOf, listOf, longTypeOf, systemName, textTypeOf } from '../algebra/types.ts'
import { absentFrom, asScalar, type Opened, open, orderOf } from './list.ts'
import type { Lowered, Rows } from './lowered.ts'

/** What a run stores of a define: its letter, and the keys of the resources that it holds. */
export interface Letters {
  readonly value: Expr
  readonly rids?: Expr
}

const letter = (text: string): Expr => constant(text, textTypeOf)

/** t true, f false, n null, l list with members, z empty list, v another value; a fault stands beside it. */
export function lettersOf(value: Lowered, at: Scope): Letters {
  if (value.kind === 'rows') return lettersOfRows(value, at)
  const one = asScalar(value, at)
  const expr = at.carry(one.expr, one.scope)
  const rids = keysIn(expr)
  return { value: letterOf(expr), ...(rids === undefined ? {} : { rids }) }
}

function letterOf(expr: Expr): Expr {
  if (expr.type.kind === 'list') return letterOfList(expr)
  const absent = isNull(expr)
  if (systemName(expr.type) !== 'Boolean') return choose(textTypeOf, [[absent, letter('n')]], letter('v'))
  return choose(
    textTypeOf,
    [
      [expr, letter('t')],
      [absent, letter('n')],
    ],
    letter('f'),
  )
}

function letterOfList(list: Expr): Expr {
  if (isAny(list.type)) return letter('n')
  const members = call('countPresent', integerTypeOf, list)
  return choose(
    textTypeOf,
    [
      [isNull(list), letter('n')],
      [test('less', constant(0, integerTypeOf), members), letter('l')],
    ],
    letter('z'),
  )
}

const listOfRids: CoreType = { kind: 'list', of: longTypeOf }

/** Is a value of a type held as the key of a resource? */
const holdsKeys = (type: CoreType): boolean =>
  isResourceChoice(type) || (type.kind === 'class' && derivesFrom(type.name, 'Resource'))

/** The key of a resource, whether its columns are at hand or it alone. */
const keyOf = (value: Expr): Expr | undefined => ridOf(value) ?? (holdsKeys(value.type) ? value : undefined)

/** The keys of the resources that a value holds, also in lists and tuples, in their order; undefined where it holds none. */
function keysIn(value: Expr): Expr | undefined {
  const { type } = value
  const rid = keyOf(value)
  if (rid !== undefined) {
    const alone: Expr = { kind: 'array', type: listOfRids, items: [rid] }
    return choose(listOfRids, [[isNull(value), nothing(listOfRids)]], alone)
  }
  if (type.kind === 'list')
    return holdsKeys(type.of) ? choose(listOfRids, [[isNotNull(value), withoutNulls(value)]]) : undefined
  if (type.kind !== 'tuple') return undefined
  return type.elements
    .flatMap((element) => keysIn(field(value, element.name, element.type)) ?? [])
    .reduce<Expr | undefined>(
      (keys, more) => (keys === undefined ? more : call('listConcatenate', listOfRids, keys, more)),
      undefined,
    )
}

const withoutNulls = (list: Expr): Expr => call('listWithoutNulls', listOfRids, list)

function lettersOfRows(value: Rows, at: Scope): Letters {
  const opened = open(value, at)
  const { some, rids } = at.aggregate(opened.scope, {
    some: { name: 'anyTrue', type: { kind: 'system', name: 'Boolean' }, value: truth(true) },
    ...keysOfRows(opened),
  })
  const found = choose(textTypeOf, [[test('isTrue', some ?? truth(null)), letter('l')]], letter('z'))
  const whole = value.present === undefined ? found : choose(textTypeOf, [[absentFrom(value, at), letter('n')]], found)
  if (rids === undefined) return { value: whole }
  return { value: whole, rids: rids.type === listOfRids ? rids : call('listOfLists', listOfRids, rids) }
}

/** The keys of each row's resources, in the order of the rows: one for each, or a list of them. */
function keysOfRows(opened: Opened): { readonly rids?: Aggregate } {
  const order = orderOf(opened)
  const rid = keyOf(opened.item)
  if (rid !== undefined) return { rids: { name: 'list', type: listOfRids, value: rid, where: isNotNull(rid), order } }
  const keys = keysIn(opened.item)
  if (keys === undefined) return {}
  return { rids: { name: 'list', type: listOf(listOfRids), value: keys, where: isNotNull(keys), order } }
}
