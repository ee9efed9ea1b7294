import type { Session } from '../../src/duck/index.ts'
import { copyRows } from '../browser/copied-run.ts'

/**
 * Changes a seeded store so that `few` people (1 to 10) are what may not be told: excluded from one measure, newly in the
 * numerator of another since the run before, not evaluated, of a sex that few have, and of three sources.
 */
export async function changeFew(session: Session, few: number): Promise<void> {
  const excluded = `SELECT pid FROM person_result WHERE measure_id = 'blood-pressure' AND denominator_exclusion > 0`
  const row = await session.first<{ n: number }>(`SELECT count(*)::INTEGER AS n FROM (${excluded})`)
  if ((row?.n ?? 0) < few) throw new RangeError('the seeded store excludes more people than that')
  await session.run(
    `UPDATE result_row SET denominator_exclusion = 0 WHERE measure_id = 'blood-pressure'
       AND pid IN (${excluded} ORDER BY pid OFFSET ${few})`,
  )
  await session.run(
    `INSERT INTO error_row BY NAME SELECT 1 AS run_id, 1 AS lineage, 'glycemic-status' AS measure_id, i AS pid, 'direct/irregular' AS code,
       'A value is not readable.' AS message, '{}' AS place FROM range(1, ${few + 1}) t(i)`,
  )
  await session.run(`UPDATE run SET person_errors = ${few} WHERE run_id = 1`)
  // Those who are neither are taken from people of another small group, so that the large ones stay as they are.
  await session.run(`UPDATE person SET sex = CASE WHEN pid <= ${few} THEN 'other' ELSE 'unknown' END WHERE pid <= 30`)
  await session.run(`UPDATE person SET sources = CASE WHEN pid <= ${few} THEN 3 ELSE 2 END WHERE pid <= 30`)
  await session.run(
    `INSERT INTO run BY NAME SELECT * REPLACE (2 AS run_id, started_at + INTERVAL 24 HOUR AS started_at,
       finished_at + INTERVAL 24 HOUR AS finished_at, persons + ${few} AS persons) FROM run WHERE run_id = 1`,
  )
  await copyRows(session, 1, 2)
  await session.run(
    `UPDATE result_row SET numerator = 1 WHERE run_id = 2 AND measure_id = 'glycemic-status' AND pid IN (
       SELECT pid FROM person_result WHERE run_id = 2 AND measure_id = 'glycemic-status' AND denominator > 0
         AND numerator = 0 AND denominator_exclusion = 0 ORDER BY pid LIMIT ${few})`,
  )
}
