import type { Session } from '../duck/index.ts'
import type { Resource } from '../fhir/index.ts'
import { ConceptDictionary } from './concept-dictionary.ts'
import { setTables } from './set-data.ts'
import { askedTable } from './typed-derive.ts'
import { learn, type TypedTable, typedTableName } from './typed-table.ts'

/** The one Patient that stands for a person in records, with the key of the resource in whose place it stands. */
export interface MergedPatient {
  readonly pid: number
  readonly rid: string
  /** Qualified: references name their source. */
  readonly patient: Resource
}

/** Reads the merged Patients of persons. */
export type ReadMergedPatients = (session: Session, pids: readonly number[]) => Promise<readonly MergedPatient[]>

/** Columns in which Patients of one person differ as a rule, though nothing that they say does. */
const ofEachPatient: ReadonlySet<string> = new Set(
  ['pid', 'spid', 'rid', 'source_id', 'id', 'irregular'].map((name) => `"${name}"`),
)

/** So many persons' Patients are in memory at once. */
const personsAtOnce = 500

/** The rows made, of the session. */
const merged = 'merged_patient'
/** What they are made of stands in a database that every session sees, each time under another name. */
let made = 0

/**
 * SQL of the rows of Patients that evaluation reads: of persons whose Patients do not say the same in these columns the
 * one row of the Patient that their records have, made here; of all others their rows in `from`. Columns are quoted.
 */
export async function mergedPatients(
  session: Session,
  from: string,
  columns: readonly string[],
  read: ReadMergedPatients,
): Promise<string> {
  const list = columns.join(', ')
  const stored = `SELECT ${list} FROM ${from}`
  const compared = columns.filter((name) => !ofEachPatient.has(name))
  const pids = compared.length === 0 ? [] : await findDiffering(session, from, compared)
  const table = pids.length === 0 ? undefined : await askedTable(session, 'Patient')
  if (table === undefined) return stored
  await session.run(`ATTACH IF NOT EXISTS ':memory:' AS scratch`)
  const aside = `merging_${(made += 1)}`
  try {
    await writeMerged(session, `scratch.${aside}`, { table, pids, read })
    await session.run(`CREATE OR REPLACE TEMP TABLE ${merged} AS SELECT ${list} FROM scratch.${aside}`)
  } finally {
    await dropAll(session, aside)
  }
  return `${stored} WHERE pid NOT IN (SELECT pid FROM temp.${merged}) UNION ALL SELECT ${list} FROM temp.${merged}`
}

interface Merging {
  readonly table: TypedTable
  readonly pids: readonly number[]
  readonly read: ReadMergedPatients
}

async function writeMerged(session: Session, into: string, { table, pids, read }: Merging): Promise<void> {
  const dictionary = await ConceptDictionary.open(session)
  await table.create(session, into)
  for (let start = 0; start < pids.length; start += personsAtOnce) {
    const lines = `${into}_line`
    await keepLines(session, lines, await read(session, pids.slice(start, start + personsAtOnce)))
    const shredded = await table.shred(session, `${into}_shred`, { kind: 'merged', table: lines })
    // The same codings may be written otherwise here than in the line that they are from.
    await learn(session, dictionary, [shredded])
    await session.transaction(() => table.write(session, dictionary, shredded, { into, sorts: true }))
  }
}

async function findDiffering(session: Session, from: string, columns: readonly string[]): Promise<readonly number[]> {
  // Values that differ have one hash of 64 bits once in 2^64; to tell extensions apart themselves costs five times as much.
  const value = `hash(${columns.join(', ')})`
  const rows = await session.all<{ pid: number }>(
    `SELECT pid FROM ${from} WHERE pid IN (SELECT pid FROM ${setTables.persons})
     GROUP BY pid HAVING min(${value}) <> max(${value}) ORDER BY pid`,
  )
  return rows.map(({ pid }) => pid)
}

/** The lines that are to be shredded: whose resource it is, the row of the one in whose place it stands knows. */
async function keepLines(session: Session, table: string, patients: readonly MergedPatient[]): Promise<void> {
  const rows = patients.map(({ pid, rid, patient }) => ({ pid, rid, id: patient.id, raw: JSON.stringify(patient) }))
  await session.run(
    `CREATE OR REPLACE TABLE ${table} AS SELECT r.pid, t.spid, t.rid, t.source_id, r.id, r.raw
     FROM (SELECT unnest(from_json($rows::JSON, '[{"pid":"INTEGER","rid":"BIGINT","id":"VARCHAR","raw":"VARCHAR"}]')) AS r)
     JOIN ${typedTableName('Patient')} t ON t.rid = r.rid`,
    { rows: JSON.stringify(rows) },
  )
}

async function dropAll(session: Session, aside: string): Promise<void> {
  const tables = await session.all<{ name: string }>(
    `SELECT table_name AS name FROM duckdb_tables() WHERE database_name = 'scratch'
       AND (table_name = '${aside}' OR starts_with(table_name, '${aside}_'))`,
  )
  for (const { name } of tables) await session.run(`DROP TABLE scratch."${name}"`)
}
