import type { CallSite, Value } from '../../core/index.ts'
import type { Expr } from '../algebra/expr.ts'
import type { Comparing } from '../formula/equality.ts'

/** The place where an operator stands, with what it may compare by. */
export interface At extends Comparing {
  readonly site: CallSite
  /** Wall clock of the evaluation, as constants. */
  readonly now: Expr
  /** Codes of a value set; undefined where no expansion is at hand. */
  codesOf(valueSet: Value): readonly Value[] | undefined
  /** Ends the compilation with a diagnostic at the clause. */
  refuse(what: string): never
}

/** What an operator's overload is made of: an expression of primitives over its operands. */
export type Formula = (at: At, ...operands: readonly [Expr, Expr, Expr, ...Expr[]]) => Expr
/** Formulas by operator and signature, `Add(Integer, Integer): Integer`. */
export type FormulaTable = Readonly<Record<string, Formula>>
