/** The System types of CQL that hold one value. `Any` is the type of a bare null and of what is not known. */
export const systemTypeNames = [
  'Any',
  'Boolean',
  'Integer',
  'Long',
  'Decimal',
  'String',
  'Date',
  'DateTime',
  'Time',
  'Quantity',
  'Ratio',
  'Code',
  'Concept',
  'Vocabulary',
  'ValueSet',
  'CodeSystem',
] as const
export type SystemTypeName = (typeof systemTypeNames)[number]

export interface SystemType {
  readonly kind: 'system'
  readonly name: SystemTypeName
}
/** A class of a data model, `FHIR.Observation`. */
export interface ClassType {
  readonly kind: 'class'
  readonly model: string
  readonly name: string
}
export interface ListType {
  readonly kind: 'list'
  readonly of: CoreType
}
export interface IntervalType {
  readonly kind: 'interval'
  readonly of: CoreType
}
export interface TupleType {
  readonly kind: 'tuple'
  readonly elements: readonly { readonly name: string; readonly type: CoreType }[]
}
export interface ChoiceType {
  readonly kind: 'choice'
  readonly of: readonly CoreType[]
}
/** A number known only as lying between two values: what a duration between imprecise dates is. */
export interface UncertainType {
  readonly kind: 'uncertain'
  readonly of: CoreType
}
export type CoreType = SystemType | ClassType | ListType | IntervalType | TupleType | ChoiceType | UncertainType

const systemTypes = new Map<string, SystemType>(systemTypeNames.map((name) => [name, { kind: 'system', name }]))

/** The System type of a name, or undefined where there is none. */
export function systemTypeNamed(name: string): SystemType | undefined {
  return systemTypes.get(name)
}

/** The one instance of a System type. */
export function systemType(name: SystemTypeName): SystemType {
  return systemTypes.get(name) ?? { kind: 'system', name }
}

export const anyType: SystemType = systemType('Any')
export const booleanType: SystemType = systemType('Boolean')

/** List of an element type. */
export function listType(of: CoreType): ListType {
  return { kind: 'list', of }
}

/** Interval over a point type. */
export function intervalType(of: CoreType): IntervalType {
  return { kind: 'interval', of }
}

/** A choice, flattened and without doubles; of one type, that type. */
export function choiceType(types: readonly CoreType[]): CoreType {
  const flat = types.flatMap((type) => (type.kind === 'choice' ? type.of : [type]))
  const distinct = [...new Map(flat.map((type) => [formatType(type), type])).values()]
  return distinct.length === 1 && distinct[0] !== undefined ? distinct[0] : { kind: 'choice', of: distinct }
}

/** True for the type of a bare null. */
export function isAny(type: CoreType): boolean {
  return type.kind === 'system' && type.name === 'Any'
}

/** A type as CQL writes it: `List<Interval<DateTime>>`, `FHIR.Patient`, `Choice<String, Integer>`. */
export function formatType(type: CoreType): string {
  switch (type.kind) {
    case 'system':
      return type.name
    case 'class':
      return `${type.model}.${type.name}`
    case 'list':
      return `List<${formatType(type.of)}>`
    case 'interval':
      return `Interval<${formatType(type.of)}>`
    case 'tuple':
      return `Tuple{${type.elements.map((element) => `${element.name} ${formatType(element.type)}`).join(', ')}}`
    case 'choice':
      return `Choice<${type.of.map(formatType).join(', ')}>`
    case 'uncertain':
      return `Uncertain<${formatType(type.of)}>`
  }
}

/** True where both types are written alike. */
export function sameType(left: CoreType, right: CoreType): boolean {
  return left === right || formatType(left) === formatType(right)
}

/**
 * The least type that holds values of all the given ones: `Any` gives way to the others, an uncertain value
 * makes the whole uncertain, and types that differ make a choice.
 */
export function joinTypes(types: readonly CoreType[]): CoreType {
  const known = types.filter((type) => !isAny(type))
  const [first, ...rest] = known
  if (first === undefined) return anyType
  return rest.reduce(joinTwo, first)
}

function joinTwo(left: CoreType, right: CoreType): CoreType {
  if (sameType(left, right)) return left
  if (left.kind === 'uncertain' && sameType(left.of, right)) return left
  if (right.kind === 'uncertain' && sameType(right.of, left)) return right
  if (left.kind === 'list' && right.kind === 'list') return listType(joinTypes([left.of, right.of]))
  if (left.kind === 'interval' && right.kind === 'interval' && (isAny(left.of) || isAny(right.of)))
    return isAny(left.of) ? right : left
  return choiceType([left, right])
}
