import type { Session } from '../duck/index.ts'

/** So many lines are read by one query: it bounds memory, and few persons out of many come with most blocks of the table. */
const linesPerBatch = 60_000

/** More persons than this gain nothing, however little is known of each. */
const personsPerBatch = 4_000

/** Of whom nothing is counted, so many lines are taken for granted. */
const linesOfUncounted = 60

/** Persons, by pid, in batches of about as many lines: one of many lines is with few others, or alone. */
export async function batchesByLines(
  session: Session,
  pids: readonly number[],
): Promise<readonly (readonly number[])[]> {
  if (pids.length <= 1) return pids.length === 0 ? [] : [pids]
  const counted = await session.all<{ pid: number; lines: number }>(
    `SELECT pid, count(*)::INTEGER AS lines FROM person_line WHERE ${amongThese(pids)} GROUP BY pid`,
  )
  const linesOf = new Map(counted.map(({ pid, lines }) => [pid, lines]))
  const batches: number[][] = []
  let [batch, held]: [number[], number] = [[], 0]
  for (const pid of pids) {
    const lines = linesOf.get(pid) ?? linesOfUncounted
    if (batch.length > 0 && (held + lines > linesPerBatch || batch.length === personsPerBatch)) {
      batches.push(batch)
      batch = []
      held = 0
    }
    batch.push(pid)
    held += lines
  }
  return [...batches, batch]
}

/** A long list takes longer to plan than the rows between its ends to count. The numbers are our own, written out. */
function amongThese(pids: readonly number[]): string {
  if (pids.length <= personsPerBatch) return `pid IN (${pids.map(Number).join(', ')})`
  return `pid BETWEEN ${Number(pids[0])} AND ${Number(pids.at(-1))}`
}
