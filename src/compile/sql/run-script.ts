import type { Session } from '../../duck/index.ts'
import type { Script } from '../../sql/index.ts'

/** Runs a script and gives the rows of its query. Its tables are cleared away, whatever happens. */
export async function runScript<T>(session: Session, script: Script): Promise<T[]> {
  try {
    for (const statement of script.before) await session.run(statement)
    return await session.all<T>(script.query)
  } finally {
    for (const statement of script.after) await session.run(statement)
  }
}
