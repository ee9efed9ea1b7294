import { type CoreType, isAny } from '../../core/index.ts'
import { call, choose, constant, isNotNull, isNull, nothing, test, truth } from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { derivesFrom, isResourceChoice } from '../algebra/model-type.ts'
import { ridOf } from '../algebra/resource-key.ts'
import type { Scope } from '../algebra/scope.ts'
import { integerTypeOf, longTypeOf, systemName, textTypeOf } from '../algebra/types.ts'
import { absentFrom, asScalar, open, orderOf } from './list.ts'
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
  if (expr.type.kind === 'list')
    return { value: letterOfList(expr), ...(holdsKeys(expr.type.of) ? { rids: keysOf(expr) } : {}) }
  const absent = isNull(expr)
  if (systemName(expr.type) === 'Boolean')
    return {
      value: choose(
        textTypeOf,
        [
          [expr, letter('t')],
          [absent, letter('n')],
        ],
        letter('f'),
      ),
    }
  const rid = keyOf(expr)
  const found = choose(textTypeOf, [[absent, letter('n')]], letter('v'))
  return { value: found, ...(rid === undefined ? {} : { rids: ridList(rid, absent) }) }
}

const listOfRids: CoreType = { kind: 'list', of: longTypeOf }

function ridList(rid: Expr, absent: Expr): Expr {
  return choose(listOfRids, [[absent, nothing(listOfRids)]], { kind: 'array', type: listOfRids, items: [rid] })
}

/** Is a value of a type held as the key of a resource? */
const holdsKeys = (type: CoreType): boolean =>
  isResourceChoice(type) || (type.kind === 'class' && derivesFrom(type.name, 'Resource'))

/** The key of a resource, whether its columns are at hand or it alone. */
const keyOf = (value: Expr): Expr | undefined => ridOf(value) ?? (holdsKeys(value.type) ? value : undefined)

const keysOf = (list: Expr): Expr => choose(listOfRids, [[isNotNull(list), call('listWithoutNulls', listOfRids, list)]])

function letterOfList(list: Expr): Expr {
  const size = call('listLength', integerTypeOf, list)
  if (isAny(list.type)) return letter('n')
  return choose(
    textTypeOf,
    [
      [isNull(list), letter('n')],
      [test('less', constant(0, integerTypeOf), size), letter('l')],
    ],
    letter('z'),
  )
}

function lettersOfRows(value: Rows, at: Scope): Letters {
  const opened = open(value, at)
  const rid = keyOf(opened.item)
  const { some, rids } = at.aggregate(opened.scope, {
    some: { name: 'anyTrue', type: { kind: 'system', name: 'Boolean' }, value: truth(true) },
    ...(rid === undefined
      ? {}
      : { rids: { name: 'list', type: listOfRids, value: rid, where: isNotNull(rid), order: orderOf(opened) } }),
  })
  const found = choose(textTypeOf, [[test('isTrue', some ?? truth(null)), letter('l')]], letter('z'))
  const whole = value.present === undefined ? found : choose(textTypeOf, [[absentFrom(value, at), letter('n')]], found)
  return { value: whole, ...(rids === undefined ? {} : { rids }) }
}
