import { isObject } from '../../fhir/index.ts'
import { endOf, startOf } from './bounds.ts'
import { both, compareValues, samePoint } from './compare.ts'
import { compareDecimals, type Decimal, multiplyDecimals, roundDecimal, significantPlaces } from './decimal.ts'
import type { Environment } from './environment.ts'
import { convertUnit } from './unit.ts'
import {
  type Code,
  type Concept,
  type Instance,
  type Interval,
  kindOf,
  type Logical,
  type Quantity,
  type Ratio,
  type Tuple,
  type Value,
  type ValueKind,
  type Vocabulary,
} from './value.ts'

/**
 * CQL's `=`: null where either is null or imprecision leaves it open. Lists and tuples: the first pair of
 * elements that is not equal decides; two null elements count as equal. Values of different types are unequal.
 */
export function equal(left: Value, right: Value, env: Environment): Logical {
  if (left === null || right === null) return null
  if (left === right) return true
  const kind = kindOf(left)
  const other = kindOf(right)
  if (kind === 'uncertain' || other === 'uncertain') return samePoint(left, right, env)
  if (kind !== other) return false
  const compare = equalities[kind]
  if (compare !== undefined) return compare(left as never, right as never, env)
  const order = compareValues(left, right, env)
  return order === null ? null : order === 0
}

type Equality = (left: never, right: never, env: Environment) => Logical

const equalities: Readonly<Partial<Record<ValueKind, Equality>>> = {
  boolean: (left: boolean, right: boolean) => left === right,
  list: equalLists,
  tuple: equalTuples,
  interval: (left: Interval, right: Interval, env) =>
    both(equal(startOf(left), startOf(right), env), equal(endOf(left), endOf(right), env)),
  ratio: (left: Ratio, right: Ratio, env) =>
    both(equal(left.numerator, right.numerator, env), equal(left.denominator, right.denominator, env)),
  code: (left: Code, right: Code, env) => equalParts(codeParts(left), codeParts(right), env),
  concept: (left: Concept, right: Concept, env) =>
    equalParts([left.codes, left.display], [right.codes, right.display], env),
  valueset: equalVocabularies,
  codesystem: equalVocabularies,
  instance: equalInstances,
}

const codeParts = (code: Code): Value[] => [code.code, code.system, code.version, code.display]

function equalVocabularies(left: Vocabulary, right: Vocabulary): Logical {
  return left.id === right.id && left.version === right.version
}

function equalLists(left: readonly Value[], right: readonly Value[], env: Environment): Logical {
  return left.length === right.length ? equalParts(left, right, env) : false
}

function equalTuples(left: Tuple, right: Tuple, env: Environment): Logical {
  const names = [...new Set([...left.fields.keys(), ...right.fields.keys()])]
  const part = (tuple: Tuple) => names.map((name) => tuple.fields.get(name) ?? null)
  return equalParts(part(left), part(right), env)
}

/** The first pair that is not equal decides. */
function equalParts(left: readonly Value[], right: readonly Value[], env: Environment): Logical {
  for (const [index, a] of left.entries()) {
    const b = right[index] ?? null
    if (a === null && b === null) continue
    const answer = equal(a, b, env)
    if (answer !== true) return answer
  }
  return true
}

/** Resources are equal by key; other objects by their JSON, where an element that only one has leaves it open. */
function equalInstances(left: Instance, right: Instance): Logical {
  if (left.rid !== undefined && right.rid !== undefined) return left.rid === right.rid
  return equalJson(left.data, right.data)
}

function equalJson(left: unknown, right: unknown): Logical {
  if (left === right) return true
  if (left === undefined || right === undefined) return null
  if (Array.isArray(left) && Array.isArray(right)) {
    if (left.length !== right.length) return false
    return left.reduce<Logical>((answer, item, index) => both(answer, equalJson(item, right[index])), true)
  }
  if (!isObject(left) || !isObject(right)) return false
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])]
  return names.reduce<Logical>((answer, name) => both(answer, equalJson(left[name], right[name])), true)
}

/** CQL's `~`: never null. Null is equivalent to null alone. */
export function equivalent(left: Value, right: Value, env: Environment): boolean {
  if (left === null || right === null) return left === right
  if (left === right) return true
  const kind = kindOf(left)
  if (kind !== kindOf(right)) return false
  const compare = equivalences[kind]
  return compare === undefined ? equal(left, right, env) === true : compare(left as never, right as never, env)
}

type Equivalence = (left: never, right: never, env: Environment) => boolean

const equivalences: Readonly<Partial<Record<ValueKind, Equivalence>>> = {
  string: (left: string, right: string) => foldText(left) === foldText(right),
  decimal: equivalentDecimals,
  quantity: (left: Quantity, right: Quantity) => {
    const converted = convertUnit(right.value, right.unit, left.unit, 'equivalent')
    return converted !== null && compareDecimals(left.value, converted) === 0
  },
  ratio: equivalentRatios,
  list: (left: readonly Value[], right: readonly Value[], env) =>
    left.length === right.length && left.every((item, index) => equivalent(item, right[index] ?? null, env)),
  tuple: (left: Tuple, right: Tuple, env) =>
    [...new Set([...left.fields.keys(), ...right.fields.keys()])].every((name) =>
      equivalent(left.fields.get(name) ?? null, right.fields.get(name) ?? null, env),
    ),
  interval: (left: Interval, right: Interval, env) =>
    equivalent(startOf(left), startOf(right), env) && equivalent(endOf(left), endOf(right), env),
  code: equivalentCodes,
  concept: (left: Concept, right: Concept) =>
    left.codes.some((code) => right.codes.some((other) => equivalentCodes(code, other))),
}

/** Case, and the kind and amount of white space, do not count. */
function foldText(text: string): string {
  return text.replace(/\s+/g, ' ').toLowerCase()
}

/** Code and system decide; version and display do not. */
function equivalentCodes(left: Code, right: Code): boolean {
  return left.code === right.code && left.system === right.system
}

function equivalentRatios(left: Ratio, right: Ratio): boolean {
  const [a, b] = [left.numerator, left.denominator]
  const [c, d] = [right.numerator, right.denominator]
  const numerator = convertUnit(c.value, c.unit, a.unit, 'equivalent')
  const denominator = convertUnit(d.value, d.unit, b.unit, 'equivalent')
  if (numerator === null || denominator === null) return false
  const across = multiplyDecimals(a.value, denominator)
  const back = multiplyDecimals(b.value, numerator)
  return across !== null && back !== null && compareDecimals(across, back) === 0
}

function equivalentDecimals(left: Decimal, right: Decimal): boolean {
  const places = Math.min(significantPlaces(left), significantPlaces(right))
  const [a, b] = [roundDecimal(left, places), roundDecimal(right, places)]
  return a !== null && b !== null && compareDecimals(a, b) === 0
}
