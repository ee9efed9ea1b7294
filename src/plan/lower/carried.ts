import { call, integer, nothing } from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { firstFault, wholeFaultOf } from '../algebra/fault.ts'
import type { Column, OrderKey, Plan } from '../algebra/relation.ts'
import { Scope } from '../algebra/scope.ts'
import { integerTypeOf, textTypeOf } from '../algebra/types.ts'
import { keyColumn } from './list.ts'

/** Values by name. */
export type State = Readonly<Record<string, Expr>>

/** What was carried so far, after each row: a row for each step, the first before all of them. */
export interface Carried {
  readonly scope: Scope
  /** The column of the steps, from 0. */
  readonly step: string
  readonly state: State
}

/**
 * A state carried over the rows of a scope, one after the other. A fault of a row or of what was made there stands from
 * then on.
 */
export function carriedOver(
  at: Scope,
  rows: Scope,
  order: readonly OrderKey[],
  initial: State,
  next: (inner: Scope, state: State) => State,
): Carried {
  const { names } = at
  const [number, loop, step, fault] = [names.next('n'), names.next('loop'), names.next('step'), names.next('fault')]
  const parts = Object.entries(initial).map(([key, value]) => ({ key, value, name: names.next(key), type: value.type }))
  const columns: readonly Column[] = [
    ...at.keys.map((name) => ({ name, type: integerTypeOf })),
    { name: step, type: integerTypeOf },
    ...parts.map(({ name, type }) => ({ name, type })),
    { name: fault, type: textTypeOf },
  ]
  const faultColumn: Expr = { kind: 'column', name: fault, type: textTypeOf }
  const stateOf = Object.fromEntries(
    parts.map(({ key, name, type }): [string, Expr] => [key, { kind: 'column', name, type, fault: faultColumn }]),
  )
  const state: Plan = { op: 'loop', name: loop, columns }
  const inner = new Scope(names, joined(at, rows, order, state, step, number), [...at.keys, number], at, rows.holds)
  const made = next(inner, stateOf)
  const values = parts.map(({ key, name, type }): [string, Expr] => [name, made[key] ?? nothing(type)])
  const faults = [faultColumn, rows.fault, ...values.map(([, value]) => wholeFaultOf(value))]
  const keys = at.keys.map((key): [string, Expr] => [key, keyColumn(key)])
  const stepPlan: Plan = {
    op: 'rename',
    input: inner.relation,
    exprs: [...keys, [step, keyColumn(number)], ...values, [fault, firstFault(faults) ?? faultColumn]],
    columns,
  }
  const first: Plan = {
    op: 'rename',
    input: at.relation,
    exprs: [
      ...keys,
      [step, integer(0)],
      ...parts.map(({ name, value }): [string, Expr] => [name, value]),
      [fault, firstFault(parts.map(({ value }) => wholeFaultOf(value))) ?? nothing(textTypeOf)],
    ],
    columns,
  }
  const relation: Plan = { op: 'recurse', name: loop, first, step: stepPlan, columns }
  return { scope: new Scope(names, relation, [...at.keys, step], at, [], faultColumn), step, state: stateOf }
}

/** What was carried so far beside the row that comes next. */
function joined(at: Scope, rows: Scope, order: readonly OrderKey[], state: Plan, step: string, number: string): Plan {
  const input = rows.relation
  const numbered: Plan = {
    op: 'window',
    input,
    number,
    partition: at.keys.map(keyColumn),
    order,
    columns: [...input.columns, { name: number, type: integerTypeOf, nonNull: true }],
  }
  const following = at.names.next('next')
  const advanced: Plan = {
    op: 'project',
    input: state,
    exprs: { [following]: call('addInteger', integerTypeOf, keyColumn(step), integer(1)) },
    columns: [...state.columns, { name: following, type: integerTypeOf }],
  }
  return {
    op: 'join',
    how: 'inner',
    left: advanced,
    right: numbered,
    on: [...at.keys.map((key) => [key, key] as const), [following, number]],
    columns: [...advanced.columns, ...numbered.columns.filter((column) => !at.keys.includes(column.name))],
  }
}
