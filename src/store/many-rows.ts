import type { Session, SqlParameters } from '../duck/index.ts'

/** Rows for one statement: each single INSERT of a transaction holds a block of memory, and exports have 20,000 files. */
const rowsPerStatement = 5000

/**
 * Runs a statement over many rows, some thousand at a time. In its text `$rows` stands for a table whose columns are
 * those of `shape` (name to SQL type).
 */
export async function forManyRows<T extends object>(
  session: Session,
  rows: readonly T[],
  shape: Readonly<Record<Extract<keyof T, string>, string>>,
  sql: (table: string) => string,
  parameters: Readonly<Record<string, string | number | null>> = {},
): Promise<void> {
  const structure = JSON.stringify([shape])
  const columns = Object.keys(shape).map((name) => `r."${name}"`)
  const table = `(SELECT ${columns.join(', ')} FROM (SELECT unnest(from_json($rows::JSON, '${structure}')) AS r))`
  for (let from = 0; from < rows.length; from += rowsPerStatement) {
    const given: SqlParameters = { ...parameters, rows: JSON.stringify(rows.slice(from, from + rowsPerStatement)) }
    await session.run(sql(table), given)
  }
}
