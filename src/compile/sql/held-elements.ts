import type { Session } from '../../duck/index.ts'
import {
  type ConceptCoding,
  type DerivedTable,
  holdElements,
  type ReadElements,
  readConceptCodings,
} from '../../store/index.ts'

/** Something planned, what it reads, and the typed tables that were made to hold that. */
export interface OverHeld<T> {
  readonly made: T
  readonly derived: readonly DerivedTable[]
}

/**
 * Plans over typed tables that hold all that the plan reads. Which stored concepts meet wanted codes is part of a plan,
 * and a column that is added brings concepts: then it is planned once more.
 */
export async function planOverHeld<T>(
  session: Session,
  plan: (codings: readonly ConceptCoding[]) => T,
  readsOf: (made: T) => readonly ReadElements[],
): Promise<OverHeld<T>> {
  const derived: DerivedTable[] = []
  for (;;) {
    const made = plan(await readConceptCodings(session))
    const more = await holdElements(session, readsOf(made))
    if (more.length === 0) return { made, derived }
    derived.push(...more)
  }
}
