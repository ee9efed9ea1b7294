import type { Diagnostic } from '../base/index.ts'
import type { PopulationCode } from '../content/index.ts'

/** t true, f false, n null, e error, l list with members, z empty list, v another value. */
export type DefineLetter = 't' | 'f' | 'n' | 'e' | 'l' | 'z' | 'v'

/** A resource that a define's value holds. */
export interface Evidence {
  /** Index into the measure's list of defines. */
  readonly define: number
  readonly rid: string
}

export interface GroupEvaluation {
  readonly groupId: string
  /** Members of each population: 0 or 1 where the basis is boolean, the number of episodes otherwise. */
  readonly populations: Populations
  /** Values by the observation's id, one for each observed member, nulls left out. Absent where there are none. */
  readonly observations?: Readonly<Record<string, readonly number[]>>
  /**
   * Members of each population in a stratum. The key is the stratifier's id where a criterion decides, and
   * `id=value` where a value does. Absent where the group has no stratifiers.
   */
  readonly strata?: Readonly<Record<string, Populations>>
  /**
   * Of strata in which a part of the observed members lies: what was observed of those, by stratum and observation. Of any
   * other stratum it follows from the counts.
   */
  readonly stratumObservations?: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>
}

type Populations = Readonly<Partial<Record<PopulationCode, number>>>

/** What one measure says of one person. With an error, `groups` is empty: an error is never a false. */
export interface PersonEvaluation {
  readonly pid: number
  readonly measureId: string
  readonly groups: readonly GroupEvaluation[]
  /** One letter per define of the measure's main library, in the order of `measureDefines`. */
  readonly defines: string
  readonly evidence: readonly Evidence[]
  /** Since when what the measure asks for is due (a date at its own precision); absent where the measure does not say. */
  readonly dueDate?: string
  readonly error?: Diagnostic
}
