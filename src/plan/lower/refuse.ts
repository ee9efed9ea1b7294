import { type CaregapError, fault, type Place } from '../../base/index.ts'
import type { Origin } from '../../core/index.ts'

/** What the relational plan cannot say, as a fault with the clause's place: it is never null in silence. */
export function refusal(origin: Origin, what: string): CaregapError {
  const [line, column] = (origin.locator?.split('-')[0] ?? '').split(':').map(Number)
  const place: Place = {
    library: origin.library,
    define: origin.define,
    ...(origin.localId === undefined ? {} : { localId: origin.localId }),
    ...(line === undefined || Number.isNaN(line) || line === 0 ? {} : { line }),
    ...(column === undefined || Number.isNaN(column) ? {} : { column }),
  }
  return fault('input', 'plan/unsupported', `${what} is not supported in SQL.`, {
    place,
    remedy: 'Evaluate this define with `--engine direct`.',
  })
}
