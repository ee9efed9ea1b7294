import { type CoreType, kindOf, Tuple, type Value } from '../../core/index.ts'
import { type CaseExpr, type ConstExpr, type Expr, noFault, type PackExpr } from './expr.ts'
import { factsOf } from './facts.ts'
import { alike, cannotFail } from './parts.ts'
import type { TemplateName } from './template-name.ts'
import { booleanTypeOf, integerTypeOf } from './types.ts'

/** A constant of a type. */
export function constant(value: Value, type: CoreType): ConstExpr {
  return { kind: 'const', value, type }
}

export const nothing = (type: CoreType): ConstExpr => constant(null, type)
export const truth = (value: boolean | null): ConstExpr => constant(value, booleanTypeOf)
export const integer = (value: number): ConstExpr => constant(value, integerTypeOf)

/** A primitive over operands. Of a constant null that makes it null, a null. */
export function call(template: TemplateName, type: CoreType, ...args: readonly Expr[]): Expr {
  const [first] = args
  if (first?.kind === 'array' && first.items.length === 0) {
    if (template === 'listLength' || template === 'countPresent') return constant(0, type)
    if (template === 'elementAt') return nothing(type)
  }
  const absent = args.slice(0, decidingOperands(template)).some((arg) => isConst(arg, null))
  return absent ? nothingOf(type, args) : { kind: 'call', template, type, args }
}

/** A null of a type, with the faults of what it would have been made of. */
export function nothingOf(type: CoreType, parts: readonly Expr[]): Expr {
  return parts
    .filter((part) => !cannotFail(part))
    .reduce<Expr>((rest, part) => {
      const branches = [{ when: test('isNull', part), gives: rest }]
      return { kind: 'case', type, branches, otherwise: nothing(type) }
    }, nothing(type))
}

/** A value with the faults of a part that it may have been made without looking at. */
export function alongWith(part: Expr, value: Expr): Expr {
  return cannotFail(part) || asks(value, part, 8)
    ? value
    : { kind: 'guard', type: value.type, value, when: test('isNull', part), code: noFault }
}

/** Is a part always evaluated, whatever a value's other parts are? May miss that it is. */
function asks(value: Expr, part: Expr, depth: number): boolean {
  if (value === part) return true
  if (depth === 0) return false
  const inner = (one: Expr | undefined) => one !== undefined && asks(one, part, depth - 1)
  switch (value.kind) {
    case 'call':
      return value.args.some(inner)
    case 'case':
      return inner(value.branches[0]?.when)
    case 'guard':
      return inner(value.value) || inner(value.when)
    case 'field':
      return inner(value.source)
    default:
      return false
  }
}

/** How many of a primitive's first operands make it null by being so. Of those that are not named nothing is supposed. */
export const decidingOperands = (template: TemplateName): number => strictOf.get(template) ?? 0

const strictOf: ReadonlyMap<TemplateName, number> = new Map(
  Object.entries({
    1: 'elementAt listLength countPresent inList anyInList hasTrueExtension dateOfColumn instant sortKey temporalOf nextMoment momentBefore floorTo moment momentAt momentOnClock integerToDecimal',
    2: 'equals differs less lessOrEqual signOf compareDates compareDateTimes compareAt compareAtClock concatenate',
  }).flatMap(([count, names]) => names.split(' ').map((name) => [name as TemplateName, Number(count)] as const)),
)

/** A primitive that gives a Boolean. Of a constant, the answer. */
export function test(template: TemplateName, ...args: readonly Expr[]): Expr {
  const [first] = args
  if (first?.kind === 'const') {
    if (template === 'isTrue') return truth(first.value === true)
    if (template === 'isFalse') return truth(first.value === false)
  }
  if (template === 'isTrue' && first !== undefined && isTruthAlways(first)) return first
  if (template === 'less' && args.every((arg) => arg.kind === 'const' && typeof arg.value === 'number'))
    return truth(lessThan(args))
  if (template === 'and' && args.some((arg) => isConst(arg, false)) && args.every(cannotFail)) return truth(false)
  if (template === 'or' && args.some((arg) => isConst(arg, true)) && args.every(cannotFail)) return truth(true)
  return call(template, booleanTypeOf, ...args)
}

function lessThan([left, right]: readonly Expr[]): boolean {
  return left?.kind === 'const' && right?.kind === 'const' && Number(left.value) < Number(right.value)
}

/** Booleans that are never null. */
const isTruthAlways = (expr: Expr): boolean =>
  expr.kind === 'call' && ['isTrue', 'isFalse', 'isNull', 'isNotNull', 'sameText'].includes(expr.template)

/** A structure from its parts, null where `present` is given and not true. */
export function pack(type: CoreType, fields: Readonly<Record<string, Expr>>, present?: Expr): Expr {
  return present === undefined ? { kind: 'pack', type, fields } : { kind: 'pack', type, fields, present }
}

/** A field of a structure: of a packed one the part itself, so that parts stay parallel columns. */
export function field(source: Expr, name: string, type: CoreType): Expr {
  if (source.kind === 'guard') return { ...source, type, value: field(source.value, name, type) }
  if (source.kind === 'pack') return partOfPack(source, source.fields[name] ?? nothing(type))
  if (source.kind === 'const') return partOfConstant(source, name, type)
  if (source.kind === 'case' && partsAreKnown(source)) return fieldOfCase(source, name, type)
  if (name === 'lo' && source.kind === 'call' && source.template === 'temporalOf')
    return source.args[0] ?? nothing(type)
  return { kind: 'field', source, name, type }
}

/** A part of a structure. Where a fault may stand in the place of the whole, it stands in that of the part. */
export function partOfPack({ present }: PackExpr, part: Expr): Expr {
  if (present === undefined || cannotFail(present)) return part
  return part.kind === 'pack' && part.present !== undefined
    ? { ...part, present: both(present, part.present) }
    : choose(part.type, [[present, part]])
}

/** A part of a constant structure is a constant; moments of dates stay parts, for no value of CQL is one. */
function partOfConstant(source: ConstExpr, name: string, type: CoreType): Expr {
  if (source.value === null) return nothing(type)
  if (source.value instanceof Tuple) return constant(source.value.fields.get(name) ?? null, type)
  const held = structured.has(kindOf(source.value)) && typeof source.value === 'object'
  return held
    ? constant((source.value as unknown as Readonly<Record<string, Value>>)[name] ?? null, type)
    : { kind: 'field', source, name, type }
}

const structured = new Set(['interval', 'quantity', 'ratio', 'code', 'concept', 'uncertain', 'valueset', 'codesystem'])

/** A case between structures whose parts are at hand: its fields are cases between those. */
function partsAreKnown({ branches, otherwise }: CaseExpr): boolean {
  const values = [...branches.map(({ gives }) => gives), ...(otherwise === undefined ? [] : [otherwise])]
  return values.every(
    (value) =>
      value.kind === 'pack' ||
      (value.kind === 'const' && value.value === null) ||
      (value.kind === 'case' && partsAreKnown(value)),
  )
}

function fieldOfCase({ branches, otherwise }: CaseExpr, name: string, type: CoreType): Expr {
  const parts = branches.map(({ when, gives }) => [when, field(gives, name, type)] as const)
  return choose(type, parts, otherwise === undefined ? undefined : field(otherwise, name, type))
}

/** A value in whose place a fault stands where the condition is true. */
export function guard(value: Expr, when: Expr, code: string): Expr {
  return when.kind === 'const' && when.value !== true ? value : { kind: 'guard', type: value.type, value, when, code }
}

type Branch = readonly [when: Expr, gives: Expr]

/**
 * The first branch whose condition is true, else `otherwise`; conditions that are constant fall away. The first
 * condition is always asked, so its fault is that of the whole.
 */
export function choose(type: CoreType, branches: readonly Branch[], otherwise?: Expr): Expr {
  const [first, ...rest] = branches
  if (first !== undefined && first[0].kind === 'guard') {
    const { value, when, code } = first[0]
    return guard(choose(type, [[value, first[1]], ...rest], otherwise), when, code)
  }
  const open: { when: Expr; gives: Expr }[] = []
  for (const [when, gives] of branches) {
    if (when.kind !== 'const') open.push({ when, gives })
    else if (when.value === true) return closeCase(type, open, gives)
  }
  return closeCase(type, open, otherwise)
}

function closeCase(type: CoreType, given: readonly { when: Expr; gives: Expr }[], last?: Expr): Expr {
  if (given.length === 0) return last ?? nothing(type)
  const branches = given.filter(({ when }, index) => !isAsked(when, given.slice(0, index)))
  const otherwise = last?.kind === 'case' ? withoutAsked(last, branches) : last
  if (otherwise !== undefined && branches.every(({ when, gives }) => isConst(gives, null) && isNullBy(otherwise, when)))
    return otherwise
  return { kind: 'case', type, branches, ...(otherwise === undefined ? {} : { otherwise }) }
}

/** A case where the conditions of some branches are known not to be true. */
function withoutAsked(expr: CaseExpr, asked: readonly { when: Expr }[]): Expr {
  const branches = expr.branches.filter(({ when }) => !isAsked(when, asked))
  if (branches.length === expr.branches.length) return expr
  return closeCase(expr.type, branches, expr.otherwise)
}

/** Is a value null anyway where a test for null says that what it is made of is? */
function isNullBy(value: Expr, when: Expr): boolean {
  if (when.kind !== 'call' || when.template !== 'isNull') return false
  const [tested] = when.args
  const isMadeOf = (one: Expr): boolean =>
    tested !== undefined && (alike(one, tested) || (one.kind === 'field' && isMadeOf(one.source)))
  return isMadeOf(value)
}

/** Was the same asked before? Of tests for null alone: they are what conversions ask again and again. */
const isAsked = (when: Expr, asked: readonly { when: Expr }[]): boolean =>
  isTestForNull(when) && asked.some((one) => isTestForNull(one.when) && alike(one.when, when))

const isTestForNull = (expr: Expr): boolean =>
  expr.kind === 'call' && (expr.template === 'isNull' || expr.template === 'isNotNull')

const isConst = (expr: Expr, value: boolean | null): boolean => expr.kind === 'const' && expr.value === value

/** Three-valued conjunction. */
export function both(left: Expr, right: Expr): Expr {
  if (isConst(left, true)) return right
  return isConst(right, true) ? left : test('and', left, right)
}

/** Three-valued disjunction. */
export function either(left: Expr, right: Expr): Expr {
  if (isConst(left, false)) return right
  return isConst(right, false) ? left : test('or', left, right)
}

/** Three-valued negation. */
export function not(value: Expr): Expr {
  return value.kind === 'const' && typeof value.value === 'boolean' ? truth(!value.value) : test('not', value)
}

/** True where a value can be seen never to be null. */
export function neverNull(value: Expr): boolean {
  switch (value.kind) {
    case 'const':
      return value.value !== null
    case 'column':
      return value.nonNull === true
    case 'guard':
      return neverNull(value.value)
    case 'pack':
      return value.present === undefined
    default:
      return value.kind === 'array'
  }
}

/** Is a value computed, so that who reads it twice had better find it in a column? Structures stay parallel columns. */
export function isComputed(value: Expr): boolean {
  return value.kind === 'guard' ? isComputed(value.value) : value.kind === 'call' || value.kind === 'case'
}

export function isNull(value: Expr): Expr {
  if (value.kind === 'guard') return { ...isolate(value), value: isNull(value.value), type: booleanTypeOf }
  if (value.kind === 'const') return truth(value.value === null)
  if (value.kind === 'pack') return value.present === undefined ? truth(false) : not(test('isTrue', value.present))
  const whole = wholeOf(value)
  if (whole !== undefined) return isNull(whole)
  const absent = absenceOf(value)
  if (absent !== undefined) return absent
  return neverNull(value) ? truth(false) : test('isNull', value)
}

/** When a case is null that is so only where something else is. */
function absenceOf(value: Expr): Expr | undefined {
  if (value.kind !== 'case' || value.otherwise === undefined || !neverNull(value.otherwise)) return undefined
  if (!value.branches.every(({ when, gives }) => isConst(gives, null) && isTestForNull(when))) return undefined
  return value.branches.map(({ when }) => when).reduce(either)
}

/** Of a part that is there wherever the whole is, the whole. */
function wholeOf(value: Expr): Expr | undefined {
  if (value.kind !== 'field') return undefined
  return factsOf(value.source).parts?.[value.name]?.always === true ? value.source : undefined
}

export function isNotNull(value: Expr): Expr {
  if (value.kind === 'guard') return { ...isolate(value), value: isNotNull(value.value), type: booleanTypeOf }
  if (value.kind === 'const') return truth(value.value !== null)
  if (value.kind === 'pack') return value.present === undefined ? truth(true) : test('isTrue', value.present)
  const whole = wholeOf(value)
  if (whole !== undefined) return isNotNull(whole)
  const absent = absenceOf(value)
  if (absent !== undefined) return not(absent)
  return neverNull(value) ? truth(true) : test('isNotNull', value)
}

const isolate = (value: Extract<Expr, { kind: 'guard' }>) => value

/** Null where any of the operands is null, else the value. */
export function unlessNull(operands: readonly Expr[], value: Expr): Expr {
  const checks = operands.map(isNull).filter((check) => !isConst(check, false))
  return checks.length === 0 ? value : choose(value.type, [[checks.reduce(either), nothing(value.type)]], value)
}
