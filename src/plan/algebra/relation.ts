import type { CoreType } from '../../core/index.ts'
import type { Expr } from './expr.ts'
import type { ValueFacts } from './value-facts.ts'

/** A column of a relation; names are unique within a program. */
export interface Column {
  readonly name: string
  readonly type: CoreType
  readonly nonNull?: boolean
  /** What is known of its values. */
  readonly facts?: ValueFacts
}

interface Common {
  readonly columns: readonly Column[]
  /** What a reader should know it by: the define or clause that it is made for. */
  readonly label?: string
}

/** A stored table; `column` is its name there. */
export interface ScanPlan extends Common {
  readonly op: 'scan'
  readonly table: string
  readonly sources: Readonly<Record<string, string>>
}
/** Rows that are written down: constants that no engine may fold. */
export interface ValuesPlan extends Common {
  readonly op: 'values'
  readonly rows: readonly (readonly Expr[])[]
}
export interface ProjectPlan extends Common {
  readonly op: 'project'
  readonly input: Plan
  /** Expressions over the input, by column; columns that are not named pass through. */
  readonly exprs: Readonly<Record<string, Expr>>
}
/** Rows for which the condition is true. */
export interface FilterPlan extends Common {
  readonly op: 'filter'
  readonly input: Plan
  readonly condition: Expr
}
/** Equal on all key columns, which the right side has under the names given (right name by left name). */
export interface JoinPlan extends Common {
  readonly op: 'join'
  readonly how: 'inner' | 'left' | 'semi' | 'anti'
  readonly left: Plan
  readonly right: Plan
  readonly on: readonly (readonly [left: string, right: string])[]
}
/** All rows of all inputs, which have the same columns. */
export interface UnionPlan extends Common {
  readonly op: 'union'
  readonly inputs: readonly Plan[]
}
export type AggregateName =
  | 'count'
  | 'anyTrue'
  | 'anyNull'
  | 'allTrue'
  | 'sum'
  | 'min'
  | 'max'
  | 'first'
  | 'last'
  | 'list'
  | 'mode'
/** One row for each combination of the keys; aggregates go over the rows for which `where` is true. */
export interface GroupPlan extends Common {
  readonly op: 'group'
  readonly input: Plan
  readonly keys: readonly string[]
  readonly aggregates: Readonly<
    Record<
      string,
      {
        readonly name: AggregateName
        readonly value: Expr
        readonly where?: Expr
        readonly order?: readonly OrderKey[]
      }
    >
  >
}
export interface OrderKey {
  readonly value: Expr
  readonly descending: boolean
}
/** Each row with its number (from 1) within its partition, nulls first. */
export interface WindowPlan extends Common {
  readonly op: 'window'
  readonly input: Plan
  readonly number: string
  readonly partition: readonly Expr[]
  readonly order: readonly OrderKey[]
}
/** A row for each element of a list inside a row, with its position from 1. */
export interface UnnestPlan extends Common {
  readonly op: 'unnest'
  readonly input: Plan
  readonly list: Expr
  readonly item: string
  readonly position: string
}
/** Exactly these columns, which may take the names of the input's. */
export interface RenamePlan extends Common {
  readonly op: 'rename'
  readonly input: Plan
  readonly exprs: readonly (readonly [name: string, expr: Expr])[]
}
/** Starts with the first rows and adds, step by step, what `step` makes of those added last (its `loop`). */
export interface RecursePlan extends Common {
  readonly op: 'recurse'
  readonly name: string
  readonly first: Plan
  readonly step: Plan
}
/** Within a step: the rows added last. */
export interface LoopPlan extends Common {
  readonly op: 'loop'
  readonly name: string
}

/** Relational algebra: plain data, a DAG shared by identity. */
export type Plan =
  | ScanPlan
  | ValuesPlan
  | ProjectPlan
  | FilterPlan
  | JoinPlan
  | UnionPlan
  | GroupPlan
  | WindowPlan
  | UnnestPlan
  | RenamePlan
  | RecursePlan
  | LoopPlan
