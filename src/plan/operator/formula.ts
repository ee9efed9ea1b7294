import type { CallSite } from '../../core/index.ts'
import type { Expr } from '../expr.ts'
import type { Comparing } from '../formula/equality.ts'

/** The place where an operator stands, with what it may compare by. */
export interface At extends Comparing {
  readonly site: CallSite
  /** Wall clock of the evaluation, as constants. */
  readonly now: Expr
}

/** What an operator's overload is made of: an expression of primitives over its operands. */
export type Formula = (at: At, ...operands: readonly [Expr, Expr, Expr, ...Expr[]]) => Expr
/** Formulas by operator and signature, `Add(Integer, Integer): Integer`. */
export type FormulaTable = Readonly<Record<string, Formula>>
