import { openStore, type Store } from '../../src/store/index.ts'
import { seededMeasures } from '../browser/seeded-measures.ts'

/** People of a course; each becomes due in one month of the year, the last twelfth in January of the next. */
export const coursePeople = 3900
/** The month of which far fewer are done than of the others. */
export const oddMonth = '2025-05'
/** The month to which only a dozen people belong. */
export const smallMonth = '2025-07'

const measured = seededMeasures.filter(({ id }) => id === 'blood-pressure')

/**
 * A store whose runs of one measure follow a year: one of 2024 and one at the end of each month of 2025 up to November.
 * Who is due in a month is done in the run a month later, 70 of 100 of them, of the odd month 40. Half of the people are
 * numbered otherwise from run 8 on, as after a join of persons.
 */
export async function openCourse(): Promise<Store> {
  const store = await openStore({ path: ':memory:' })
  const { session } = store
  const everyone = `(SELECT i, 1 + CASE WHEN i % 13 = 6 AND i > 12 * 13 THEN 12 ELSE i % 13 END AS due_month FROM range(1, ${coursePeople + 1}) t(i))`
  await session.run(`INSERT INTO source VALUES (1, 'hill', 'UTC', NULL, now()::TIMESTAMP)`)
  await session.run(`INSERT INTO source_patient SELECT i, 1, 'p' || i, i FROM ${everyone}`)
  await session.run(`INSERT INTO person SELECT i, '1960-01-01', 'female', FALSE, 'Person ' || i, 1 FROM ${everyone}`)
  for (let run = 1; run <= 12; run += 1) {
    const year = run === 1 ? 2024 : 2025
    const made = run === 1 ? '2024-12-20' : `2025-${String(run - 1).padStart(2, '0')}-28`
    await session.run(
      `INSERT INTO run VALUES (${run}, 'published', 'sql', '${year}-01-01', '${year}-12-31', 'UTC', repeat('b', 64), '0.1.0',
         '${made} 04:20:00', '${made} 04:21:00', ${coursePeople}, 0)`,
    )
    await session.run(`INSERT INTO run_lineage VALUES (${run}, ${run})`)
    for (const { id, url, version, title, contentHash: hash } of measured)
      await session.run(
        `INSERT INTO run_measure VALUES ($run, $id, $url, $version, $title, $hash, 'done', ['Numerator'], '[]')`,
        { run, id, url, version, title, hash },
      )
    const pid = run < 8 ? 'i' : `CASE WHEN i % 2 = 0 THEN i + ${coursePeople} ELSE i END`
    await session.run(`INSERT INTO run_person SELECT ${run}, i, ${pid} FROM ${everyone}`)
    // Run 1 is of December, run 2 of the end of January: who is due in month m is done by the end of the month after it.
    const done = `(due_month < ${run - 1} AND i // 13 % 10 < CASE due_month WHEN 5 THEN 4 ELSE 7 END)::INTEGER`
    await session.run(
      `INSERT INTO result_row BY NAME SELECT ${run} AS run_id, ${run} AS lineage, 'blood-pressure' AS measure_id, 'group-1' AS group_id, ${pid} AS pid,
         1 AS initial_population, 1 AS denominator, 0 AS denominator_exclusion, ${done} AS numerator, 't' AS defines, [] AS evidence
       FROM ${everyone}`,
    )
    await session.run(
      `INSERT INTO gap_row BY NAME SELECT ${run} AS run_id, ${run} AS lineage, 'blood-pressure' AS measure_id, 'group-1' AS group_id, ${pid} AS pid,
         CASE WHEN ${done} = 1 THEN 'closed' ELSE 'open' END AS status, 'made' AS reason_code, 'Made.' AS sentence, '[]' AS evidence,
         CASE WHEN ${done} = 1 THEN '2026-06-15'
           ELSE strftime(DATE '2025-01-15' + to_months(due_month - 1), '%Y-%m-%d') END AS due_date FROM ${everyone}`,
    )
  }
  return store
}
