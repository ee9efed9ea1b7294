import { type Expr, type Plan, type TemplateName } from '../plan/index.ts'
import { partsRead } from './needed-columns.ts'

/** How many terms an expression has when every column is written out down to what is stored, counted or made once. */
export type Expansion = (expr: Expr, input: Plan) => number

/** Numbers beyond this are alike. */
const most = 1e12

/** The expansion of expressions over relations of a plan; `uses` says how often a primitive names an operand. */
export function createExpansion(uses: (template: TemplateName, operand: number) => number): Expansion {
  const byPlan = new Map<Plan, Map<string, number>>()
  return termsOf

  function termsOf(root: Expr, input: Plan): number {
    const known = new Map<Expr, number>()
    const count = (expr: Expr): number => {
      const seen = known.get(expr)
      if (seen !== undefined) return seen
      const total = expr.kind === 'column' ? columnTerms(input, expr.name) : Math.min(most, 1 + partTerms(expr, count))
      known.set(expr, total)
      return total
    }
    return count(root)
  }

  function partTerms(expr: Expr, count: (part: Expr) => number): number {
    const times = expr.kind === 'call' ? (index: number) => uses(expr.template, index + 1) : () => 1
    return partsRead(expr).reduce((sum, part, index) => sum + times(index) * count(part), 0)
  }

  function columnTerms(plan: Plan, name: string): number {
    const columns = byPlan.get(plan) ?? new Map<string, number>()
    byPlan.set(plan, columns)
    const known = columns.get(name)
    if (known !== undefined) return known
    const terms = madeTerms(plan, name)
    columns.set(name, terms)
    return terms
  }

  function madeTerms(plan: Plan, name: string): number {
    switch (plan.op) {
      case 'project': {
        const expr = plan.exprs[name]
        return expr === undefined ? columnTerms(plan.input, name) : termsOf(expr, plan.input)
      }
      case 'rename': {
        const expr = plan.exprs.find(([column]) => column === name)?.[1]
        return expr === undefined ? 1 : termsOf(expr, plan.input)
      }
      case 'filter':
        return columnTerms(plan.input, name)
      case 'join':
        return columnTerms(plan.left.columns.some((column) => column.name === name) ? plan.left : plan.right, name)
      case 'union':
        return Math.max(1, ...plan.inputs.map((input) => columnTerms(input, name)))
      case 'window':
        return name === plan.number ? 1 : columnTerms(plan.input, name)
      case 'unnest':
        return name === plan.item || name === plan.position ? 1 : columnTerms(plan.input, name)
      default:
        return 1
    }
  }
}
