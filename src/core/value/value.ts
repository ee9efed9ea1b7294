import type { Decimal } from './decimal.ts'
import type { CqlDate, CqlDateTime, CqlTime } from './temporal.ts'

/** A magnitude with a UCUM unit (`mg/dL`) or a calendar unit (`year`, `month`, ... in the singular). */
export class Quantity {
  readonly kind = 'quantity'
  readonly value: Decimal
  readonly unit: string
  constructor(value: Decimal, unit: string) {
    this.value = value
    this.unit = unit
  }
}

export class Ratio {
  readonly kind = 'ratio'
  readonly numerator: Quantity
  readonly denominator: Quantity
  constructor(numerator: Quantity, denominator: Quantity) {
    this.numerator = numerator
    this.denominator = denominator
  }
}

/** A code of a system; absent parts are null. */
export class Code {
  readonly kind = 'code'
  readonly code: string | null
  readonly system: string | null
  readonly version: string | null
  readonly display: string | null
  constructor(
    code: string | null,
    system: string | null,
    version: string | null = null,
    display: string | null = null,
  ) {
    this.code = code
    this.system = system
    this.version = version
    this.display = display
  }
}

export class Concept {
  readonly kind = 'concept'
  readonly codes: readonly Code[]
  readonly display: string | null
  constructor(codes: readonly Code[], display: string | null = null) {
    this.codes = codes
    this.display = display
  }
}

/** A value set or a code system by its canonical. */
export class Vocabulary {
  readonly kind: 'valueset' | 'codesystem'
  readonly id: string
  readonly version: string | null
  readonly name: string | null
  constructor(kind: 'valueset' | 'codesystem', id: string, version: string | null = null, name: string | null = null) {
    this.kind = kind
    this.id = id
    this.version = version
    this.name = name
  }
}

/** The kind of an interval's points, which says what a closed null bound stands for. */
export type PointType = 'Integer' | 'Long' | 'Decimal' | 'Date' | 'DateTime' | 'Time' | 'Quantity' | 'Any'

/** An interval as written. A closed null bound is the least or greatest of the type, an open one is unknown. */
export class Interval {
  readonly kind = 'interval'
  readonly low: Value
  readonly high: Value
  readonly lowClosed: boolean
  readonly highClosed: boolean
  readonly pointType: PointType
  constructor(low: Value, high: Value, lowClosed: boolean, highClosed: boolean, pointType: PointType) {
    this.low = low
    this.high = high
    this.lowClosed = lowClosed
    this.highClosed = highClosed
    this.pointType = pointType
  }
}

/** A value known only as lying from `low` to `high`, both included. */
export class Uncertain {
  readonly kind = 'uncertain'
  readonly low: Value
  readonly high: Value
  constructor(low: Value, high: Value) {
    this.low = low
    this.high = high
  }
}

/** Named elements, in the order of the type. */
export class Tuple {
  readonly kind = 'tuple'
  readonly fields: ReadonlyMap<string, Value>
  constructor(fields: ReadonlyMap<string, Value>) {
    this.fields = fields
  }
}

/**
 * An object of a data model: a view of JSON. `data` is the JSON of the element (a primitive for FHIR's
 * primitive types), `companion` the `_element` object beside a primitive, `rid` the key of a resource.
 */
export class Instance {
  readonly kind = 'instance'
  readonly type: string
  readonly data: unknown
  readonly companion: unknown
  readonly rid: string | undefined
  /** Elements that were read of it, by the numbers that the reader of the model gives them. */
  kept: (Value | undefined)[] | undefined
  constructor(type: string, data: unknown, companion?: unknown, rid?: string) {
    this.type = type
    this.data = data
    this.companion = companion
    this.rid = rid
    this.kept = undefined
  }
}

/**
 * Any value of CQL. Integer is a number, Long a bigint, Decimal its own class, so that the three never mix;
 * null is the one unknown of all types.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Decimal
  | CqlDate
  | CqlDateTime
  | CqlTime
  | Quantity
  | Ratio
  | Code
  | Concept
  | Vocabulary
  | Interval
  | Uncertain
  | Tuple
  | Instance
  | readonly Value[]

/** Three-valued logic's values: null is unknown. */
export type Logical = boolean | null

/** True for a list value. */
export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value)
}

/** What kind of value it is, for dispatch: `null`, `boolean`, `integer`, `long`, `string`, `list`, or the class's kind. */
export function kindOf(value: Value): ValueKind {
  if (value === null) return 'null'
  if (typeof value === 'object') return isList(value) ? 'list' : value.kind
  return primitiveKinds[typeof value as keyof typeof primitiveKinds]
}

const primitiveKinds = { boolean: 'boolean', number: 'integer', bigint: 'long', string: 'string' } as const

export type ValueKind =
  | 'null'
  | 'list'
  | 'boolean'
  | 'integer'
  | 'long'
  | 'string'
  | 'decimal'
  | 'date'
  | 'datetime'
  | 'time'
  | 'quantity'
  | 'ratio'
  | 'code'
  | 'concept'
  | 'valueset'
  | 'codesystem'
  | 'interval'
  | 'uncertain'
  | 'tuple'
  | 'instance'
