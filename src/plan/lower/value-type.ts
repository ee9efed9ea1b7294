import { type CoreNode, type CoreType, formatType, isAny } from '../../core/index.ts'
import {
  choose,
  constant,
  either,
  field,
  guard,
  isNotNull,
  isNull,
  not,
  nothing,
  test,
  truth,
} from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { faultOf } from '../algebra/fault.ts'
import { irregularBy } from '../algebra/irregular.ts'
import { derivesFrom } from '../algebra/model-type.ts'
import { isKeyAlone } from '../algebra/resource-key.ts'
import type { Scope } from '../algebra/scope.ts'
import { booleanTypeOf, systemName, textTypeOf } from '../algebra/types.ts'
import { isUnheld, unheld } from '../algebra/unheld.ts'
import { choiceField, choiceTag, convert } from '../formula/convert.ts'
import type { Lowering } from './context.ts'
import { exprAt } from './list.ts'
import { type Frame, type Lowered, scalar, typeOf } from './lowered.ts'

type Node<K extends CoreNode['kind']> = Extract<CoreNode, { kind: K }>

/** Does a value of a static type belong to another? Undefined where the value must say. */
function fits(type: CoreType, target: CoreType): boolean | undefined {
  if (formatType(type) === formatType(target) || isAny(target)) return true
  if (type.kind === 'choice') return fitsAll(type.of, target)
  if (target.kind === 'choice') return target.of.some((one) => fits(type, one) === true)
  if (type.kind === 'uncertain') return fits(type.of, target)
  if (isAny(type)) return undefined
  if (type.kind === 'interval' && target.kind === 'interval')
    return isAny(type.of) ? undefined : fits(type.of, target.of)
  if (type.kind === 'list' && target.kind === 'list') return isAny(type.of) ? true : fits(type.of, target.of)
  if (type.kind === 'class' && target.kind === 'class') return derivesFrom(type.name, target.name)
  if (systemName(target) === 'Vocabulary') return ['ValueSet', 'CodeSystem'].includes(systemName(type) ?? '')
  if (type.kind === 'tuple' && target.kind === 'tuple')
    return target.elements.every((one) => type.elements.some((other) => other.name === one.name))
  return false
}

/** All, none, or some that only the value can tell. */
function fitsAll(types: readonly CoreType[], target: CoreType): boolean | undefined {
  const found = types.map((type) => fits(type, target))
  if (found.every((fit) => fit === true)) return true
  return found.every((fit) => fit === false) ? false : undefined
}

/** Of a choice, the alternatives that are of a type, with the names of their tags. */
function alternatives(type: CoreType, target: CoreType): readonly CoreType[] {
  return type.kind === 'choice' ? type.of.filter((one) => fits(one, target) === true) : []
}

/** Is a choice's value of one of these types? */
export function isOneOf(value: Expr, types: readonly CoreType[]): Expr {
  if (value.type.kind === 'choice' && value.type.of.every((one) => types.includes(one))) return isNotNull(value)
  const tag = field(value, choiceTag, textTypeOf)
  return types
    .map((type) => test('isTrue', test('equals', tag, constant(formatType(type), textTypeOf))))
    .reduce(either, truth(false))
}

/** A test of a value's type. */
export function lowerIs(node: Node<'is'>, frame: Frame, at: Scope, lowering: Lowering): Lowered {
  const value = exprAt(lowering.lower(node.operand, frame, at), at)
  const known = fits(value.type, node.target)
  if (known !== undefined) return scalar(at, known ? isNotNull(value) : guardOnly(value))
  // Nothing is of no type; what is something has a type that is in no column.
  if (isKeyAlone(value))
    return scalar(at, { ...unheld(booleanTypeOf, formatType(value.type)), value: truth(false), when: isNotNull(value) })
  if (value.type.kind === 'choice') return scalar(at, isOneOf(value, alternatives(value.type, node.target)))
  if (isAny(value.type)) return scalar(at, guardOnly(value))
  throw lowering.refuse(node, `A test of ${formatType(value.type)} for ${formatType(node.target)}`)
}

/** False, with the faults of the value. */
function guardOnly(value: Expr): Expr {
  return faultOf(value) === undefined ? truth(false) : test('and', isNull(value), isNotNull(value))
}

/** A cast: null, or a fault where it is strict, of what is of another type. */
export function lowerAs(node: Node<'as'>, frame: Frame, at: Scope, lowering: Lowering): Lowered {
  const lowered = lowering.lower(node.operand, frame, at)
  if (lowered.kind === 'rows' && fits(typeOf(lowered), node.target) === true) return lowered
  const value = exprAt(lowered, at)
  const known = fits(value.type, node.target)
  // What is of some alternatives stays so: a choice of all that the target allows would be wide and mostly empty.
  const keeps = value.type.kind === 'uncertain' || node.target.kind === 'choice'
  const isOnly = value.type.kind === 'choice' && node.target.kind !== 'choice' && !isAny(node.target)
  if (known === true && !isOnly) return scalar(at, keeps ? value : convert(value, node.target))
  const wrong = (other: Expr) => (node.strict ? guard(other, isNotNull(value), 'wrong-type') : other)
  if (known === false) return scalar(at, wrong(nothing(node.target)))
  if (value.type.kind !== 'choice') {
    if (isAny(value.type)) return scalar(at, nothing(node.target))
    throw lowering.refuse(node, `A cast of ${formatType(value.type)} to ${formatType(node.target)}`)
  }
  if (isKeyAlone(value)) return scalar(at, { ...unheld(node.target, formatType(node.target)), when: isNotNull(value) })
  return scalar(at, castChoice(value, node))
}

/** A choice as one or some of its alternatives; what is of another is null, or a fault where the cast is strict. */
function castChoice(value: Expr, node: Node<'as'>): Expr {
  const named = alternatives(value.type, node.target)
  const unheld = named.filter((one) => isUnheld(field(value, choiceField(one), one)))
  if (node.target.kind !== 'choice' && unheld.length > 0 && unheld.length < named.length)
    return guard(
      castTo(value, node, named, unheld),
      isOneOf(value, unheld),
      irregularBy(`no column for ${unheld.map(formatType).join(' or ')}`),
    )
  return castTo(value, node, named)
}

function castTo(value: Expr, node: Node<'as'>, named: readonly CoreType[], leftOut: readonly CoreType[] = []): Expr {
  const possible = named.filter((one) => !leftOut.includes(one))
  const [only] = possible
  const type = possible.length === 1 && only !== undefined ? only : node.target
  const branches = possible.map(
    (one) => [isOneOf(value, [one]), convert(field(value, choiceField(one), one), type)] as const,
  )
  const cast = possible.length > 1 ? narrowedChoice(value, possible) : choose(type, branches)
  return node.strict ? guard(cast, test('and', isNotNull(value), not(isOneOf(value, named))), 'wrong-type') : cast
}

function narrowedChoice(value: Expr, possible: readonly CoreType[]): Expr {
  const target: CoreType = { kind: 'choice', of: possible }
  return choose(target, [[isOneOf(value, possible), convert(value, target)]])
}
