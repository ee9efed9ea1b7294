import type { Session } from '../duck/index.ts'
import { setAnswers } from './kind-results.ts'
import { rowsOf } from './result-write.ts'

/**
 * The temporary table of a session in which the distinct values of an answer's `value` stand under numbers (`n`), while
 * what they say is found out.
 */
export const setValues = 'set_value'

const table = 'run_due_date'

/** Makes room for the due dates of a run in a session: results do not hold them, and gaps are told after all results. */
export async function openDueDates(session: Session): Promise<void> {
  await session.run(
    `CREATE OR REPLACE TEMP TABLE ${table} (measure_id VARCHAR NOT NULL, pid INTEGER NOT NULL, due_date VARCHAR NOT NULL)`,
  )
}

/** The relation `(measure_id, pid, due_date)` of what was kept. */
export const dueDates = table

/** Keeps due dates of persons. */
export function addDueDates(
  session: Session,
  measureId: string,
  rows: readonly { readonly pid: number; readonly dueDate: string }[],
): Promise<void> {
  const listed = rowsOf('"pid":"INTEGER","dueDate":"VARCHAR"')
  return insert(session, `SELECT $measureId, pid, "dueDate" FROM ${listed}`, measureId, rows)
}

/** Keeps the due dates of all persons of some kinds, whose answers stand in the session: the same for each of a kind. */
export function addKindDueDates(
  session: Session,
  measureId: string,
  rows: readonly { readonly kind: number; readonly dueDate: string }[],
): Promise<void> {
  const listed = rowsOf('"kind":"INTEGER","dueDate":"VARCHAR"')
  const found = `SELECT $measureId, a.pid, k."dueDate" FROM ${setAnswers} a JOIN ${listed} k USING (kind)`
  return insert(session, found, measureId, rows)
}

/** The same by what the value of an answer says; the values stand in the session too. */
export function addValueDueDates(
  session: Session,
  measureId: string,
  kinds: readonly number[],
  rows: readonly { readonly n: number; readonly dueDate: string }[],
): Promise<void> {
  const listed = rowsOf('"n":"INTEGER","dueDate":"VARCHAR"')
  const found = `SELECT $measureId, a.pid, k."dueDate" FROM ${setAnswers} a
    JOIN ${setValues} v ON v.value IS NOT DISTINCT FROM a.value JOIN ${listed} k USING (n)
    WHERE a.kind IN (${[-1, ...kinds].map(Number).join(', ')})`
  return insert(session, found, measureId, rows)
}

async function insert(session: Session, rows: string, measureId: string, listed: readonly object[]): Promise<void> {
  if (listed.length > 0) await session.run(`INSERT INTO ${table} ${rows}`, { measureId, rows: JSON.stringify(listed) })
}
