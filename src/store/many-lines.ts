import type { Session } from '../duck/index.ts'

/** Fewer lines than these are loaded in no time, and what is done once for all of them is most of the work. */
export const fewLines = 20_000
/** So many are work for all threads, however large the store is. */
const mostFewLines = 150_000
/** In a store of more than a million resources looking through the keys of all is most of what changes of a smaller share cost. */
const fewShare = 0.02

/** From how many lines on these are loaded otherwise than a few. */
export async function readManyLines(session: Session): Promise<number> {
  const row = await session.first<{ held: number }>('SELECT count(*)::DOUBLE AS held FROM resource_current')
  return Math.min(mostFewLines, Math.max(fewLines, Math.ceil((row?.held ?? 0) * fewShare)))
}
