import { type CoreType, formatType } from '../../core/index.ts'
import { type Field, fhirModelInfo } from '../../fhir/index.ts'
import {
  call,
  choose,
  constant,
  field,
  integer,
  isNotNull,
  nothing,
  nothingOf,
  pack,
  partOfPack,
  test,
} from '../algebra/build.ts'
import type { CaseExpr, Expr } from '../algebra/expr.ts'
import { isLazy } from '../algebra/fault.ts'
import { fieldNamed, heldBy, heldType, optionType } from '../algebra/held-type.ts'
import { elementTypeOf, modelElement, modelTypeNamed } from '../algebra/model-type.ts'
import type { Scope } from '../algebra/scope.ts'
import {
  anyTypeOf,
  decimalTypeOf,
  integerTypeOf,
  listOf,
  momentTypeOf,
  systemName,
  textTypeOf,
} from '../algebra/types.ts'
import { isUnheld, unheld } from '../algebra/unheld.ts'
import { choiceField, choiceTag } from '../formula/convert.ts'

/** Where the codings of concepts are found by cid. */
export interface CodingLookup {
  codingsOf(cid: Expr, at: Scope): Expr
}

/** A class of the model: what it has no element for, no resource has. */
const isKnownClass = (type: CoreType): boolean =>
  type.kind === 'class' && fhirModelInfo().classOf(type.name) !== undefined

/** The same column as a value of another type that is held alike. */
export function retype(value: Expr, type: CoreType): Expr {
  return value.kind === 'guard' ? { ...value, type, value: retype(value.value, type) } : { ...value, type }
}

/**
 * An element from the columns of its field; a choice is a structure of its kind and a column for each. What no resource
 * fills is null, and a kind that none has is no alternative.
 */
export function fieldExpr(of: Field, read: (key: string, type: CoreType) => Expr): Expr {
  const listed = (type: CoreType) => (of.repeats ? listOf(type) : type)
  if (!of.choice) {
    const [option] = of.options
    if (option === undefined || option.shape.kind === 'opaque')
      return unheld(listed(modelTypeNamed(option?.type ?? 'Element')), of.name)
    const type = listed(optionType(option))
    return option.empty === true ? nothing(type) : read(option.key, type)
  }
  const filled = of.options.filter((option) => option.empty !== true)
  if (filled.length === 0) return nothing({ kind: 'choice', of: of.options.map(optionType) })
  const kind = read(`${of.name}_kind`, textTypeOf)
  const tag = call('concatenate', textTypeOf, constant('FHIR.', textTypeOf), kind)
  const parts = filled.map((option) => {
    const type = optionType(option)
    const is = test('equals', kind, constant(option.type, textTypeOf))
    const value =
      option.shape.kind === 'opaque'
        ? { ...unheld(type, option.key), when: test('isTrue', is) }
        : read(option.key, type)
    return [choiceField(type), value] as const
  })
  const type: CoreType = { kind: 'choice', of: filled.map(optionType) }
  return { ...pack(type, { [choiceTag]: tag, ...Object.fromEntries(parts) }), present: isNotNull(kind) } as Expr
}

/** An element of an object of FHIR, as the typed tables hold it. */
export function fhirElement(source: Expr, name: string, at: Scope, codings: CodingLookup): Expr {
  if (source.kind === 'guard' && source.value.kind !== 'const') {
    const element = fhirElement(source.value, name, at, codings)
    // Within another fault it would fail though nobody reads it; who reads it is left to closures, which know of both.
    return isLazy(element) ? element : { ...source, type: element.type, value: element }
  }
  const declared = modelElement(source.type, name)
  const otherwise = (): Expr => {
    if (declared === undefined && isKnownClass(source.type)) return nothingOf(anyTypeOf, [source])
    const made = unheld(
      declared === undefined ? anyTypeOf : elementTypeOf(declared),
      `${formatType(source.type)}.${name}`,
    )
    const when = isUnheld(source) ? source.when : isNotNull(source)
    return { ...made, when }
  }
  if (source.kind === 'const' && source.value === null)
    return nothing(declared === undefined ? anyTypeOf : elementTypeOf(declared))
  if (isUnheld(source)) return otherwise()
  if (source.kind === 'pack') return partOfPack(source, source.fields[name] ?? otherwise())
  const held = heldBy(source.type)
  if (held === undefined && source.kind === 'case') return elementOfCase(source, name, at, codings) ?? otherwise()
  switch (held?.kind) {
    case undefined:
    case 'opaque':
      return otherwise()
    case 'structure': {
      const found = fieldNamed(held.fields, name)
      return found === undefined ? otherwise() : fieldExpr(found, (key, type) => field(source, key, type))
    }
    case 'quantity':
      return quantityElement(source, name) ?? otherwise()
    case 'reference':
      return name === 'reference' ? textElement(source, name, 'string') : otherwise()
    case 'concept':
      return name === 'coding' ? codings.codingsOf(source, at) : otherwise()
    case 'coding':
      return (
        codingElement(call('elementAt', codingParts, codings.codingsOf(source, at), integer(1)), name) ?? otherwise()
      )
    case 'codingParts':
      return codingElement(source, name) ?? otherwise()
    default:
      return name === 'value' && held !== undefined ? primitiveValue(source, held.kind) : otherwise()
  }
}

/** An element of a resource that is one of several; undefined where these hold it in different ways. */
function elementOfCase(source: CaseExpr, name: string, at: Scope, codings: CodingLookup): Expr | undefined {
  const element = (one: Expr) => fhirElement(one, name, at, codings)
  const branches = source.branches.map(({ when, gives }) => [when, element(gives)] as const)
  const otherwise = source.otherwise === undefined ? undefined : element(source.otherwise)
  const made = [...branches.map(([, gives]) => gives), ...(otherwise === undefined ? [] : [otherwise])]
  const [first, ...others] = made.filter((one) => one.kind !== 'const' || one.value !== null)
  if (first === undefined) return made[0]
  if (others.some((one) => JSON.stringify(one.type) !== JSON.stringify(first.type))) return undefined
  const typed = (one: Expr) => (one.kind === 'const' && one.value === null ? nothing(first.type) : one)
  return choose(
    first.type,
    branches.map(([when, gives]) => [when, typed(gives)] as const),
    otherwise === undefined ? undefined : typed(otherwise),
  )
}

const codingParts = heldType('Coding', { kind: 'codingParts' })
/** A list of codings, each with its parts. */
export const codingList: CoreType = listOf(codingParts)

const textElement = (source: Expr, name: string, type: string): Expr =>
  field(source, name, heldType(type, { kind: 'text' }))

const codingNames: Readonly<Record<string, string>> = {
  code: 'code',
  system: 'uri',
  version: 'string',
  display: 'string',
}

function codingElement(source: Expr, name: string): Expr | undefined {
  const type = codingNames[name]
  return type === undefined ? undefined : textElement(source, name, type)
}

const quantityNames: Readonly<Record<string, string>> = {
  unit: 'string',
  system: 'uri',
  code: 'code',
  comparator: 'QuantityComparator',
}

function quantityElement(source: Expr, name: string): Expr | undefined {
  if (name === 'value') return field(source, 'value', heldType('decimal', { kind: 'bareDecimal' }))
  const type = quantityNames[name]
  return type === undefined ? undefined : textElement(source, name, type)
}

/** The System value of a primitive. */
function primitiveValue(source: Expr, kind: string): Expr {
  const element = modelElement(source.type, 'value')
  const type = element === undefined ? textTypeOf : elementTypeOf(element)
  switch (kind) {
    case 'date':
      return call('dateOfColumn', type, source)
    case 'decimal':
      return call('integerToDecimal', decimalTypeOf, field(source, 'value', decimalTypeOf))
    case 'bareDecimal':
      return call('integerToDecimal', decimalTypeOf, source)
    default:
      return systemName(type) === 'Time' ? timeOfColumn(source, type) : retype(source, type)
  }
}

function timeOfColumn(source: Expr, type: CoreType): Expr {
  const precision = call('timePrecisionOfText', integerTypeOf, source)
  return call('temporalOf', type, call('timeOfText', momentTypeOf, source), nothing(integerTypeOf), precision)
}
