import { readInstant } from './manifest.ts'

/**
 * What the next pull asks from: the earlier of the export's own time and the server's clock at the kick-off (servers
 * exist that give the time of the job's end), less a margin; never later than what was asked for (`until`). Undefined where the export's time is none.
 */
export function nextSince(
  transactionTime: string | null,
  serverDate: string | null,
  overlapMinutes: number,
  until?: string,
): string | undefined {
  const exported = transactionTime === null ? undefined : readInstant(transactionTime)
  if (exported === undefined) return undefined
  const begun = Date.parse(serverDate ?? '')
  const earlier = Number.isNaN(begun) ? exported : Math.min(exported, begun)
  const asked = until === undefined ? earlier : Math.min(earlier, Date.parse(until))
  return new Date(asked - overlapMinutes * 60_000).toISOString()
}
