import {
  type CoreNode,
  type CoreType,
  formatType,
  Instance,
  type Interval,
  isAny,
  isList,
  kindOf,
  runFault,
  Tuple,
  type Value,
} from '../core/index.ts'
import type { Evaluate } from './closure.ts'

type Node<K extends CoreNode['kind']> = Extract<CoreNode, { kind: K }>
type Compile = (node: CoreNode) => Evaluate
/** Is a class the other, or derived from it? */
export type IsSubclass = (type: string, base: string) => boolean

const kindOfSystem: Readonly<Record<string, readonly string[]>> = { Vocabulary: ['valueset', 'codesystem'] }

/** True where a value is of a type; null is of none. */
export function isOfType(value: Value, type: CoreType, isSubclass: IsSubclass): boolean {
  if (value === null) return false
  switch (type.kind) {
    case 'system':
      return (
        isAny(type) ||
        (kindOfSystem[type.name] ?? [type.name.toLowerCase()]).includes(kindOf(value)) ||
        isUncertain(value, type.name)
      )
    case 'class':
      return value instanceof Instance && isSubclass(value.type, formatType(type))
    case 'list':
      return isList(value) && value.every((item) => item === null || isOfType(item, type.of, isSubclass))
    case 'interval':
      return kindOf(value) === 'interval' && isIntervalOf(value as Interval, type.of, isSubclass)
    case 'tuple':
      return value instanceof Tuple && type.elements.every((element) => value.fields.has(element.name))
    case 'choice':
      return type.of.some((one) => isOfType(value, one, isSubclass))
    case 'uncertain':
      return isOfType(value, type.of, isSubclass)
  }
}

const isUncertain = (value: Value, name: string) => kindOf(value) === 'uncertain' && name === 'Integer'

function isIntervalOf(interval: Interval, point: CoreType, isSubclass: IsSubclass): boolean {
  const bound = interval.low ?? interval.high
  if (bound !== null) return isOfType(bound, point, isSubclass)
  return isAny(point) || (point.kind === 'system' && point.name === interval.pointType)
}

export function typeTestClosure(node: Node<'is'>, compile: Compile, isSubclass: IsSubclass): Evaluate {
  const operand = compile(node.operand)
  return (variables, session) => isOfType(operand(variables, session), node.target, isSubclass)
}

export function castClosure(node: Node<'as'>, compile: Compile, isSubclass: IsSubclass): Evaluate {
  const operand = compile(node.operand)
  return (variables, session) => {
    const value = operand(variables, session)
    if (value === null || isOfType(value, node.target, isSubclass)) return value
    if (node.strict) throw runFault('wrong-type', `A value that is no ${formatType(node.target)} is cast to it.`)
    return null
  }
}
