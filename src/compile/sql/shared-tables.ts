import type { Session } from '../../duck/index.ts'
import type { SharedTable } from './set-program.ts'

/**
 * Makes what programs share, for the persons that the session's tables hold. Returns what could not be made and why; what
 * reads such a table cannot run.
 */
export async function makeSharedTables(
  session: Session,
  tables: readonly SharedTable[],
): Promise<ReadonlyMap<string, unknown>> {
  const failed = new Map<string, unknown>()
  for (const { table, script, reads } of tables) {
    const missing = [...reads].find((read) => failed.has(read))
    if (missing !== undefined) failed.set(table, failed.get(missing))
    else await make(session, table, script).catch((thrown: unknown) => failed.set(table, thrown))
  }
  return failed
}

async function make(session: Session, table: string, { before, query, after }: SharedTable['script']): Promise<void> {
  try {
    for (const statement of before) await session.run(statement)
    await session.run(`CREATE OR REPLACE TEMP TABLE ${table} AS ${query}`)
  } finally {
    for (const statement of after) await session.run(statement)
  }
}

/** Clears them away. */
export async function dropSharedTables(session: Session, tables: readonly SharedTable[]): Promise<void> {
  for (const { table } of tables) await session.run(`DROP TABLE IF EXISTS temp.${table}`)
}
