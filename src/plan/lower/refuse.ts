import { type CaregapError, fault, type Place } from '../../base/index.ts'
import type { Origin } from '../../core/index.ts'

/** What the relational plan cannot say, as a fault with the clause's place: it is never null in silence. */
export function refusal(origin: Origin, what: string): CaregapError {
  return fault('input', 'plan/unsupported', `${what} is not supported in SQL.`, {
    place: placeOf(origin),
    remedy: 'Evaluate this define with `--engine direct`.',
  })
}

/** A plan that grows beyond what a database could run, told at the clause where it did. */
export function tooLarge(origin: Origin, most: number): CaregapError {
  return fault('input', 'plan/too-large', `This logic makes a plan of more than ${most} clauses.`, {
    place: placeOf(origin),
    remedy: 'Let functions call each other less often, or evaluate this define with `--engine direct`.',
  })
}

function placeOf(origin: Origin): Place {
  const [line, column] = (origin.locator?.split('-')[0] ?? '').split(':').map(Number)
  return {
    library: origin.library,
    define: origin.define,
    ...(origin.localId === undefined ? {} : { localId: origin.localId }),
    ...(line === undefined || Number.isNaN(line) || line === 0 ? {} : { line }),
    ...(column === undefined || Number.isNaN(column) ? {} : { column }),
  }
}
