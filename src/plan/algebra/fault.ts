import { call, choose, constant, isNotNull, nothing } from './build.ts'
import { type ColumnExpr, type Expr, noFault } from './expr.ts'
import { partsOf } from './parts.ts'
import { textTypeOf } from './types.ts'

/**
 * The code of the fault that stands in an expression's place, null where there is none; undefined where there
 * can be none. Operators are strict in faults, logical ones too; only a case takes those of the branch it chose.
 */
export function faultOf(expr: Expr, known: Map<Expr, Expr | undefined> = new Map()): Expr | undefined {
  if (known.has(expr)) return known.get(expr)
  const found = findFault(expr, known)
  known.set(expr, found)
  return found
}

/** The first fault of several; undefined where none can fail. */
export function firstFault(faults: readonly (Expr | undefined)[]): Expr | undefined {
  const possible = [...new Set(faults.filter((fault) => fault !== undefined))]
  return possible.length === 0
    ? undefined
    : possible.reduce((first, second) => call('firstOf', textTypeOf, first, second))
}

function findFault(expr: Expr, known: Map<Expr, Expr | undefined>): Expr | undefined {
  const of = (part: Expr) => faultOf(part, known)
  switch (expr.kind) {
    case 'column':
      return expr.fault
    case 'const':
      return undefined
    case 'call':
      return firstFault(expr.args.map(of))
    case 'field':
      return of(expr.source)
    case 'pack':
      return firstFault([
        ...(expr.present === undefined ? [] : [of(expr.present)]),
        ...Object.values(expr.fields)
          .filter((part) => !isLazy(part))
          .map(of),
      ])
    case 'array':
      return firstFault(expr.items.map(of))
    case 'guard': {
      const own = [[expr.when, constant(expr.code, textTypeOf)]] as const
      const fault = expr.code === noFault ? undefined : choose(textTypeOf, own, nothing(textTypeOf))
      return firstFault([of(expr.value), of(expr.when), fault])
    }
    case 'case':
      return faultOfCase(expr, of)
  }
}

function faultOfCase(expr: Extract<Expr, { kind: 'case' }>, of: (part: Expr) => Expr | undefined): Expr | undefined {
  const otherwise = expr.otherwise === undefined ? undefined : of(expr.otherwise)
  const branches = expr.branches.map(({ when, gives }) => ({ when, test: of(when), gives: of(gives) }))
  if (
    otherwise === undefined &&
    branches.every(({ test: condition, gives }) => condition === undefined && gives === undefined)
  )
    return undefined
  const none = nothing(textTypeOf)
  const whens = branches.flatMap(({ when, test: condition, gives }) => [
    ...(condition === undefined ? [] : [[isNotNull(condition), condition] as const]),
    [when, gives ?? none] as const,
  ])
  return choose(textTypeOf, whens, otherwise ?? none)
}

/** A part that fails only when it is read: what is around it does not. */
export function isLazy(part: Expr): boolean {
  if (part.kind === 'guard') return part.lazy === true
  if (part.kind !== 'case') return false
  const values = [...part.branches.map(({ gives }) => gives), ...(part.otherwise === undefined ? [] : [part.otherwise])]
  return values.some(isLazy) && values.every((value) => isLazy(value) || value.kind === 'const')
}

/** The fault of a value that becomes one column, with whatever it holds: parts that nobody read yet fail too. */
export function wholeFaultOf(expr: Expr): Expr | undefined {
  const parts = expr.kind === 'pack' ? Object.values(expr.fields).filter(isLazy) : []
  return firstFault([faultOf(expr), ...parts.map((part) => faultOf(part))])
}

/** The same expression with columns replaced; parts without such columns stay as they are. */
export function substitute(expr: Expr, columns: ReadonlyMap<string, Expr>, done: Map<Expr, Expr> = new Map()): Expr {
  const known = done.get(expr)
  if (known !== undefined) return known
  const replaced = replaceIn(expr, (part) => substitute(part, columns, done), columns)
  done.set(expr, replaced)
  return replaced
}

function replaceIn(expr: Expr, of: (part: Expr) => Expr, columns: ReadonlyMap<string, Expr>): Expr {
  switch (expr.kind) {
    case 'const':
      return expr
    case 'column':
      return likeColumn(columns.get(expr.name), expr, expr.fault === undefined ? undefined : of(expr.fault))
    case 'call':
      return { ...expr, args: expr.args.map(of) }
    case 'field':
      return { ...expr, source: of(expr.source) }
    case 'pack':
      return {
        ...expr,
        fields: Object.fromEntries(Object.entries(expr.fields).map(([name, part]) => [name, of(part)])),
        ...(expr.present === undefined ? {} : { present: of(expr.present) }),
      }
    case 'array':
      return { ...expr, items: expr.items.map(of) }
    case 'guard':
      return { ...expr, value: of(expr.value), when: of(expr.when) }
    case 'case':
      return {
        ...expr,
        branches: expr.branches.map(({ when, gives }) => ({ when: of(when), gives: of(gives) })),
        ...(expr.otherwise === undefined ? {} : { otherwise: of(expr.otherwise) }),
      }
  }
}

/** A column in another's place, read as of the type that that one was read as, with what was known of it. */
function likeColumn(column: Expr | undefined, old: ColumnExpr, fault: Expr | undefined): Expr {
  const { places, type } = old
  const found = column ?? old
  if (found.kind !== 'column') return found
  if (found.type === type && fault === undefined && places === undefined) return found
  return { ...found, type, ...(fault === undefined ? {} : { fault }), ...(places === undefined ? {} : { places }) }
}

/** True where an expression reads no column, so that it stands over any relation. */
export function isConstant(expr: Expr): boolean {
  const known = constants.get(expr)
  if (known !== undefined) return known
  const found = expr.kind !== 'column' && partsOf(expr).every(isConstant)
  constants.set(expr, found)
  return found
}

const constants = new WeakMap<Expr, boolean>()

/** All columns that an expression reads, those of faults included, by name. */
export function columnsIn(
  expr: Expr,
  found: Map<string, Expr> = new Map(),
  seen: Set<Expr> = new Set(),
): Map<string, Expr> {
  if (seen.has(expr)) return found
  seen.add(expr)
  if (expr.kind === 'column') {
    found.set(expr.name, expr)
    if (expr.fault !== undefined) columnsIn(expr.fault, found, seen)
  }
  for (const part of partsOf(expr)) columnsIn(part, found, seen)
  return found
}
