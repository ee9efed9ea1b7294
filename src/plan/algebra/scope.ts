import type { CoreType } from '../../core/index.ts'
import { neverNull, nothing } from './build.ts'
import type { Expr } from './expr.ts'
import { createIdentity } from './expr-identity.ts'
import { factsMark } from './facts.ts'
import { columnsIn, faultOf, isConstant, substitute, wholeFaultOf } from './fault.ts'
import type { AggregateName, Column, GroupPlan, OrderKey, Plan } from './relation.ts'
import { booleanTypeOf, textTypeOf } from './types.ts'

/** Gives names that no other column of the program has. */
export interface Names {
  next(hint: string): string
  /** The number of an expression: the same for all that are built alike. */
  readonly idOf: (expr: Expr) => number
}

export function createNames(): Names {
  let count = 0
  return { idOf: createIdentity(), next: (hint) => `${hint.replaceAll(/\W/g, '').slice(0, 20) || 'v'}_${++count}` }
}

/** What is computed over the rows of an inner scope for each row of an outer one. */
export interface Aggregate {
  readonly name: AggregateName
  readonly type: CoreType
  readonly value: Expr
  readonly where?: Expr
  readonly order?: readonly OrderKey[]
}

/** Aggregates that give one of the values. */
const picking: ReadonlySet<AggregateName> = new Set(['first', 'last', 'min', 'max'])

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
  /** What was lowered here, by what it was made of: the same is not made twice. */
  readonly made = new Map<string, unknown>()
  readonly #carried = new Map<Scope, Map<string, Expr>>()
  readonly #bound = new Map<number, Expr>()
  readonly #found = new Map<string, Expr>()

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
    const id = this.names.idOf(expr)
    const known = this.#bound.get(id)
    if (known !== undefined) return known
    const name = this.names.next(hint)
    const fault = faultOf(expr)
    const faultName = this.names.next('fault')
    this.#relation = this.withColumns({ [name]: expr, ...(fault === undefined ? {} : { [faultName]: fault }) })
    const bound = columnExpr(name, expr, fault === undefined ? undefined : faultName)
    this.#bound.set(id, bound)
    return bound
  }

  /** An expression of an outer scope over columns of this one: the outer computes it, this one joins its columns. */
  carry(expr: Expr, from: Scope): Expr {
    if (this.holds.has(from) || isConstant(expr)) return expr
    const parallel = expr.kind === 'pack' || expr.kind === 'guard'
    const value = parallel ? expr : from.bind(expr, 'v')
    const carried = this.#carried.get(from) ?? new Map<string, Expr>()
    this.#carried.set(from, carried)
    const fresh = [...columnsIn(value)].filter(([name]) => !carried.has(name))
    const exprs: Record<string, Expr> = {}
    for (const [name, column] of fresh) {
      const own = this.names.next(name.replace(/_\d+$/, ''))
      exprs[own] = column
      carried.set(name, {
        kind: 'column',
        name: own,
        type: column.type,
        ...neverNullMark(column),
        ...factsMark(column),
      })
    }
    if (fresh.length > 0)
      this.#joinOn(from.keys, narrow(from.withColumns(exprs), [...from.keys, ...Object.keys(exprs)]))
    return substitute(value, carried)
  }

  /** The one row that an inner scope has for each of this one's, its columns as columns of this one. */
  adopt(inner: Scope): void {
    // A row of this one's that has none there has nulls.
    this.#joinOn(this.keys, inner.relation, mayBeNull)
  }

  /** A value found by another in a relation of single keys; null where it has none. Found once for each label. */
  lookup(label: string, key: Expr, table: Plan, tableKey: string, value: Expr): Expr {
    const bound = this.bind(key, 'key')
    if (bound.kind !== 'column') return nothing(value.type)
    const known = this.#found.get(`${label} ${bound.name}`)
    if (known !== undefined) return known
    const [rightKey, found] = [this.names.next('key'), this.names.next('found')]
    const right: Plan = {
      op: 'rename',
      input: table,
      exprs: [
        [rightKey, { kind: 'column', name: tableKey, type: key.type }],
        [found, value],
      ],
      columns: [
        { name: rightKey, type: key.type },
        { name: found, type: value.type },
      ],
    }
    this.#relation = {
      op: 'join',
      how: 'left',
      left: this.#relation,
      right,
      on: [[bound.name, rightKey]],
      columns: [...this.#relation.columns, ...right.columns],
    }
    const fault = faultOf(bound)
    const column: Expr = { kind: 'column', name: found, type: value.type, ...(fault === undefined ? {} : { fault }) }
    this.#found.set(`${label} ${bound.name}`, column)
    return column
  }

  #joinOn(keys: readonly string[], right: Plan, as: (column: Column) => Column = (column) => column): void {
    const added = right.columns.filter((column) => !keys.includes(column.name)).map(as)
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
    const faults = [
      inner.fault,
      ...named.flatMap(({ one }) => [wholeFaultOf(one.value), one.where && faultOf(one.where)]),
    ]
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
        {
          kind: 'column',
          name,
          type: one.type,
          ...(picking.has(one.name) ? factsMark(one.value) : {}),
          ...(whole === undefined ? {} : { fault: whole }),
        } satisfies Expr,
      ]),
    )
  }

  /** The same rows, fewer: those for which the condition is true, and those in whose place a fault stands. */
  filtered(condition: Expr): Scope {
    const own = faultOf(condition)
    const { keep, fault } = own === undefined ? { keep: condition, fault: this.fault } : this.#bindBoth(condition, own)
    const passes = fault === undefined ? keep : either3(keep, fault)
    const relation: Plan = { op: 'filter', input: this.#relation, condition: passes, columns: this.#relation.columns }
    const narrower = new Scope(this.names, relation, this.keys, this.parent, this.holds, fault)
    narrower.#inherit(this)
    return narrower
  }

  /** Rows of an inner scope that are this one's own, with further key columns, where a condition is true. */
  extended(keys: Readonly<Record<string, Expr>>, condition: Expr): Scope {
    const wider = this.withColumns(keys)
    const fault = faultOf(condition)
    const passes = fault === undefined ? condition : either3(condition, fault)
    const relation: Plan = { op: 'filter', input: wider, condition: passes, columns: wider.columns }
    return new Scope(this.names, relation, [...this.keys, ...Object.keys(keys)], this, this.holds, fault)
  }

  /** The same rows, and in the place of some a fault that their values share. */
  failing(own: Expr): Scope {
    const fault = this.names.next('fault')
    const merged = merge(this.fault, own) ?? own
    this.#relation = this.withColumns({ [fault]: merged })
    const column: Expr = { kind: 'column', name: fault, type: merged.type }
    const same = new Scope(this.names, this.#relation, this.keys, this.parent, this.holds, column)
    same.#inherit(this)
    return same
  }

  /** A condition and its fault in one projection: they are made of the same parts. */
  #bindBoth(condition: Expr, own: Expr): { readonly keep: Expr; readonly fault: Expr } {
    const [keep, fault] = [this.names.next('keep'), this.names.next('fault')]
    const merged = merge(this.fault, own) ?? own
    this.#relation = this.withColumns({ [keep]: condition, [fault]: merged })
    return {
      keep: { kind: 'column', name: keep, type: condition.type },
      fault: { kind: 'column', name: fault, type: merged.type },
    }
  }

  /** The rows for which a condition is true and no others: faults are told by who asks for them. */
  restricted(condition: Expr): Scope {
    const relation: Plan = { op: 'filter', input: this.#relation, condition, columns: this.#relation.columns }
    return new Scope(this.names, relation, this.keys, this.parent, this.holds)
  }

  /** A scope that has another's columns knows what stands in them. */
  #inherit(from: Scope): void {
    for (const [key, value] of from.made) this.made.set(key, value)
    for (const [id, expr] of from.#bound) this.#bound.set(id, expr)
    for (const [key, expr] of from.#found) this.#found.set(key, expr)
    for (const [scope, columns] of from.#carried) this.#carried.set(scope, new Map(columns))
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
        ...(column.facts === undefined ? {} : { facts: column.facts }),
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

const mayBeNull = ({ name, type, facts }: Column): Column => ({ name, type, ...(facts === undefined ? {} : { facts }) })

const neverNullMark = (column: Expr) => (neverNull(column) ? { nonNull: true } : {})

const columnAt = ({ name, type, facts }: Column): Expr => ({
  kind: 'column',
  name,
  type,
  ...(facts === undefined ? {} : { facts }),
})

function columnOf(name: string, expr: Expr): Column {
  return { name, type: expr.type, ...(neverNull(expr) ? { nonNull: true } : {}), ...factsMark(expr) }
}

function columnExpr(name: string, expr: Expr, fault: string | undefined): Expr {
  return {
    kind: 'column',
    name,
    type: expr.type,
    ...(neverNull(expr) ? { nonNull: true } : {}),
    ...factsMark(expr),
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
