import type { Diagnostic } from '../base/index.ts'

/** t true, f false, n null, e error, l list with members, z empty list, v another value. */
export type ValueLetter = 't' | 'f' | 'n' | 'e' | 'l' | 'z' | 'v'

/** What one define is for one person. */
export interface DefineValue {
  readonly letter: ValueLetter
  /** The raw value of cql-execution; undefined with a fault. */
  readonly value: unknown
  /** Resources that the value holds, in order, each once. */
  readonly rids: readonly string[]
  readonly fault?: Diagnostic
  /** What tells a list's members apart (nulls left out): rids of resources, else JSON. Empty for what is no list. */
  members(): readonly string[]
}

/** The values of all defines that were asked for, of one person. */
export interface Interpretation {
  readonly pid: number
  readonly defines: ReadonlyMap<string, DefineValue>
}

/** What one clause came to. A clause that ran many times keeps its first value that is neither false, null nor empty. */
export interface ClauseValue {
  readonly letter: ValueLetter
  readonly rids: readonly string[]
}

/** By library name, then by localId (the locator where a node has no localId). Clauses that never ran are absent. */
export type ClauseTrace = ReadonlyMap<string, ReadonlyMap<string, ClauseValue>>
