import type { Plan } from '../plan/index.ts'
import { inputsOf } from './needed-columns.ts'

/** Tells of plans whether they read the rows that their recursion added last. */
export function createLoopTest(): (plan: Plan) => boolean {
  const known = new Map<Plan, boolean>()
  const loops = (plan: Plan): boolean => {
    const found = known.get(plan) ?? (plan.op === 'loop' || (plan.op !== 'recurse' && inputsOf(plan).some(loops)))
    known.set(plan, found)
    return found
  }
  return loops
}
