import type { Environment, Instance, Value } from '../core/index.ts'
import type { RecordIndex } from './record-index.ts'

/** What one person's evaluation works with. */
export interface Session {
  readonly env: Environment
  /** The person's resources; undefined where no person is evaluated. */
  readonly index: RecordIndex | undefined
  /** Values of defines already evaluated for this person; a fault is kept and thrown again. */
  readonly memo: Map<string, { readonly value: Value } | { readonly fault: unknown }>
  readonly parameters: ReadonlyMap<string, Value>
  /** How many rows the queries may still look at: each takes one away. */
  rowsLeft: number
  /** How many calls of functions are left: functions that call each other in ever more ways have no other end. */
  callsLeft: number
  /** Evaluates a define, once. */
  define(name: string): Value
  /** What a function of one operand, by its key, gave for objects of the record. */
  callsOf(key: string): Map<Instance, Value>
}

/** A node as a closure: `variables` holds the body's variables by id. */
export type Evaluate = (variables: Value[], session: Session) => Value

/** Visits each row of a relation, with its variables set. */
export type EachRow = (variables: Value[], session: Session, visit: () => void) => RowsSeen

/** Whether the sources were there: `null` where all were null, `list` where one was a list, else `single`. */
export type RowsSeen = 'null' | 'single' | 'list'
