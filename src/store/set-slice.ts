import type { Session } from '../duck/index.ts'
import type { PersonSelection } from './resource-read.ts'
import type { SetTables } from './set-data.ts'

/** The tables of a set as a session sees them, cut to some persons at a time. */
export interface SetSlices {
  /** Names that stay the same whichever persons are cut out, so that one script serves all. */
  readonly tables: SetTables
  /** Cuts out persons; returns how many there are. */
  cut(selection: PersonSelection): Promise<number>
  /** Everybody in runs of neighbours of so many persons, in the order of pids. */
  chunks(persons: number): Promise<readonly PersonRange[]>
}

/** Persons by pid, both ends included. */
export interface PersonRange {
  readonly fromPid: number
  readonly toPid: number
  readonly persons: number
}

/**
 * Views over the typed tables for one session. A table's rows of no person (a Medication) are in every cut; a person of
 * whom nothing current is left is in none.
 */
export async function openSlices(session: Session, tables: SetTables): Promise<SetSlices> {
  await session.run(
    `CREATE OR REPLACE TEMP TABLE set_everybody AS
     SELECT DISTINCT coalesce(pid, spid) AS pid FROM source_patient
     WHERE spid IN (SELECT spid FROM resource_current WHERE NOT deleted) ORDER BY pid`,
  )
  const shared = new Set<string>()
  for (const table of tables.typed.values()) {
    const row = await session.first<{ n: number }>(
      `SELECT count(*)::DOUBLE AS n FROM (SELECT 1 FROM ${table} WHERE pid IS NULL LIMIT 1)`,
    )
    if ((row?.n ?? 0) > 0) shared.add(table)
  }
  return {
    tables: { ...tables, typed: new Map([...tables.typed].map(([type, table]) => [type, viewName(table)])) },
    chunks: (persons) =>
      session.all<PersonRange>(
        `SELECT min(pid) AS "fromPid", max(pid) AS "toPid", count(*)::INTEGER AS persons
         FROM (SELECT pid, (row_number() OVER (ORDER BY pid) - 1) // ${persons} AS part FROM set_everybody)
         GROUP BY part ORDER BY part`,
      ),
    async cut(selection) {
      const condition = conditionOf(selection)
      await session.run(
        `CREATE OR REPLACE TEMP TABLE ${tables.persons} AS
         SELECT pid FROM set_everybody WHERE ${condition} ORDER BY pid`,
      )
      for (const table of tables.typed.values()) {
        const kept = shared.has(table) ? `${condition} OR pid IS NULL` : condition
        await session.run(`CREATE OR REPLACE TEMP VIEW ${viewName(table)} AS SELECT * FROM ${table} WHERE ${kept}`)
      }
      const row = await session.first<{ n: number }>(`SELECT count(*)::INTEGER AS n FROM ${tables.persons}`)
      return row?.n ?? 0
    },
  }
}

const viewName = (table: string): string => `set_${table}`

/** A condition on pids. Numbers are our own, written out: only so does DuckDB prune. */
function conditionOf(selection: PersonSelection): string {
  if ('pids' in selection) return `pid IN (${selection.pids.length === 0 ? 'NULL' : selection.pids.join(', ')})`
  return `pid BETWEEN ${selection.fromPid} AND ${selection.toPid}`
}
