import { invariant } from '../../base/index.ts'
import { anyType } from '../type.ts'
import { compareValues } from '../value/compare.ts'
import type { Environment } from '../value/environment.ts'
import { kindOf, Uncertain, type Value } from '../value/value.ts'
import { arithmeticOperators } from './arithmetic.ts'
import { datetimeOperators } from './datetime.ts'
import type { CallSite, Operator, Overload } from './operator.ts'
import { valueFits } from './signature.ts'

const bare: CallSite = { type: anyType, operands: [] }

/** The overload that values choose; undefined where none takes them. */
export function overloadFor(overloads: readonly Overload[], operands: readonly Value[]): Overload | undefined {
  return overloads.find(({ signature }) =>
    signature.takes.every((pattern, index) => valueFits(pattern, operands[index] ?? null)),
  )
}

/**
 * Runs an operator that lifts over uncertain operands at the corners of what they may be: it is monotonic, so
 * the least and the greatest of those bound the answer.
 */
export function runLifted(
  run: (operands: readonly Value[]) => Value,
  operands: readonly Value[],
  env: Environment,
): Value {
  const index = operands.findIndex((operand) => kindOf(operand) === 'uncertain')
  if (index === -1) return run(operands)
  const { low, high } = operands[index] as Uncertain
  const [a, b] = [runLifted(run, operands.with(index, low), env), runLifted(run, operands.with(index, high), env)]
  if (a === null || b === null) return null
  const ends = [a, b].flatMap((end) =>
    kindOf(end) === 'uncertain' ? [(end as Uncertain).low, (end as Uncertain).high] : [end],
  )
  const sorted = ends.toSorted((x, y) => compareValues(x, y, env) ?? 0)
  return new Uncertain(sorted[0] ?? null, sorted.at(-1) ?? null)
}

const byName = new Map<string, readonly Overload[]>()
for (const operator of [...arithmeticOperators, ...datetimeOperators] as readonly Operator[])
  byName.set(operator.name, [...(byName.get(operator.name) ?? []), ...operator.overloads])

/** Arithmetic between values, for operators that are built on it (width, sums, expansion). Null gives null. */
export function arithmetic(
  name: 'Add' | 'Subtract' | 'Multiply' | 'Divide',
  left: Value,
  right: Value,
  env: Environment,
): Value {
  if (left === null || right === null) return null
  return runLifted(
    (operands) => {
      const chosen = overloadFor(byName.get(name) ?? [], operands)
      invariant(chosen !== undefined, `${name} takes a ${kindOf(left)} and a ${kindOf(right)}`)
      return chosen.run(operands, bare, env)
    },
    [left, right],
    env,
  )
}
