import type { Expr } from '../plan/index.ts'

/** An expression whose parts are numbers of others; those that are built alike have the same number. */
export interface Numbered {
  readonly expr: Expr
  readonly parts: readonly number[]
}

/** What is known of the parts. */
export interface Known {
  entry(id: number): Numbered
  /** The number of a constant truth or of null of a type. */
  constant(value: boolean | null, like: Expr): number
}

/**
 * An expression in a shorter form of the same value, or the number of one of its parts that it always equals. Faults are
 * columns of their own, so that nothing is lost with a part that is not asked for its value.
 */
export function simplify(given: Numbered, known: Known): Numbered | number {
  if (given.expr.kind === 'case') return simplifyCase(given, given.expr, known)
  if (given.expr.kind === 'call') return simplifyCall(given, given.expr, known)
  return given
}

const constantOf = (id: number, known: Known): boolean | null | undefined => {
  const { expr } = known.entry(id)
  if (expr.kind !== 'const') return undefined
  return typeof expr.value === 'boolean' || expr.value === null ? expr.value : undefined
}

type Case = Extract<Expr, { kind: 'case' }>

/** Branches that can be chosen, each condition once, and none that only gives what would be given without it. */
function simplifyCase({ parts }: Numbered, expr: Case, known: Known): Numbered | number {
  const none = known.constant(null, expr)
  let otherwise = expr.otherwise === undefined ? none : (parts.at(-1) ?? none)
  const open: (readonly [when: number, gives: number])[] = []
  const asked = new Set<number>()
  for (const index of expr.branches.keys()) {
    const [when, gives] = [parts[2 * index] ?? none, parts[2 * index + 1] ?? none]
    const value = constantOf(when, known)
    if (value === true) {
      otherwise = gives
      break
    }
    if (value === undefined && !asked.has(when)) open.push([when, gives])
    asked.add(when)
  }
  while (open.length > 0 && open.at(-1)?.[1] === otherwise) open.pop()
  const [only] = open
  if (only === undefined) return otherwise
  if (open.length === 1) {
    const [when, gives] = only
    const whole = truthOf(when, gives, otherwise, expr, known) ?? presentOr(when, gives, otherwise, known)
    if (whole !== undefined) return whole
  }
  const hasOtherwise = otherwise !== none
  return {
    expr: {
      ...expr,
      branches: open.map(([when, gives]) => ({ when: known.entry(when).expr, gives: known.entry(gives).expr })),
      ...(hasOtherwise ? { otherwise: known.entry(otherwise).expr } : { otherwise: undefined }),
    } as Case,
    parts: [...open.flat(), ...(hasOtherwise ? [otherwise] : [])],
  }
}

/** A case that gives true where its condition is, and false elsewhere. */
function truthOf(when: number, gives: number, otherwise: number, expr: Case, known: Known) {
  if (constantOf(gives, known) !== true || constantOf(otherwise, known) !== false) return undefined
  const args = [known.entry(when).expr]
  return simplify({ expr: { kind: 'call', template: 'isTrue', type: expr.type, args }, parts: [when] }, known)
}

/** A value where it is not null, else null: the value. */
function presentOr(when: number, gives: number, otherwise: number, known: Known): number | undefined {
  const { expr, parts } = known.entry(when)
  if (expr.kind !== 'call' || constantOf(otherwise, known) !== null) return undefined
  return expr.template === 'isNotNull' && parts[0] === gives ? gives : undefined
}

/** Does the first of several values being null say that the second is? Then it is never asked. */
function saysAll(first: number, second: number, known: Known): boolean {
  const asked = new Set(leavesOf(first, known))
  return leavesOf(second, known).every((leaf) => asked.has(leaf))
}

/** The values that a chain of `firstOf` asks in its turn. */
function leavesOf(id: number, known: Known): readonly number[] {
  const { expr, parts } = known.entry(id)
  return expr.kind === 'call' && expr.template === 'firstOf' ? parts.flatMap((part) => leavesOf(part, known)) : [id]
}

const neverNull = new Set(['isTrue', 'isFalse', 'isNull', 'isNotNull', 'sameText'])

/** Is the second of two truths, neither of which is ever null, always what the first is not? */
function isContrary(one: number, other: number, known: Known): boolean {
  const [a, b] = [known.entry(one), known.entry(other)]
  if (a.expr.kind !== 'call' || b.expr.kind !== 'call') return false
  if (b.expr.template === 'not') return b.parts[0] === one && neverNull.has(a.expr.template)
  return a.expr.template === 'isNull' && b.expr.template === 'isNotNull' && a.parts[0] === b.parts[0]
}

function simplifyCall(given: Numbered, expr: Extract<Expr, { kind: 'call' }>, known: Known): Numbered | number {
  const [first = -1, second = -1] = given.parts
  const value = (id: number) => (id < 0 ? undefined : constantOf(id, known))
  const inner = first < 0 ? undefined : known.entry(first).expr
  switch (expr.template) {
    case 'isTrue':
      if (value(first) !== undefined) return known.constant(value(first) === true, expr)
      return inner?.kind === 'call' && neverNull.has(inner.template) ? first : given
    case 'and':
      if (value(first) === false || value(second) === false) return known.constant(false, expr)
      if (value(first) === true) return second
      if (isContrary(first, second, known) || isContrary(second, first, known)) return known.constant(false, expr)
      return value(second) === true || first === second ? first : given
    case 'or':
      if (value(first) === true || value(second) === true) return known.constant(true, expr)
      if (value(first) === false) return second
      return value(second) === false || first === second ? first : given
    case 'firstOf':
      if (value(first) === null) return second
      return value(second) === null || saysAll(first, second, known) ? first : given
    case 'isNull':
    case 'isNotNull':
      return inner?.kind === 'const'
        ? known.constant((inner.value === null) === (expr.template === 'isNull'), expr)
        : given
    case 'not':
      return typeof value(first) === 'boolean' ? known.constant(value(first) === false, expr) : given
    default:
      return given
  }
}
