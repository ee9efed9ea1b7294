import type { Session } from '../duck/index.ts'
import { readValueSets, replaceValueSets } from '../store/index.ts'
import type { ValueSets } from './value-sets.ts'
import { pinValueSets } from './value-sets-pinned.ts'

/** Keeps value sets in the store, in place of those that are there. All of them or none. */
export async function storeValueSets(session: Session, valueSets: ValueSets): Promise<void> {
  await replaceValueSets(session, valueSets.all)
}

/** The value sets of the store, as they were when last stored. */
export async function storedValueSets(session: Session): Promise<ValueSets> {
  return pinValueSets(await readValueSets(session))
}
