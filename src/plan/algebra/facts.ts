import { CqlDate, CqlDateTime } from '../../core/index.ts'
import type { CaseExpr, Expr } from './expr.ts'
import { alike } from './parts.ts'
import type { PartFacts, ValueFacts } from './value-facts.ts'

const nothingKnown: ValueFacts = {}
const known = new WeakMap<Expr, ValueFacts>()

/** The facts of an expression's values. */
export function factsOf(expr: Expr): ValueFacts {
  const seen = known.get(expr)
  if (seen !== undefined) return seen
  const found = derived(expr)
  known.set(expr, found)
  return found
}

function derived(expr: Expr): ValueFacts {
  switch (expr.kind) {
    case 'column':
      return expr.facts ?? nothingKnown
    case 'const':
      return ofConstant(expr.value)
    case 'field':
      return ofPart(factsOf(expr.source).parts?.[expr.name])
    case 'guard':
      return factsOf(expr.value)
    case 'pack':
      return ofPack(expr.fields, [])
    case 'case':
      return ofCase(expr)
    case 'call':
      return ofCall(expr.template, expr.args)
    case 'array':
      return nothingKnown
  }
}

/** A part by itself: that it is there where the whole is says nothing of where it is carried to. */
function ofPart(part: PartFacts | undefined): ValueFacts {
  if (part?.always === undefined) return part ?? nothingKnown
  const { always: _, ...own } = part
  return own
}

function ofConstant(value: unknown): ValueFacts {
  if (value instanceof CqlDateTime) return { least: value.precision + 1, most: value.precision + 1, offset: 'always' }
  if (value instanceof CqlDate) return { least: value.precision + 1, most: value.precision + 1, offset: 'never' }
  return value === true ? { isTrue: true } : nothingKnown
}

/** The facts of a structure of parts which is made only where some values are not null. */
function ofPack(fields: Readonly<Record<string, Expr>>, present: readonly Expr[]): ValueFacts {
  const parts = Object.entries(fields).flatMap(([name, part]): [string, PartFacts][] => {
    const facts: PartFacts = isThere(part, present) ? { ...factsOf(part), always: true } : factsOf(part)
    return isNothing(facts) ? [] : [[name, facts]]
  })
  return parts.length === 0 ? nothingKnown : { parts: Object.fromEntries(parts) }
}

function isThere(part: Expr, present: readonly Expr[]): boolean {
  switch (part.kind) {
    case 'const':
      return part.value !== null
    case 'column':
      return part.nonNull === true || present.some((one) => alike(one, part))
    case 'field':
      return factsOf(part.source).parts?.[part.name]?.always === true && isThere(part.source, present)
    default:
      return false
  }
}

/** A case: what comes after a test for null is given where the tested value is there. */
function ofCase({ branches, otherwise }: CaseExpr): ValueFacts {
  const present: Expr[] = []
  const given: ValueFacts[] = []
  const give = (one: Expr): void => {
    if (!isNothingAtAll(one)) given.push(one.kind === 'pack' ? ofPack(one.fields, [...present]) : factsOf(one))
  }
  for (const { when, gives } of branches) {
    give(gives)
    if (when.kind === 'call' && when.template === 'isNull') present.push(...when.args.slice(0, 1))
  }
  if (otherwise !== undefined) give(otherwise)
  return commonOf(given)
}

const isNothingAtAll = (expr: Expr): boolean => expr.kind === 'const' && expr.value === null
const isNothing = (facts: ValueFacts): boolean => Object.keys(facts).length === 0

function ofCall(template: string, args: readonly Expr[]): ValueFacts {
  const [first, second, third] = args
  if (template === 'dateOfColumn' && first !== undefined) {
    const { least, most } = factsOf(first)
    return { ...(least === undefined ? {} : { least }), ...(most === undefined ? {} : { most }), offset: 'never' }
  }
  if (template !== 'temporalOf' || second === undefined || third === undefined) return nothingKnown
  const fields = fieldCount(third)
  const hasNone = second.kind === 'const' && second.value === null
  const like = second.kind === 'field' && second.name === 'offset_min' ? factsOf(second.source).offset : undefined
  const offset = hasNone ? 'never' : like
  return { ...fields, ...(offset === undefined ? {} : { offset }) }
}

/** The number of fields that an expression counts. */
function fieldCount(count: Expr): Pick<ValueFacts, 'least' | 'most'> {
  if (count.kind === 'const' && typeof count.value === 'number') return { least: count.value, most: count.value }
  if (count.kind === 'field' && count.name === 'precision') {
    const { least, most } = factsOf(count.source)
    return { ...(least === undefined ? {} : { least }), ...(most === undefined ? {} : { most }) }
  }
  if (count.kind !== 'call' || count.template !== 'least') return {}
  const all = count.args.map(fieldCount)
  const [leasts, mosts] = [all.map(({ least }) => least), all.map(({ most }) => most)]
  const least = leasts.every((one) => one !== undefined) ? Math.min(...leasts) : undefined
  const most = Math.min(...mosts.map((one) => one ?? 7))
  return { ...(least === undefined ? {} : { least }), most }
}

/** What is known of the values of several expressions alike. */
export function commonFacts(exprs: readonly Expr[]): ValueFacts {
  return commonOf(exprs.filter((one) => !isNothingAtAll(one)).map(factsOf))
}

function commonOf([first, ...rest]: readonly ValueFacts[]): ValueFacts {
  return first === undefined ? nothingKnown : rest.reduce(common, first)
}

function common(left: PartFacts, right: PartFacts): PartFacts {
  if (left === right) return left
  const least = both(left.least, right.least, Math.min)
  const most = both(left.most, right.most, Math.max)
  const parts = Object.entries(left.parts ?? {}).flatMap(([name, part]): [string, PartFacts][] => {
    const other = right.parts?.[name]
    const shared = other === undefined ? nothingKnown : common(part, other)
    return isNothing(shared) ? [] : [[name, shared]]
  })
  return {
    ...(least === undefined ? {} : { least }),
    ...(most === undefined ? {} : { most }),
    ...(left.offset !== undefined && left.offset === right.offset ? { offset: left.offset } : {}),
    ...(left.isTrue === true && right.isTrue === true ? { isTrue: true } : {}),
    ...(left.isOrdered === true && right.isOrdered === true ? { isOrdered: true } : {}),
    ...(left.always === true && right.always === true ? { always: true } : {}),
    ...(parts.length === 0 ? {} : { parts: Object.fromEntries(parts) }),
  }
}

const both = (left: number | undefined, right: number | undefined, pick: (a: number, b: number) => number) =>
  left === undefined || right === undefined ? undefined : pick(left, right)

/** The facts of an expression as a mark of the column that it becomes; none where nothing is known. */
export function factsMark(expr: Expr): { readonly facts?: ValueFacts } {
  const facts = factsOf(expr)
  return isNothing(facts) ? {} : { facts }
}
