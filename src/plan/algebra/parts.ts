import type { Expr } from './expr.ts'

/** The expressions that one is made of. */
export function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'const':
    case 'column':
      return []
    case 'call':
      return expr.args
    case 'field':
      return [expr.source]
    case 'array':
      return expr.items
    case 'guard':
      return [expr.value, expr.when]
    case 'pack':
    case 'case': {
      const known = collected.get(expr)
      if (known !== undefined) return known
      const found = expr.kind === 'pack' ? partsOfPack(expr) : partsOfCase(expr)
      collected.set(expr, found)
      return found
    }
  }
}

type Of<K extends Expr['kind']> = Extract<Expr, { kind: K }>

/** Parts that have to be put together first: every walk over a plan asks for them. */
const collected = new WeakMap<Expr, readonly Expr[]>()

const partsOfPack = ({ fields, present }: Of<'pack'>): readonly Expr[] => [
  ...Object.values(fields),
  ...(present === undefined ? [] : [present]),
]

const partsOfCase = ({ branches, otherwise }: Of<'case'>): readonly Expr[] => [
  ...branches.flatMap(({ when, gives }) => [when, gives]),
  ...(otherwise === undefined ? [] : [otherwise]),
]

/** True where it can be seen that no fault can stand in the place of an expression, whatever of it is read. */
export function cannotFail(expr: Expr): boolean {
  const known = safe.get(expr)
  if (known !== undefined) return known
  const found =
    expr.kind !== 'guard' && (expr.kind !== 'column' || expr.fault === undefined) && partsOf(expr).every(cannotFail)
  safe.set(expr, found)
  return found
}

const safe = new WeakMap<Expr, boolean>()

/** Are two expressions built alike? May miss some that are, of large ones. */
export function alike(left: Expr, right: Expr): boolean {
  let budget = 400
  const same = (a: Expr, b: Expr): boolean => {
    if (a === b) return true
    budget -= 1
    if (budget < 0 || a.kind !== b.kind || !sameSelf(a, b)) return false
    const [ours, theirs] = [partsOf(a), partsOf(b)]
    return ours.length === theirs.length && ours.every((part, index) => same(part, theirs[index] ?? a))
  }
  return same(left, right)
}

/** What two expressions of one kind are beside their parts. */
function sameSelf(a: Expr, b: Expr): boolean {
  if (a.kind === 'column') return b.kind === 'column' && a.name === b.name
  if (a.kind === 'const') return b.kind === 'const' && a.value === b.value && a.type === b.type
  if (a.kind === 'call') return b.kind === 'call' && a.template === b.template
  if (a.kind === 'field') return b.kind === 'field' && a.name === b.name
  if (a.kind === 'guard') return b.kind === 'guard' && a.code === b.code && a.lazy === b.lazy
  if (a.kind === 'case')
    return b.kind === 'case' && a.branches.length === b.branches.length && !a.otherwise === !b.otherwise
  return a.kind === 'pack' && b.kind === 'pack' && Object.keys(a.fields).join() === Object.keys(b.fields).join()
}
