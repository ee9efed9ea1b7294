import { choose, either, isNull, nothing, pack } from '../algebra/build.ts'
import type { Expr } from '../algebra/expr.ts'
import { uncertainOf } from '../algebra/types.ts'
import { extremeOf, highest, isUncertain, lowest, type Setting } from './point.ts'

/** Runs what is monotonic in every operand at the corners of uncertain ones: the least and greatest answers bound it. */
export function lifted(run: (operands: readonly Expr[]) => Expr, operands: readonly Expr[], at: Setting): Expr {
  const index = operands.findIndex(isUncertain)
  const uncertain = operands[index]
  if (uncertain === undefined) return run(operands)
  const a = lifted(run, operands.with(index, lowest(uncertain)), at)
  const b = lifted(run, operands.with(index, highest(uncertain)), at)
  const low = extremeOf(lowest(a), lowest(b), at, -1)
  const high = extremeOf(highest(a), highest(b), at, 1)
  const type = uncertainOf(low.type)
  return choose(type, [[either(isNull(low), isNull(high)), nothing(type)]], pack(type, { low, high }))
}
