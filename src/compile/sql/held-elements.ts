import type { Session } from '../../duck/index.ts'
import {
  type AskedElements,
  type ConceptCoding,
  type DerivedTable,
  holdElements,
  readConceptCodings,
  readTypedFacts,
  type TypedFacts,
} from '../../store/index.ts'

/** What a plan takes from the data that it is made over: the concepts met, and what resources have in common. */
export interface StoredData {
  readonly codings: readonly ConceptCoding[]
  readonly types: ReadonlyMap<string, TypedFacts>
}

/** Something planned, what it reads, and the typed tables that were made to hold that. */
export interface OverHeld<T> {
  readonly made: T
  readonly derived: readonly DerivedTable[]
}

/**
 * Plans over typed tables that hold all that the plan reads. Which stored concepts meet wanted codes and what
 * no resource fills is part of a plan, and a column that is added brings both: then it is planned once more.
 */
export async function planOverHeld<T>(
  session: Session,
  plan: (stored: StoredData) => T | Promise<T>,
  readsOf: (made: T) => readonly AskedElements[],
): Promise<OverHeld<T>> {
  const derived: DerivedTable[] = []
  for (;;) {
    const made = await plan({ codings: await readConceptCodings(session), types: await readTypedFacts(session) })
    const more = await holdElements(session, readsOf(made))
    if (more.length === 0) return { made, derived }
    derived.push(...more)
  }
}
