import type { CqlDateTime } from './temporal.ts'
import type { Code, Vocabulary } from './value.ts'

/** What an evaluation knows beside the person: handed to every operator. */
export interface Environment {
  /** The request's timestamp; its offset is the one to which times are normalised and that literals without one take. */
  readonly now: CqlDateTime
  /** The codes of a value set; undefined where no expansion is at hand, which is an error of whoever asks. */
  expansion(valueSet: Vocabulary): CodeSet | undefined
  /** Receives what a Message operator says. */
  readonly message: (severity: string, code: string | null, text: string | null) => void
}

/** A set of codes to be asked. */
export interface CodeSet {
  has(code: string, system: string | null): boolean
  readonly codes: readonly Code[]
}
