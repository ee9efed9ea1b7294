import type { Expr, Plan } from '../plan/index.ts'
import { type WantedColumns } from './needed-columns.ts'

/** The relation itself, where one that adds columns adds none that is wanted. */
export function barePlan(plan: Plan, wanted: WantedColumns): Plan {
  const wants = (name: string): boolean => wanted.get(plan)?.has(name) === true
  if (plan.op === 'window' && !wants(plan.number)) return barePlan(plan.input, wanted)
  if (plan.op === 'project') {
    const made = Object.entries(plan.exprs).filter(([name, expr]) => wants(name) && !isItself(name, expr))
    return made.length === 0 ? barePlan(plan.input, wanted) : plan
  }
  if (plan.op !== 'join' || plan.how !== 'left') return plan
  const own = new Set(plan.left.columns.map((column) => column.name))
  const added = plan.right.columns.some((column) => !own.has(column.name) && wants(column.name))
  return added ? plan : barePlan(plan.left, wanted)
}

const isItself = (name: string, expr: Expr): boolean => expr.kind === 'column' && expr.name === name
