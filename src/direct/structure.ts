import {
  Code,
  Concept,
  type CoreNode,
  type CoreType,
  calendarUnit,
  Decimal,
  endOf,
  Instance,
  Interval,
  isList,
  kindOf,
  less,
  type PointType,
  Quantity,
  Ratio,
  runFault,
  startOf,
  Tuple,
  type Value,
  Vocabulary,
} from '../core/index.ts'
import type { Evaluate } from './closure.ts'

type Compile = (node: CoreNode) => Evaluate
type Node<K extends CoreNode['kind']> = Extract<CoreNode, { kind: K }>

export function tupleClosure(node: Node<'tuple'>, compile: Compile): Evaluate {
  const fields = node.fields.map(({ name, value }) => [name, compile(value)] as const)
  return (variables, session) => new Tuple(new Map(fields.map(([name, value]) => [name, value(variables, session)])))
}

type Fields = ReadonlyMap<string, Value>
const text = (fields: Fields, name: string): string | null => {
  const value = fields.get(name) ?? null
  return typeof value === 'string' ? value : null
}

/** A calendar unit in the singular, as literals have it; no unit is the unit 1. */
const unitOf = (unit: string | null): string => (unit === null ? '1' : (calendarUnit(unit) ?? unit))

/** Makers of the System classes that CQL can build by name. */
const makers: Readonly<Record<string, (fields: Fields) => Value>> = {
  Quantity: (fields) => {
    const value = fields.get('value') ?? null
    if (value === null) return null
    if (!(value instanceof Decimal)) throw runFault('uncertain-operand', 'The value of a quantity is not certain.')
    return new Quantity(value, unitOf(text(fields, 'unit')))
  },
  Ratio: (fields) => new Ratio(fields.get('numerator') as Quantity, fields.get('denominator') as Quantity),
  Code: (fields) =>
    new Code(text(fields, 'code'), text(fields, 'system'), text(fields, 'version'), text(fields, 'display')),
  Concept: (fields) => new Concept((fields.get('codes') ?? []) as readonly Code[], text(fields, 'display')),
  ValueSet: (fields) => new Vocabulary('valueset', text(fields, 'id') ?? '', text(fields, 'version')),
  CodeSystem: (fields) => new Vocabulary('codesystem', text(fields, 'id') ?? '', text(fields, 'version')),
}

export function instanceClosure(node: Node<'instance'>, compile: Compile): Evaluate {
  const fields = node.fields.map(({ name, value }) => [name, compile(value)] as const)
  const make = node.type.kind === 'system' ? makers[node.type.name] : undefined
  const type = node.type.kind === 'class' ? `${node.type.model}.${node.type.name}` : 'Any'
  return (variables, session) => {
    const values = new Map(fields.map(([name, value]) => [name, value(variables, session)]))
    if (make !== undefined) return make(values)
    return new Instance(type, Object.fromEntries([...values].map(([name, value]) => [name, jsonOf(value)])))
  }
}

/** A value as the JSON of an element. */
function jsonOf(value: Value): unknown {
  if (value === null) return undefined
  if (isList(value)) return value.map(jsonOf)
  return value instanceof Instance ? value.data : value
}

const pointKinds: Readonly<Record<string, PointType>> = {
  integer: 'Integer',
  long: 'Long',
  decimal: 'Decimal',
  date: 'Date',
  datetime: 'DateTime',
  time: 'Time',
  quantity: 'Quantity',
}
const pointTypes = new Set<string>(Object.values(pointKinds))

/** What closed null bounds stand for: by the static type, else by the bound that is there. */
function pointTypeOf(type: CoreType, low: Value, high: Value): PointType {
  const point = type.kind === 'interval' ? type.of : type
  if (point.kind === 'system' && pointTypes.has(point.name)) return point.name as PointType
  return pointKinds[kindOf(low ?? high)] ?? 'Any'
}

/** An interval; null where both bounds are null and of no type. One that ends before it starts is an error. */
export function intervalClosure(node: Node<'interval'>, compile: Compile): Evaluate {
  const [low, high] = [compile(node.low), compile(node.high)]
  const [lowClosed, highClosed] = [compile(node.lowClosed), compile(node.highClosed)]
  return (variables, session) => {
    const [a, b] = [low(variables, session), high(variables, session)]
    const pointType = pointTypeOf(node.type, a, b)
    if (a === null && b === null && pointType === 'Any') return null
    const closed = [lowClosed(variables, session), highClosed(variables, session)]
    // The translator converts an interval X by parts (low of X, lowClosed of X, ...): of a null X, all are null.
    if (closed.includes(null)) return null
    const interval = new Interval(a, b, closed[0] === true, closed[1] === true, pointType)
    if (less(endOf(interval), startOf(interval), session.env) !== true) return interval
    if (node.expanded === true) return null
    throw runFault('invalid-interval', 'An interval ends before it starts.')
  }
}
