import { type Expr, type Plan, type ProgramPlan, partsOf, ridPart } from '../plan/index.ts'

/** The stored columns that a plan reads, by table. */
export function columnsRead(program: ProgramPlan): ReadonlyMap<string, ReadonlySet<string>> {
  const needed = neededColumns(program.root)
  const tables = new Map<string, Set<string>>()
  for (const plan of plansOf(program.root)) {
    if (plan.op !== 'scan') continue
    const columns = tables.get(plan.table) ?? new Set()
    tables.set(plan.table, columns)
    for (const [name, source] of Object.entries(plan.sources)) if (needed.has(name)) columns.add(source)
  }
  return tables
}

/** The plans that a plan reads. */
export function inputsOf(plan: Plan): readonly Plan[] {
  switch (plan.op) {
    case 'scan':
    case 'values':
    case 'loop':
      return []
    case 'join':
      return [plan.left, plan.right]
    case 'union':
      return plan.inputs
    case 'recurse':
      return [plan.first, plan.step]
    default:
      return [plan.input]
  }
}

/**
 * Names of the columns that a statement needs: its own, those by which rows are kept, joined and grouped, and those
 * that needed ones are computed from. Names are unique, so one set for all relations is enough.
 */
export function neededColumns(root: Plan): ReadonlySet<string> {
  const definitions = new Map<string, Expr[]>()
  const waiting = root.columns.map((column) => column.name)
  const seenExprs = new Set<Expr>()
  const read = (expr: Expr): void => {
    if (seenExprs.has(expr)) return
    seenExprs.add(expr)
    if (expr.kind === 'column') waiting.push(expr.name)
    for (const part of partsRead(expr)) read(part)
  }
  for (const plan of plansOf(root)) {
    waiting.push(...keysRead(plan))
    for (const expr of alwaysRead(plan)) read(expr)
    for (const [name, exprs] of computed(plan)) definitions.set(name, [...(definitions.get(name) ?? []), ...exprs])
  }
  const needed = new Set<string>()
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (needed.has(name)) continue
    needed.add(name)
    for (const expr of definitions.get(name) ?? []) read(expr)
  }
  return needed
}

/** Every relation of a plan, once. */
function plansOf(root: Plan): readonly Plan[] {
  const seen = new Set<Plan>()
  const visit = (plan: Plan): void => {
    if (seen.has(plan)) return
    seen.add(plan)
    for (const input of inputsOf(plan)) visit(input)
  }
  visit(root)
  return [...seen]
}

/** What decides which rows there are, whoever reads them. */
function alwaysRead(plan: Plan): readonly Expr[] {
  return plan.op === 'filter' ? [plan.condition] : plan.op === 'unnest' ? [plan.list] : []
}

/** The columns that a relation computes, with what they are computed from. */
function computed(plan: Plan): readonly (readonly [string, readonly Expr[]])[] {
  switch (plan.op) {
    case 'project':
      return Object.entries(plan.exprs).map(([name, expr]) => [name, [expr]] as const)
    case 'rename':
      return plan.exprs.map(([name, expr]) => [name, [expr]] as const)
    case 'group':
      return Object.entries(plan.aggregates).map(([name, one]) => [
        name,
        [one.value, ...(one.where === undefined ? [] : [one.where]), ...(one.order ?? []).map((key) => key.value)],
      ])
    case 'window':
      return [[plan.number, [...plan.partition, ...plan.order.map((key) => key.value)]]]
    default:
      return []
  }
}

/** What the text of an expression reads: of a resource its key, of a guarded value the value. */
function partsRead(expr: Expr): readonly Expr[] {
  if (expr.kind === 'guard') return [expr.value]
  const rid = expr.kind === 'pack' ? expr.fields[ridPart] : undefined
  return rid === undefined ? partsOf(expr) : [rid]
}

function keysRead(plan: Plan): readonly string[] {
  switch (plan.op) {
    case 'join':
      return plan.on.flat()
    case 'group':
      return plan.keys
    case 'recurse':
      return plan.columns.map((column) => column.name)
    case 'unnest':
      return [plan.position]
    default:
      return []
  }
}
