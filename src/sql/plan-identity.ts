import { isList, type Value } from '../core/index.ts'
import { type Expr, ownKey, type Plan, ridPart } from '../plan/index.ts'
import { partsRead } from './needed-columns.ts'

/**
 * Numbers for what relations and columns mean, whatever program they stand in and however it names them: relations of
 * one number have the same rows, and their columns of one number the same values in them.
 */
export interface PlanIdentity {
  rows(plan: Plan): number
  /** Of a column that the relation has. */
  column(plan: Plan, name: string): number
}

/** Programs that are asked about by one identity share its numbers. */
export function createPlanIdentity(): PlanIdentity {
  const numbers = new Map<string, number>()
  const rowsOf = new WeakMap<Plan, number>()
  const columnsOf = new WeakMap<Plan, Map<string, number>>()
  const exprsOf = new WeakMap<Plan, Map<Expr, number>>()
  const alone = new WeakMap<Plan, number>()
  let lonely = 0

  const number = (...parts: readonly (string | number)[]): number => {
    const key = parts.join(' ')
    const known = numbers.get(key) ?? numbers.size
    numbers.set(key, known)
    return known
  }

  /** A relation that is like no other. */
  const ownNumber = (plan: Plan): number => {
    const known = alone.get(plan) ?? number('alone', lonely++)
    alone.set(plan, known)
    return known
  }

  const rows = (plan: Plan): number => {
    const known = rowsOf.get(plan)
    if (known !== undefined) return known
    const found = rowsMade(plan)
    rowsOf.set(plan, found)
    return found
  }

  function rowsMade(plan: Plan): number {
    switch (plan.op) {
      case 'scan':
        return number('scan', plan.table)
      case 'values':
      case 'recurse':
      case 'loop':
        return ownNumber(plan)
      case 'project':
      case 'rename':
      case 'window':
        return rows(plan.input)
      case 'filter':
        return number('filter', rows(plan.input), expr(plan.input, plan.condition))
      case 'join': {
        // What is looked up for a row leaves the rows as they are.
        if (plan.how === 'left') return rows(plan.left)
        const on = plan.on.map(([left, right]) => `${column(plan.left, left)}=${column(plan.right, right)}`)
        return number(plan.how, rows(plan.left), rows(plan.right), ...on)
      }
      case 'union':
        return number('union', ...plan.inputs.map(rows))
      case 'group':
        return number('group', rows(plan.input), ...plan.keys.map((key) => column(plan.input, key)))
      case 'unnest':
        return number('unnest', rows(plan.input), expr(plan.input, plan.list))
    }
  }

  const column = (plan: Plan, name: string): number => {
    const own = columnsOf.get(plan) ?? new Map<string, number>()
    columnsOf.set(plan, own)
    const known = own.get(name)
    if (known !== undefined) return known
    const found = columnMade(plan, name)
    own.set(name, found)
    return found
  }

  function columnMade(plan: Plan, name: string): number {
    switch (plan.op) {
      case 'scan':
        return number('stored', plan.table, plan.sources[name] ?? name)
      case 'values':
      case 'recurse':
      case 'loop':
        return number('of', ownNumber(plan), name)
      case 'project': {
        const made = plan.exprs[name]
        return made === undefined ? column(plan.input, name) : expr(plan.input, made)
      }
      case 'rename': {
        const made = plan.exprs.find(([own]) => own === name)?.[1]
        return made === undefined ? number('of', ownNumber(plan), name) : expr(plan.input, made)
      }
      case 'filter':
        return column(plan.input, name)
      case 'join': {
        if (plan.left.columns.some((one) => one.name === name)) return column(plan.left, name)
        const found = column(plan.right, name)
        if (plan.how !== 'left') return number('right', found)
        const on = plan.on.map(([left, right]) => `${column(plan.left, left)}=${column(plan.right, right)}`)
        return number('found', rows(plan.right), found, ...on)
      }
      case 'union':
        return number(
          'union',
          ...plan.inputs.map((input) =>
            input.columns.some((one) => one.name === name) ? column(input, name) : ownNumber(input),
          ),
        )
      case 'group': {
        const made = plan.aggregates[name]
        if (made === undefined) return number('key', column(plan.input, name))
        const { value, where, order = [] } = made
        const of = (one: Expr): number => expr(plan.input, one)
        const keys = order.map((key) => `${of(key.value)}${key.descending ? '-' : '+'}`)
        return number('made', made.name, rows(plan), of(value), where === undefined ? 'all' : of(where), ...keys)
      }
      case 'window': {
        if (name !== plan.number) return column(plan.input, name)
        const of = (one: Expr): number => expr(plan.input, one)
        const keys = plan.order.map((key) => `${of(key.value)}${key.descending ? '-' : '+'}`)
        return number('row', rows(plan.input), ...plan.partition.map(of), 'by', ...keys)
      }
      case 'unnest':
        if (name === plan.item || name === plan.position)
          return number(name === plan.item ? 'item' : 'position', rows(plan))
        return column(plan.input, name)
    }
  }

  /** An expression over a relation. What its text does not read (faults, elements beside a key) is no part of it. */
  function expr(over: Plan, one: Expr): number {
    if (one.kind === 'column') return column(over, one.name)
    const own = exprsOf.get(over) ?? new Map<Expr, number>()
    exprsOf.set(over, own)
    const known = own.get(one)
    if (known !== undefined) return known
    const found = number(ownText(one), JSON.stringify(one.type), ...partsRead(one).map((part) => expr(over, part)))
    own.set(one, found)
    return found
  }

  return { rows, column }
}

/** What an expression is beside the parts that its text reads: of a resource that is its key alone. */
const ownText = (expr: Expr): string =>
  expr.kind === 'pack' && expr.fields[ridPart] !== undefined ? 'resource' : ownKey(expr, valueText)

/** Values that are built alike have one text. */
function valueText(value: Value): string {
  if (isList(value)) return `[${value.map(valueText).join()}]`
  if (typeof value !== 'object' || value === null) return `${typeof value}:${JSON.stringify(String(value))}`
  const parts = [...(value instanceof Map ? value : Object.entries(value))].map(
    ([name, part]) => `${name}=${valueText(part as Value)}`,
  )
  return `${value.constructor.name}{${parts.join()}}`
}
