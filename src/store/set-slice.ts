import type { Session } from '../duck/index.ts'
import type { PersonSelection } from './resource-read.ts'
import { holdNotDone, prepareSetTables, type SetTables, setTables } from './set-data.ts'
import { mergedPatients, type ReadMergedPatients } from './set-merged.ts'

const viewName = (table: string): string => `set_${table}`
const copyName = (table: string): string => `few_${table}`

/**
 * Rows of so few persons are copied out once: a script reads a table several times, and their rows lie all over it. What is then
 * done with them is work for one thread of the database (`inOneThread`).
 */
export const fewPersons = 5_000

/** The tables as slices name them: the same whichever persons are cut out, so that one script serves all. */
export const slicedTables: SetTables = {
  ...setTables,
  typed: new Map([...setTables.typed].map(([type, table]) => [type, viewName(table)])),
}

/** The tables of a set as a session sees them, cut to some persons at a time. */
export interface SetSlices {
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

/** The pids of a relation, each once in it, in runs of neighbours of so many, in their order. */
export function personRanges(session: Session, relation: string, persons: number): Promise<PersonRange[]> {
  return session.all<PersonRange>(
    `SELECT min(pid) AS "fromPid", max(pid) AS "toPid", count(*)::INTEGER AS persons
     FROM (SELECT pid, (row_number() OVER (ORDER BY pid) - 1) // ${persons} AS part FROM ${relation})
     GROUP BY part ORDER BY part`,
  )
}

/** A typed table that is there. */
interface Sliced {
  readonly table: string
  /** Named in its view, which a column that is added meanwhile then leaves as it is. */
  readonly columns: readonly string[]
}

/**
 * Views over the typed tables for one session, when all that is read is held: over all of them, or over the columns that
 * are read (by the name in `slicedTables`) alone. A table's rows of no person (a Medication)
 * are in every cut; a person of whom nothing current is left is in none; of a person's Patients that differ there is the one
 * that `readMerged` gives.
 */
export async function openSlices(
  session: Session,
  readMerged: ReadMergedPatients,
  read?: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<SetSlices> {
  await prepareSetTables(session)
  if (read?.has(setTables.notDone) === true) await holdNotDone(session)
  let everybody: Promise<unknown> | undefined
  // Whoever cuts out a few need not know everybody.
  const makeEverybody = () =>
    (everybody ??= session.run(`CREATE OR REPLACE TEMP TABLE set_everybody AS ${heldPersons('source_patient')}`))
  const shared = new Set<string>()
  const present = await presentTables(session, read)
  for (const { table } of present) {
    const row = await session.first<{ n: number }>(
      `SELECT count(*)::DOUBLE AS n FROM (SELECT 1 FROM ${table} WHERE pid IS NULL LIMIT 1)`,
    )
    if ((row?.n ?? 0) > 0) shared.add(table)
  }
  return {
    async chunks(persons) {
      await makeEverybody()
      return personRanges(session, 'set_everybody', persons)
    },
    async cut(selection) {
      const condition = conditionOf(selection)
      if (!('pids' in selection)) await makeEverybody()
      const chosen =
        'pids' in selection
          ? heldPersons(
              `(SELECT spid, pid FROM source_patient WHERE coalesce(pid, spid) IN (${numbers(selection.pids)}))`,
            )
          : `SELECT pid FROM set_everybody WHERE ${condition} ORDER BY pid`
      await session.run(`CREATE OR REPLACE TEMP TABLE ${setTables.persons} AS ${chosen}`)
      const isCopied = 'pids' in selection && selection.pids.length <= fewPersons
      for (const { table, columns } of present) {
        const list = columns.join(', ')
        if (isCopied) await copyOut(session, table, list, shared.has(table))
        else await session.run(`DROP TABLE IF EXISTS temp.${copyName(table)}`)
        const kept = shared.has(table) ? `${condition} OR pid IS NULL` : condition
        const rows = isCopied ? `temp.${copyName(table)}` : `(FROM ${table} WHERE ${kept})`
        const seen =
          table === setTables.typed.get('Patient')
            ? await mergedPatients(session, rows, columns, readMerged)
            : `SELECT ${list} FROM ${rows}`
        await session.run(`CREATE OR REPLACE TEMP VIEW ${viewName(table)} AS ${seen}`)
      }
      const row = await session.first<{ n: number }>(`SELECT count(*)::INTEGER AS n FROM ${setTables.persons}`)
      return row?.n ?? 0
    },
  }
}

/** Of these source patients the persons who count and of whom something current is left. */
const heldPersons = (patients: string): string =>
  `SELECT DISTINCT coalesce(pid, spid) AS pid FROM ${patients}
   WHERE spid IN (SELECT spid FROM resource_current WHERE NOT deleted)
     AND coalesce(pid, spid) IN (SELECT pid FROM population) ORDER BY pid`

/** The rows of the persons that were cut out, and those of no person where there are any. */
async function copyOut(session: Session, table: string, list: string, isShared: boolean): Promise<void> {
  const ofNobody = isShared ? ` UNION ALL SELECT ${list} FROM ${table} WHERE pid IS NULL` : ''
  await session.run(
    `CREATE OR REPLACE TEMP TABLE ${copyName(table)} AS
     SELECT ${list} FROM ${table} WHERE pid IN (SELECT pid FROM ${setTables.persons})${ofNobody}`,
  )
}

async function presentTables(
  session: Session,
  read: ReadonlyMap<string, ReadonlySet<string>> | undefined,
): Promise<readonly Sliced[]> {
  const rows = await session.all<Sliced>(
    `SELECT table_name AS "table", list(column_name ORDER BY column_index) AS columns
     FROM duckdb_columns() WHERE database_name = current_database() GROUP BY table_name ORDER BY table_name`,
  )
  const typed = new Set(setTables.typed.values())
  return rows.flatMap(({ table, columns }) => {
    const wanted = read?.get(viewName(table))
    if (!typed.has(table) || (read !== undefined && wanted === undefined)) return []
    // A view without a column would be none, and whose rows are whose is always known.
    const kept = columns.filter((name) => wanted?.has(name) !== false || name === 'pid')
    return [{ table, columns: kept.map((name) => `"${name}"`) }]
  })
}

/** A condition on pids. Numbers are our own, written out: only so does DuckDB prune. */
function conditionOf(selection: PersonSelection): string {
  if ('pids' in selection) return `pid IN (${numbers(selection.pids)})`
  return `pid BETWEEN ${selection.fromPid} AND ${selection.toPid}`
}

const numbers = (pids: readonly number[]): string => (pids.length === 0 ? 'NULL' : pids.join(', '))
