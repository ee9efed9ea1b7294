import type { Plan, ProgramPlan } from '../../plan/index.ts'
import { inputsOf } from '../../sql/index.ts'

/** A plan as a tree of relations, what is read below what reads it. A relation that was shown before is named alone. */
export function planText({ root, defines }: ProgramPlan): string {
  const numbers = new Map<Plan, number>()
  const lines: string[] = []
  const show = (plan: Plan, depth: number): void => {
    const known = numbers.get(plan)
    const indent = '  '.repeat(depth)
    if (known !== undefined) {
      lines.push(`${indent}#${known} (above)`)
      return
    }
    const number = numbers.size + 1
    numbers.set(plan, number)
    lines.push(`${indent}#${number} ${describe(plan)}`)
    for (const input of inputsOf(plan)) show(input, depth + 1)
  }
  show(root, 0)
  const columns = defines.map(({ define, value, fault, rids }) => {
    const more = [fault === undefined ? '' : `fault ${fault}`, rids === undefined ? '' : `resources ${rids}`]
    return `${define}: ${[`letter ${value}`, ...more].filter((part) => part !== '').join(', ')}`
  })
  return [...columns, '', ...lines].join('\n')
}

function describe(plan: Plan): string {
  switch (plan.op) {
    case 'scan':
      return `scan ${plan.table}`
    case 'values':
      return `values: ${plan.rows.length} rows of ${names(plan.columns.map(({ name }) => name))}`
    case 'project':
      return `project: ${names(Object.keys(plan.exprs))}`
    case 'rename':
      return `rename: ${names(plan.exprs.map(([name]) => name))}`
    case 'filter':
      return 'filter'
    case 'join':
      return `${plan.how} join on ${plan.on.map(([left, right]) => `${left} = ${right}`).join(' and ')}`
    case 'union':
      return `union of ${plan.inputs.length}`
    case 'group':
      return `group by ${names(plan.keys)}: ${Object.entries(plan.aggregates)
        .map(([name, one]) => `${name} = ${one.name}`)
        .join(', ')}`
    case 'window':
      return `window: ${plan.number}`
    case 'unnest':
      return `unnest: ${plan.item} at ${plan.position}`
    case 'recurse':
      return `recurse ${plan.name}`
    case 'loop':
      return `rows of ${plan.name} added last`
  }
}

const mostNames = 12

function names(all: readonly string[]): string {
  const more = all.length > mostNames ? [`and ${all.length - mostNames} more`] : []
  return [...all.slice(0, mostNames), ...more].join(', ')
}
