import type { Session } from '../duck/index.ts'

/** The tables of rows that stand for a range of runs. */
const rangeTables = ['result_row', 'error_row', 'gap_row'] as const

/** `until_run` of a row that no run took the place of. */
const standing = 2_147_483_647

/** The lineage that the rows of the run `$runId` are of. */
export const lineageSql = '(SELECT lineage FROM run_lineage WHERE run_id = $runId)'

/** Makes a run the first of a lineage of its own. In the caller's transaction. */
export async function startLineage(session: Session, runId: number): Promise<void> {
  await session.run('INSERT INTO run_lineage VALUES ($runId, $runId)', { runId })
}

/**
 * Has the rows of a run stand for a later one too, but those of persons left out, and of whoever does not count in the later one. Where
 * the earlier run is the newest of its lineage nothing is copied; where another follows it already, or where the later one is
 * made to be taken away again, its rows are. The later run has no rows yet. In the caller's transaction.
 */
export async function extendResults(
  session: Session,
  { base, runId, but, copied }: { base: number; runId: number; but: readonly number[]; copied: boolean },
): Promise<void> {
  const parameters = { runId, but: JSON.stringify(but) }
  const kept = `pid IN (SELECT pid FROM run_person WHERE run_id = $runId)
    AND pid NOT IN (SELECT unnest(from_json($but::JSON, '["INTEGER"]')))`
  const last = await session.first<{ lineage: number; isLast: boolean }>(
    `SELECT b.lineage, max(r.run_id) = $base AS "isLast" FROM run_lineage b JOIN run_lineage r USING (lineage)
     WHERE b.run_id = $base GROUP BY b.lineage`,
    { base },
  )
  if (copied || last?.isLast !== true) {
    const own = `r.run_id = $base AND r.lineage = t.lineage AND r.run_id >= t.run_id AND r.run_id < t.until_run`
    for (const table of rangeTables)
      await session.run(
        `INSERT INTO ${table} SELECT t.* REPLACE ($runId AS run_id, $runId AS lineage, ${standing} AS until_run)
         FROM ${table} t JOIN run_lineage r ON ${own} WHERE ${kept}`,
        { ...parameters, base },
      )
    return
  }
  const { lineage } = last
  await session.run('UPDATE run_lineage SET lineage = $lineage WHERE run_id = $runId', { lineage, runId })
  for (const table of rangeTables)
    await session.run(
      `UPDATE ${table} SET until_run = $runId WHERE lineage = $lineage AND until_run = ${standing} AND NOT (${kept})`,
      { ...parameters, lineage },
    )
}

/** Takes the rows of a run away; what it took the place of stands again. In the caller's transaction. */
export async function takeBackResults(session: Session, runId: number): Promise<void> {
  for (const table of rangeTables) {
    await session.run(`DELETE FROM ${table} WHERE run_id = $runId`, { runId })
    await session.run(
      `UPDATE ${table} SET until_run = ${standing} WHERE lineage = ${lineageSql} AND until_run = $runId`,
      { runId },
    )
  }
  await session.run('UPDATE run_lineage SET lineage = run_id WHERE run_id = $runId', { runId })
}
