import type { Steps } from '../base/index.ts'
import { type Expr, type Plan, type ProgramPlan, partsOf, ridPart } from '../plan/index.ts'

/** The stored columns that a plan reads, by table; relation by relation. */
export function* columnsRead(program: ProgramPlan): Steps<ReadonlyMap<string, ReadonlySet<string>>> {
  const tables = new Map<string, Set<string>>()
  for (const [plan, wanted] of yield* wantedColumns(program.root)) {
    if (plan.op !== 'scan') continue
    const columns = tables.get(plan.table) ?? new Set()
    tables.set(plan.table, columns)
    for (const [name, source] of Object.entries(plan.sources)) if (wanted.has(name)) columns.add(source)
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

/** Of each relation of a plan the columns that those who read it want of it: what nobody wants any more is not carried on. */
export type WantedColumns = ReadonlyMap<Plan, ReadonlySet<string>>

/** Found relation by relation, once for each plan. */
export function* wantedColumns(root: Plan): Steps<WantedColumns> {
  const found = known.get(root) ?? (yield* findWanted(root))
  known.set(root, found)
  return found
}

const known = new WeakMap<Plan, WantedColumns>()

function* findWanted(root: Plan): Steps<WantedColumns> {
  const wanted = new Map<Plan, Set<string>>()
  const want = (plan: Plan, names: Iterable<string>): void => {
    const own = wanted.get(plan) ?? new Set<string>()
    wanted.set(plan, own)
    for (const name of names) own.add(name)
  }
  want(root, namesOf(root))
  // Whoever reads a relation comes before it, so that all has been said of it when its turn comes.
  for (const plan of plansOf(root)) {
    // Where only the rows are wanted, the first column stands for them.
    if (plan.op === 'recurse' || wanted.get(plan)?.size === 0)
      want(plan, namesOf(plan).slice(0, plan.op === 'recurse' ? undefined : 1))
    const own = wanted.get(plan) ?? new Set<string>()
    wantOfInputs(plan, own, want)
    yield
  }
  return wanted
}

const namesOf = (plan: Plan): readonly string[] => plan.columns.map((column) => column.name)

function wantOfInputs(plan: Plan, own: ReadonlySet<string>, want: (plan: Plan, names: Iterable<string>) => void): void {
  switch (plan.op) {
    case 'scan':
    case 'values':
    case 'loop':
      return
    case 'project': {
      const made = [...own].filter((name) => plan.exprs[name] !== undefined)
      const passed = [...own].filter((name) => plan.exprs[name] === undefined)
      return want(plan.input, [...passed, ...readBy(made.map((name) => plan.exprs[name]))])
    }
    case 'rename':
      return want(plan.input, readBy(plan.exprs.flatMap(([name, expr]) => (own.has(name) ? [expr] : []))))
    case 'filter':
      return want(plan.input, [...own, ...readBy([plan.condition])])
    case 'join': {
      const left = new Set(namesOf(plan.left))
      want(plan.left, [...[...own].filter((name) => left.has(name)), ...plan.on.map(([name]) => name)])
      return want(plan.right, [...[...own].filter((name) => !left.has(name)), ...plan.on.map(([, name]) => name)])
    }
    case 'union':
      for (const input of plan.inputs) want(input, own)
      return
    case 'group': {
      const made = Object.entries(plan.aggregates).filter(([name]) => own.has(name))
      const exprs = made.flatMap(([, one]) => [one.value, one.where, ...(one.order ?? []).map((key) => key.value)])
      return want(plan.input, [...plan.keys, ...readBy(exprs)])
    }
    case 'window': {
      const rest = [...own].filter((name) => name !== plan.number)
      const exprs = own.has(plan.number) ? [...plan.partition, ...plan.order.map((key) => key.value)] : []
      return want(plan.input, [...rest, ...readBy(exprs)])
    }
    case 'unnest': {
      const rest = [...own].filter((name) => name !== plan.item && name !== plan.position)
      return want(plan.input, [...rest, ...readBy([plan.list])])
    }
    case 'recurse':
      for (const input of [plan.first, plan.step]) want(input, namesOf(plan))
      return
  }
}

/** The columns that the text of expressions reads: what several of them are made of is looked into once. */
function readBy(exprs: readonly (Expr | undefined)[]): ReadonlySet<string> {
  const names = new Set<string>()
  const seen = new Set<Expr>()
  const read = (one: Expr): void => {
    if (seen.has(one)) return
    seen.add(one)
    if (one.kind === 'column') names.add(one.name)
    for (const part of partsRead(one)) read(part)
  }
  for (const expr of exprs) if (expr !== undefined) read(expr)
  return names
}

/** Every relation of a plan, once, each after all that read it. */
export function plansOf(root: Plan): readonly Plan[] {
  const seen = new Set<Plan>()
  const inputsFirst: Plan[] = []
  const visit = (plan: Plan): void => {
    if (seen.has(plan)) return
    seen.add(plan)
    for (const input of inputsOf(plan)) visit(input)
    inputsFirst.push(plan)
  }
  visit(root)
  return inputsFirst.reverse()
}

/** What the text of an expression reads: of a resource its key, of a guarded value the value. */
export function partsRead(expr: Expr): readonly Expr[] {
  if (expr.kind === 'guard') return [expr.value]
  const rid = expr.kind === 'pack' ? expr.fields[ridPart] : undefined
  return rid === undefined ? partsOf(expr) : [rid]
}
