import type { Session } from '../../duck/index.ts'
import type { SharedTable } from './set-program.ts'
import { runStatements } from './set-rows.ts'

/**
 * Makes what programs share, for the persons that the session's tables hold. Returns what could not be made and why; what
 * reads such a table cannot run.
 */
export async function makeSharedTables(
  session: Session,
  tables: readonly SharedTable[],
): Promise<ReadonlyMap<string, unknown>> {
  const failed = new Map<string, unknown>()
  for (const shared of tables) {
    const { table, reads } = shared
    const missing = [...reads].find((read) => failed.has(read))
    if (missing !== undefined) {
      failed.set(table, failed.get(missing))
      continue
    }
    const made = runStatements(session, shared, (query) =>
      session.run(`CREATE OR REPLACE TEMP TABLE ${table} AS ${query}`),
    )
    await made.catch((thrown: unknown) => failed.set(table, thrown))
  }
  return failed
}

/** Clears them away. */
export async function dropSharedTables(session: Session, tables: readonly SharedTable[]): Promise<void> {
  for (const { table } of tables) await session.run(`DROP TABLE IF EXISTS temp.${table}`)
}
