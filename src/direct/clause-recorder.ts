import type { Origin } from '../core/index.ts'
import type { ValueLetter } from './value-letter.ts'

/** What one clause came to. A clause that ran many times keeps its first value that is neither false, null nor empty. */
export interface DirectClauseValue {
  readonly letter: ValueLetter
  readonly rids: readonly string[]
}

/** By library name, then by localId (the locator where a node has no localId). Clauses that never ran are absent. */
export type DirectClauseTrace = ReadonlyMap<string, ReadonlyMap<string, DirectClauseValue>>

/** Receives what each clause gave. */
export interface ClauseRecorder {
  record(origin: Origin, value: DirectClauseValue): void
  trace(): DirectClauseTrace
}

const telling = (letter: ValueLetter): boolean => letter !== 'f' && letter !== 'n' && letter !== 'z'

export function createRecorder(): ClauseRecorder {
  const libraries = new Map<string, Map<string, DirectClauseValue>>()
  return {
    record(origin, value) {
      const key = origin.localId ?? origin.locator
      if (key === undefined) return
      const clauses = libraries.get(origin.library) ?? new Map<string, DirectClauseValue>()
      libraries.set(origin.library, clauses)
      const known = clauses.get(key)
      if (known === undefined || (!telling(known.letter) && telling(value.letter))) clauses.set(key, value)
    },
    trace: () => libraries,
  }
}
