import type { Session } from '../../src/duck/index.ts'

/** Gives a run that stands in the list the measures and rows of another. */
export async function copyRows(session: Session, from: number, to: number): Promise<void> {
  const own = '$to::INTEGER AS run_id'
  for (const [table, replaced] of [
    ['run_measure', own],
    ...['run_lineage', 'result_row', 'error_row', 'gap_row'].map((name) => [name, `${own}, $to::INTEGER AS lineage`]),
  ])
    await session.run(
      `INSERT INTO ${table} BY NAME SELECT * REPLACE (${replaced}) FROM ${table} WHERE run_id = $from`,
      { from, to },
    )
}
