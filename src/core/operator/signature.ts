import { invariant } from '../../base/index.ts'
import {
  anyType,
  type CoreType,
  choiceType,
  intervalType,
  isAny,
  joinTypes,
  listType,
  sameType,
  systemTypeNamed,
} from '../type.ts'
import { type Interval, isList, kindOf, type Value, type ValueKind } from '../value/value.ts'

/** A type with holes: `T` and `U` stand for any type, the same wherever they are written. */
export type TypePattern =
  | { readonly kind: 'type'; readonly type: CoreType }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'list' | 'interval' | 'uncertain'; readonly of: TypePattern }
  /** Any object of a data model. */
  | { readonly kind: 'object' }

export interface Signature {
  readonly text: string
  readonly takes: readonly TypePattern[]
  readonly gives: TypePattern
}

/** Reads `'(List<T>, T): Boolean'`: System type names, `List<>`, `Interval<>`, `Uncertain<>`, `Object`, variables `T`, `U`. */
export function parseSignature(text: string): Signature {
  const match = /^\((.*)\): (.+)$/.exec(text)
  invariant(match?.[1] !== undefined && match[2] !== undefined, `"${text}" is a signature`)
  const takes = match[1] === '' ? [] : match[1].split(', ').map(parsePattern)
  return { text, takes, gives: parsePattern(match[2]) }
}

function parsePattern(text: string): TypePattern {
  const nested = /^(List|Interval|Uncertain)<(.+)>$/.exec(text)
  if (nested?.[1] !== undefined && nested[2] !== undefined)
    return { kind: nested[1].toLowerCase() as 'list' | 'interval' | 'uncertain', of: parsePattern(nested[2]) }
  if (text === 'T' || text === 'U') return { kind: 'variable', name: text }
  if (text === 'Object') return { kind: 'object' }
  const type = systemTypeNamed(text)
  invariant(type !== undefined, `"${text}" names a type`)
  return { kind: 'type', type }
}

type Bindings = Map<string, CoreType>

/** How operand types fit a signature: not, surely, or only for some values of a choice or of an unknown type. */
export type Fit = 'no' | 'maybe' | 'yes'

/** How well static types fit, with what the variables then stand for. */
export function fitSignature(signature: Signature, types: readonly CoreType[]): { fit: Fit; gives: CoreType } {
  const bindings: Bindings = new Map()
  if (types.length !== signature.takes.length) return { fit: 'no', gives: anyType }
  const fits = signature.takes.map((pattern, index) => fitPattern(pattern, types[index] ?? anyType, bindings))
  const fit = fits.includes('no') ? 'no' : fits.includes('maybe') ? 'maybe' : 'yes'
  return { fit, gives: fill(signature.gives, bindings) }
}

function fitPattern(pattern: TypePattern, type: CoreType, bindings: Bindings): Fit {
  if (pattern.kind === 'variable') {
    bindings.set(pattern.name, joinTypes([bindings.get(pattern.name) ?? anyType, type]))
    return 'yes'
  }
  if (isAny(type)) return 'maybe'
  if (type.kind === 'choice') {
    const fits = type.of.map((one) => fitPattern(pattern, one, bindings))
    return fits.every((fit) => fit === 'yes') ? 'yes' : fits.some((fit) => fit !== 'no') ? 'maybe' : 'no'
  }
  if (type.kind === 'uncertain' && pattern.kind !== 'uncertain') return fitPattern(pattern, type.of, bindings)
  switch (pattern.kind) {
    case 'type':
      return isAny(pattern.type) || sameType(pattern.type, type) || isVocabulary(pattern.type, type) ? 'yes' : 'no'
    case 'object':
      return type.kind === 'class' || type.kind === 'tuple' ? 'yes' : 'no'
    default:
      return type.kind === pattern.kind ? fitPattern(pattern.of, type.of, bindings) : 'no'
  }
}

function isVocabulary(wanted: CoreType, type: CoreType): boolean {
  const names = [wanted, type].map((one) => (one.kind === 'system' ? one.name : ''))
  return names[0] === 'Vocabulary' && (names[1] === 'ValueSet' || names[1] === 'CodeSystem')
}

function fill(pattern: TypePattern, bindings: Bindings): CoreType {
  switch (pattern.kind) {
    case 'variable':
      return bindings.get(pattern.name) ?? anyType
    case 'type':
      return pattern.type
    case 'list':
      return listType(fill(pattern.of, bindings))
    case 'interval':
      return intervalType(fill(pattern.of, bindings))
    case 'uncertain':
      return { kind: 'uncertain', of: fill(pattern.of, bindings) }
    case 'object':
      return choiceType([])
  }
}

const kindsOfSystem: Readonly<Record<string, readonly ValueKind[]>> = {
  Boolean: ['boolean'],
  Integer: ['integer'],
  Long: ['long'],
  Decimal: ['decimal'],
  String: ['string'],
  Date: ['date'],
  DateTime: ['datetime'],
  Time: ['time'],
  Quantity: ['quantity'],
  Ratio: ['ratio'],
  Code: ['code'],
  Concept: ['concept'],
  Vocabulary: ['valueset', 'codesystem'],
  ValueSet: ['valueset'],
  CodeSystem: ['codesystem'],
}

/** True where a value may stand where the pattern is: for overloads that only values can tell apart. Null fits all. */
export function valueFits(pattern: TypePattern, value: Value): boolean {
  if (value === null || pattern.kind === 'variable') return true
  const kind = kindOf(value)
  if (kind === 'uncertain') return pattern.kind === 'type' || pattern.kind === 'uncertain'
  switch (pattern.kind) {
    case 'type':
      return (
        isAny(pattern.type) ||
        (pattern.type.kind === 'system' && kindsOfSystem[pattern.type.name]?.includes(kind)) === true
      )
    case 'list':
      return isList(value) && value.every((item) => valueFits(pattern.of, item))
    case 'interval':
      return (
        kind === 'interval' &&
        valueFits(pattern.of, (value as Interval).low) &&
        valueFits(pattern.of, (value as Interval).high)
      )
    case 'object':
      return kind === 'instance' || kind === 'tuple'
    case 'uncertain':
      return false
  }
}
