import type { CoreType } from '../type.ts'
import type { Environment } from '../value/environment.ts'
import type { Precision } from '../value/temporal.ts'
import type { Value } from '../value/value.ts'
import { parseSignature, type Signature } from './signature.ts'

/** Chapters of the CQL reference (appendix B), which the operator files follow. */
export type Chapter =
  | 'nullological'
  | 'logical'
  | 'comparison'
  | 'arithmetic'
  | 'string'
  | 'datetime'
  | 'interval'
  | 'list'
  | 'aggregate'
  | 'clinical'
  | 'type'
  | 'error'

/** What an operator knows of the place where it stands: fixed at compile time. */
export interface CallSite {
  /** The precision written with the operator (`day of`), where there is one. */
  readonly precision?: Precision
  /** Weeks are no field of a date: durations and differences in weeks say so here. */
  readonly weeks?: boolean
  readonly type: CoreType
  readonly operands: readonly CoreType[]
}

/** An operator's meaning, its parameters typed where it is written. */
export type Call = (...inputs: readonly unknown[]) => Value
type OperandRun = (...inputs: never[]) => Value

export interface Overload {
  readonly signature: Signature
  /** `strict`: a null operand gives null without asking `run`; `own`: `run` says. */
  readonly nulls: 'strict' | 'own'
  /** The meaning as it is written: the operands, then a CallSite and an Environment. For callers that know the arity. */
  readonly call: Call
  /** The same over a list of operands. */
  readonly run: (operands: readonly Value[], site: CallSite, env: Environment) => Value
}

export interface Operator {
  /** The ELM node's name. */
  readonly name: string
  readonly chapter: Chapter
  /** Where ELM names the operands instead of listing them under `operand`, their names in order (`a|b`: whichever is there). */
  readonly fields?: readonly string[]
  /** Monotonic in every operand: over uncertain values it is run at the corners. */
  readonly lifts?: boolean
  /** Answers for uncertain values itself. Where neither this nor `lifts`, an uncertain operand is a fault. */
  readonly takesUncertain?: boolean
  readonly overloads: readonly Overload[]
}

/**
 * One overload: `'(Integer, Integer): Integer'` with its meaning. The parameters after the operands are the
 * site and the environment.
 */
export function overload(signature: string, run: OperandRun): Overload {
  const parsed = parseSignature(signature)
  const call = run as unknown as Call
  return { signature: parsed, nulls: 'strict', call, run: callers[parsed.takes.length]?.(call) ?? callAny(call) }
}

/** One caller per count of operands: spreading a list for each call would cost more than most operators do. */
const callers: readonly ((call: Call) => Overload['run'])[] = [
  (call) => (_, site, env) => call(site, env),
  (call) => (operands, site, env) => call(operands[0], site, env),
  (call) => (operands, site, env) => call(operands[0], operands[1], site, env),
  (call) => (operands, site, env) => call(operands[0], operands[1], operands[2], site, env),
]

function callAny(call: Call): Overload['run'] {
  return (operands, site, env) => call(...operands, site, env)
}

type Traits = Pick<Operator, 'fields' | 'lifts' | 'takesUncertain'>

/** An operator that is null where an operand is null. */
export function strict(chapter: Chapter, name: string, overloads: readonly Overload[], traits: Traits = {}): Operator {
  return { name, chapter, overloads, ...traits }
}

/** An operator that says itself what null means to it. */
export function ownNulls(
  chapter: Chapter,
  name: string,
  overloads: readonly Overload[],
  traits: Traits = {},
): Operator {
  return { name, chapter, overloads: overloads.map((one) => ({ ...one, nulls: 'own' })), ...traits }
}
