import { CaregapError, type Diagnostic, messageOf } from '../base/index.ts'
import {
  type Core,
  type CoreType,
  CqlDateTime,
  type Environment,
  type Instance,
  type Origin,
  parseDateTime,
  runFault,
  type Value,
} from '../core/index.ts'
import type { PersonRecord } from '../fhir/index.ts'
import type { Evaluate, Session } from './closure.ts'
import { compileCore, type ModelAccess, noModel } from './compile.ts'
import { recordIndex } from './record-index.ts'
import type { SharedDefines, SharedFunctions } from './shared-defines.ts'
import { isOfType } from './type-test.ts'

/** What a define came to: a value (null is unknown), or the error that stands in its place. */
export type DefineOutcome =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: Diagnostic }

/** Rows that one evaluation may look at: some twenty seconds' worth. */
const mostRows = 20_000_000

/** Calls of functions that one evaluation may make. */
const mostCalls = 200_000_000

/** What one evaluation is given beside the person. */
export interface EvaluationInput {
  readonly record?: PersonRecord
  /** Parameters by `Library.Name`; those left out take their defaults. */
  readonly parameters?: ReadonlyMap<string, Value>
  /** The request's timestamp with its offset. */
  readonly now: CqlDateTime
  readonly expansion?: Environment['expansion']
  /** How many rows its queries may look at before they end in a fault; 20 million where absent. */
  readonly maxRows?: number
  readonly onMessage?: Environment['message']
  /** Defines, and functions, whose values others who evaluate the same record take over, and give. */
  readonly shared?: SharedDefines
  readonly sharedFunctions?: SharedFunctions
}

/** One person's evaluation. Names are `Library.Name`. */
export interface Evaluation {
  /** The outcome of a define, evaluated when first asked for. A fault in one leaves all others as they are. */
  define(name: string): DefineOutcome
  /** What a function gives for these operands: the overload that takes them. */
  call(name: string, operands: readonly Value[]): DefineOutcome
}

/** Core compiled to closures: evaluates one person after another. */
export interface DirectProgram {
  evaluate(input: EvaluationInput): Evaluation
  /** What one person's evaluation works with, the parameters among it. */
  open(input: EvaluationInput): Session
}

/** Compiles core to closures over one person. */
export function createDirect(core: Core, model: ModelAccess = noModel): DirectProgram {
  const compiled = compileCore(core, model)
  return {
    open,
    evaluate(input) {
      const session = open(input)
      return {
        define: (name) => outcomeOf(name, () => session.define(name)),
        call: (name, operands) => outcomeOf(name, () => functionFor(name, operands)([...operands], session)),
      }
    },
  }

  function open(input: EvaluationInput): Session {
    const session = createSession(input)
    for (const [key, initial] of compiled.initials) {
      if (!session.parameters.has(key)) session.parameters.set(key, initial([], session))
    }
    return session
  }

  function functionFor(name: string, operands: readonly Value[]): Evaluate {
    const takes = (types: readonly CoreType[]) =>
      types.length === operands.length &&
      types.every((type, index) => {
        const operand = operands[index] ?? null
        return operand === null || isOfType(operand, type, model.isSubclass)
      })
    const found = [...core.functions].find(
      ([, body]) => `${body.library}.${body.name}` === name && takes(body.operands.map((operand) => operand.type)),
    )
    const evaluate = found === undefined ? undefined : compiled.functions.get(found[0])
    if (evaluate === undefined) throw runFault('missing-function', `No function ${name} takes these operands.`)
    return evaluate
  }

  function createSession(input: EvaluationInput): Session & { readonly parameters: Map<string, Value> } {
    const memo: Session['memo'] = new Map()
    const calls = new Map<string, Map<Instance, Value>>()
    const index = input.record === undefined ? undefined : recordIndex(input.record, input.now.offset)
    const session = {
      env: {
        now: input.now,
        expansion: input.expansion ?? (() => undefined),
        message: input.onMessage ?? (() => undefined),
      },
      index,
      memo,
      rowsLeft: input.maxRows ?? mostRows,
      callsLeft: mostCalls,
      parameters: new Map(input.parameters ?? []),
      define: (name: string): Value => {
        const known = memo.get(name) ?? takeOver(name, input, session) ?? remember(name, input, session)
        if ('fault' in known) throw known.fault
        return known.value
      },
      callsOf: (key: string): Map<Instance, Value> => {
        const known = calls.get(key)
        if (known !== undefined) return known
        const shared = input.sharedFunctions?.get(key)
        const made = (shared === undefined ? undefined : index?.callsOf(shared)) ?? new Map<Instance, Value>()
        calls.set(key, made)
        return made
      },
    }
    return session
  }

  function remember(name: string, { shared }: EvaluationInput, session: Session) {
    const evaluate = compiled.defines.get(name)
    if (evaluate === undefined) throw runFault('missing-define', `There is no define ${name}.`)
    const outcome = attempt(() => evaluate([], session), core.defines.get(name)?.root.origin)
    session.memo.set(name, outcome)
    const key = shared?.get(name)
    // A fault may come of how much this program had done before: others find out for themselves.
    if (key !== undefined && 'value' in outcome) session.index?.keepDefine(key, outcome)
    return outcome
  }
}

/** What another program found for a define of a library that both include. */
function takeOver(name: string, { shared }: EvaluationInput, { index, memo }: Session) {
  const key = shared?.get(name)
  const found = key === undefined ? undefined : index?.define(key)
  if (found !== undefined) memo.set(name, found)
  return found
}

function attempt(run: () => Value, origin?: Origin): { readonly value: Value } | { readonly fault: unknown } {
  try {
    return { value: run() }
  } catch (fault) {
    return { fault: origin === undefined ? fault : placed(fault, origin) }
  }
}

/** A fault of the logic with the place of the define in which it arose: the innermost one. */
function placed(thrown: unknown, { library, define, locator }: Origin): unknown {
  if (!(thrown instanceof CaregapError) || thrown.diagnostics.some((one) => one.place !== undefined)) return thrown
  const line = Number.parseInt(locator ?? '', 10)
  const place = { library, define, ...(Number.isNaN(line) ? {} : { line }) }
  return new CaregapError(
    thrown.kind,
    thrown.diagnostics.map((one) => ({ ...one, place })),
    { cause: thrown.cause },
  )
}

/** What a define came to: a thrown fault is its error, and so is a value that nobody may look at. */
export function outcomeOf(define: string, run: () => Value): DefineOutcome {
  const outcome = attempt(run)
  if ('value' in outcome) return { ok: true, value: outcome.value }
  return { ok: false, error: diagnosticOf(outcome.fault, define) }
}

/** A fault as the diagnostic of a define. What is no fault of the logic is a bug, and says so. */
function diagnosticOf(fault: unknown, define: string): Diagnostic {
  const place = { define }
  if (fault instanceof CaregapError && fault.diagnostics[0] !== undefined) return { place, ...fault.diagnostics[0] }
  return { code: 'direct/bug', message: `An operator failed: ${messageOf(fault)}.`, severity: 'error', place }
}

/** The timestamp of an ISO text with its offset; the offset is UTC where the text has none. */
export function timestampOf(text: string): CqlDateTime {
  const parsed = parseDateTime(text, 0)
  if (parsed === undefined) throw runFault('invalid-timestamp', `"${text}" is no date and time.`)
  return parsed
}
