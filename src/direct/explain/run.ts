import type { CoreNode, Value } from '../../core/index.ts'
import type { Session } from '../closure.ts'
import type { Bound, Cited } from './lineage.ts'

/** What evaluating one clause once came to, with all that was evaluated for it. */
export interface Run extends Bound {
  readonly node: CoreNode
  /** Null where there is a fault. */
  readonly value: Value
  /** What was thrown; undefined where nothing was. */
  readonly fault: unknown
  /** What was evaluated for it, in order: operands; of a call the arguments, then the function's body. */
  readonly parts: readonly Run[]
  /** Of a query: its rows. */
  readonly rows?: readonly RowRun[]
}

/** One row of a query: an element of its source, or a combination of several. */
export interface RowRun {
  readonly kept: boolean
  /** The resources whose row it is. */
  readonly own: Cited
  /** What was asked of it, in order. */
  readonly conditions: readonly RowCondition[]
  /** Lets, then what the row gives. */
  readonly values: readonly Run[]
}

export interface RowCondition {
  readonly kind: 'where' | 'with' | 'without'
  /** Of `where` the condition; of the others whether an element was found, with the source and each element as parts. */
  readonly run: Run
  readonly held: boolean
  /** Asked only to tell how nearly the row was kept: an earlier condition had ended it. */
  readonly late: boolean
}

/** What one person's explanation works with. */
export interface ExplainSession {
  /** What the closures of plain nodes work with. */
  readonly plain: Session
  /** The bit of a resource; none for what is no resource of the record. */
  bitOf(resource: Value): Cited
  /** Every resource of the record. */
  readonly everything: Cited
  /** Runs of nodes that look at no variable: the same wherever they stand. */
  readonly memo: Map<CoreNode, Run>
  /** The run of a define, evaluated when first asked for. */
  define(name: string): Run
}

/** A node as a closure that tells what it did; never throws for what a record holds. */
export type Explain = (variables: Bound[], session: ExplainSession) => Run

export type CompileExplain = (node: CoreNode) => Explain
