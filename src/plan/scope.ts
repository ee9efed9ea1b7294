import type { CoreType } from '../core/index.ts'
import { neverNull } from './build.ts'
import type { Expr } from './expr.ts'
import { faultOf, isConstant, substitute } from './fault.ts'
import type { AggregateName, Column, GroupPlan, OrderKey, Plan } from './relation.ts'
import { booleanTypeOf, textTypeOf } from './types.ts'

/** Gives names that no other column of the program has. */
export interface Names {
  next(hint: string): string
}

export function createNames(): Names {
  let count = 0
  return { next: (hint) => `${hint.replaceAll(/\W/g, '').slice(0, 20) || 'v'}_${++count}` }
}

/** What is computed over the rows of an inner scope for each row of an outer one. */
export interface Aggregate {
  readonly name: AggregateName
  readonly type: CoreType
  readonly value: Expr
  readonly where?: Expr
  readonly order?: readonly OrderKey[]
}

const withoutType = ({ name, value, where, order }: Aggregate) => ({
  name,
  value,
  ...(where === undefined ? {} : { where }),
  ...(order === undefined ? {} : { order }),
})

/**
 * The rows over which expressions stand: a relation with its key. It grows: what is computed for its rows in
 * other relations is joined on its key, as further columns.
 */
export class Scope {
  readonly names: Names
  readonly parent: Scope | undefined
  readonly keys: readonly string[]
  /** Scopes whose columns this one has, so that their expressions hold here too. */
  readonly holds: ReadonlySet<Scope>
  /** Code of the fault of a row, null where it has none: such rows pass every filter until they are aggregated. */
  readonly fault: Expr | undefined
  #relation: Plan
  readonly #carried = new Map<Scope, Map<Expr, Expr>>()

  constructor(
    names: Names,
    relation: Plan,
    keys: readonly string[],
    parent?: Scope,
    holds: Iterable<Scope> = [],
    fault?: Expr,
  ) {
    this.names = names
    this.#relation = relation
    this.keys = keys
    this.parent = parent
    this.holds = new Set([this as Scope, ...holds])
    this.fault = fault
  }

  get relation(): Plan {
    return this.#relation
  }

  /** Expressions as columns of a relation that is this one with them. */
  withColumns(exprs: Readonly<Record<string, Expr>>): Plan {
    const own = new Map(this.#relation.columns.map((column) => [column.name, column]))
    const made = Object.entries(exprs).map(([name, expr]) => columnOf(name, expr))
    return { op: 'project', input: this.#relation, exprs, columns: [...own.values(), ...made] }
  }

  /** Adds an expression as a column, so that it is computed once. */
  bind(expr: Expr, hint: string): Expr {
    if (expr.kind === 'column' || expr.kind === 'const') return expr
    const name = this.names.next(hint)
    const fault = faultOf(expr)
    const faultName = this.names.next('fault')
    this.#relation = this.withColumns({ [name]: expr, ...(fault === undefined ? {} : { [faultName]: fault }) })
    return columnExpr(name, expr, fault === undefined ? undefined : faultName)
  }

  /** An expression of an outer scope as a column of this one. */
  carry(expr: Expr, from: Scope): Expr {
    if (this.holds.has(from) || isConstant(expr)) return expr
    const known = this.#carried.get(from)?.get(expr)
    if (known !== undefined) return known
    const carried = this.#carry(expr, from)
    const byExpr = this.#carried.get(from) ?? new Map<Expr, Expr>()
    this.#carried.set(from, byExpr.set(expr, carried))
    return carried
  }

  #carry(expr: Expr, from: Scope): Expr {
    if (expr.kind === 'pack')
      return {
        ...expr,
        fields: Object.fromEntries(Object.entries(expr.fields).map(([name, part]) => [name, this.carry(part, from)])),
      }
    if (expr.kind === 'guard')
      return { ...expr, value: this.carry(expr.value, from), when: this.carry(expr.when, from) }
    const name = this.names.next(expr.kind === 'column' ? expr.name.replace(/_\d+$/, '') : 'v')
    const fault = faultOf(expr)
    const faultName = this.names.next('fault')
    const exprs = { [name]: expr, ...(fault === undefined ? {} : { [faultName]: fault }) }
    this.#joinOn(from.keys, narrow(from.withColumns(exprs), [...from.keys, ...Object.keys(exprs)]))
    return columnExpr(name, expr, fault === undefined ? undefined : faultName)
  }

  #joinOn(keys: readonly string[], right: Plan): void {
    const added = right.columns.filter((column) => !keys.includes(column.name))
    this.#relation = {
      op: 'join',
      how: 'left',
      left: this.#relation,
      right,
      on: keys.map((key) => [key, key]),
      columns: [...this.#relation.columns, ...added],
    }
  }

  /** Aggregates over an inner scope's rows, as columns of this one: null (or what `none` says) where it has none. */
  aggregate(inner: Scope, aggregates: Readonly<Record<string, Aggregate>>): Readonly<Record<string, Expr>> {
    const named = Object.entries(aggregates).map(([key, one]) => ({ key, one, name: this.names.next(key) }))
    const faults = [inner.fault, ...named.flatMap(({ one }) => [faultOf(one.value), one.where && faultOf(one.where)])]
    const possible = [...new Set(faults.filter((fault) => fault !== undefined))]
    const faultNames = possible.map((fault) => ({ fault, name: this.names.next('fault') }))
    const group: GroupPlan = {
      op: 'group',
      input: inner.relation,
      keys: this.keys,
      aggregates: Object.fromEntries([
        ...named.map(({ name, one }) => [name, withoutType(one)]),
        ...faultNames.map(({ fault, name }) => [name, { name: 'min' as const, value: fault }]),
      ]),
      columns: [
        ...inner.relation.columns.filter((column) => this.keys.includes(column.name)),
        ...named.map(({ name, one }) => ({ name, type: one.type })),
        ...faultNames.map(({ name }) => ({ name, type: textTypeOf })),
      ],
    }
    this.#joinOn(this.keys, group)
    const fault = faultNames.map(({ name }) => ({ kind: 'column' as const, name, type: textTypeOf }))
    const whole = fault.reduce<Expr | undefined>(
      (first, second) =>
        first === undefined ? second : { kind: 'call', template: 'firstOf', type: textTypeOf, args: [first, second] },
      undefined,
    )
    return Object.fromEntries(
      named.map(({ key, one, name }) => [
        key,
        { kind: 'column', name, type: one.type, ...(whole === undefined ? {} : { fault: whole }) } satisfies Expr,
      ]),
    )
  }

  /** The same rows, fewer: those for which the condition is true, and those in whose place a fault stands. */
  filtered(condition: Expr): Scope {
    const own = faultOf(condition)
    const fault = merge(this.fault, own)
    const passes = fault === undefined ? condition : either3(condition, fault)
    const relation: Plan = { op: 'filter', input: this.#relation, condition: passes, columns: this.#relation.columns }
    return new Scope(this.names, relation, this.keys, this.parent, this.holds, fault)
  }

  /** The same rows under new names, so that one list can be read twice side by side. */
  renamed(keep: readonly string[]): { readonly scope: Scope; readonly rename: (expr: Expr) => Expr } {
    const kept = new Set(keep)
    const columns = this.#relation.columns.filter((column) => !kept.has(column.name))
    const names = new Map(columns.map((column) => [column.name, this.names.next(column.name.replace(/_\d+$/, ''))]))
    const exprs = new Map<string, Expr>()
    for (const column of columns) {
      const name = names.get(column.name) ?? column.name
      exprs.set(column.name, {
        kind: 'column',
        name,
        type: column.type,
        ...(column.nonNull === true ? { nonNull: true } : {}),
      })
    }
    const rename = (expr: Expr) => substitute(expr, exprs)
    const input = this.#relation
    const relation: Plan = {
      op: 'project',
      input,
      exprs: Object.fromEntries(columns.map((column) => [names.get(column.name) ?? column.name, columnAt(column)])),
      columns: input.columns.map((column) => ({ ...column, name: names.get(column.name) ?? column.name })),
    }
    const keys = this.keys.map((key) => names.get(key) ?? key)
    const fault = this.fault === undefined ? undefined : rename(this.fault)
    return { scope: new Scope(this.names, relation, keys, this.parent, [], fault), rename }
  }
}

const columnAt = (column: Column): Expr => ({ kind: 'column', name: column.name, type: column.type })

function columnOf(name: string, expr: Expr): Column {
  return { name, type: expr.type, ...(neverNull(expr) ? { nonNull: true } : {}) }
}

function columnExpr(name: string, expr: Expr, fault: string | undefined): Expr {
  return {
    kind: 'column',
    name,
    type: expr.type,
    ...(neverNull(expr) ? { nonNull: true } : {}),
    ...(fault === undefined ? {} : { fault: { kind: 'column', name: fault, type: textTypeOf } }),
  }
}

/** A relation with these columns only. */
export function narrow(input: Plan, names: readonly string[]): Plan {
  const wanted = new Set(names)
  return { op: 'project', input, exprs: {}, columns: input.columns.filter((column) => wanted.has(column.name)) }
}

function merge(first: Expr | undefined, second: Expr | undefined): Expr | undefined {
  if (first === undefined || second === undefined) return first ?? second
  return { kind: 'call', template: 'firstOf', type: textTypeOf, args: [first, second] }
}

function either3(condition: Expr, fault: Expr): Expr {
  const failed: Expr = { kind: 'call', template: 'isNotNull', type: booleanTypeOf, args: [fault] }
  return { kind: 'call', template: 'or', type: booleanTypeOf, args: [condition, failed] }
}
