import type { Session } from '../duck/index.ts'
import { typedFields, typedResourceTypes } from '../fhir/index.ts'
import { ConceptDictionary } from './concept-dictionary.ts'
import { areRecent, recentLines } from './derived-state.ts'
import { inLineOrder } from './resource-load.ts'
import { buildTables } from './typed-build.ts'
import { changeRows } from './typed-change.ts'
import { chunkRows, type Plan, rowsOf } from './typed-chunks.ts'
import { type AskedElements, askForElements, readAskedElements } from './typed-element.ts'
import { beginPids, type HeldPids, readPids, recordPids } from './typed-pids.ts'
import { type LinesToShred, type TextLayers, TypedTable } from './typed-table.ts'

/** What deriving did to one type's table. */
export interface DerivedTable {
  readonly type: string
  readonly table: string
  readonly how: 'built' | 'changed rows' | 'unchanged'
  /** Rows written. */
  readonly rows: number
}

export interface DeriveOptions {
  /** Build every table anew, whatever changed. */
  readonly rebuild?: boolean
  onRows?(rows: number): void
}

/** Of a type with more rows than this, one half is written while the other is shredded. */
const undividedRows = 122_880
/** Where more than this share changed, building anew is cheaper, and sorts the table. */
const rebuildShare = 0.4

/**
 * Sees to it that typed tables hold these elements for all current resources: what no column held is asked for, now
 * and for all later derivations, and its tables are built anew from raw. A type without resources gets an empty table.
 * Returns the tables that were brought up to it; none where all was held.
 */
export async function holdElements(
  session: Session,
  asked: readonly AskedElements[],
  options: Pick<DeriveOptions, 'onRows'> = {},
): Promise<DerivedTable[]> {
  await askForElements(session, asked)
  if (await areHeld(session, asked)) return []
  return (await deriveTyped(session, options)).filter(({ how }) => how !== 'unchanged')
}

async function areHeld(session: Session, asked: readonly AskedElements[]): Promise<boolean> {
  const states = await session.all<{ type: string; hash: string }>('SELECT type, shape_hash AS hash FROM typed_state')
  const hashes = new Map(states.map(({ type, hash }) => [type, hash]))
  const tables = new Map((await askedTables(session)).map((table) => [table.type, table]))
  return asked.every(({ type }) => tables.get(type)?.hash === hashes.get(type))
}

/** The tables that there are to be, as wide as was asked for. */
async function askedTables(session: Session): Promise<readonly TypedTable[]> {
  const asked = await readAskedElements(session)
  const layers = await textLayers(session)
  return typedResourceTypes.flatMap((type) => {
    const elements = asked.get(type)
    if (elements === undefined) return []
    const fields = (typedFields(type) ?? []).filter(({ name }) => elements.has(name))
    return [new TypedTable(type, fields, layers)]
  })
}

/** One type's table, as wide as was asked for; undefined where nobody asked for it. */
export async function askedTable(session: Session, type: string): Promise<TypedTable | undefined> {
  return (await askedTables(session)).find((table) => table.type === type)
}

async function textLayers(session: Session): Promise<TextLayers> {
  const row = await session.first<TextLayers>(
    `SELECT EXISTS (SELECT 1 FROM resolved_line) AS resolved, EXISTS (SELECT 1 FROM mapped_line) AS mapped`,
  )
  return row ?? { resolved: true, mapped: true }
}

/**
 * Brings the typed tables (`typed_<type>`), with the elements that were asked for, up to the current raw lines and to
 * source_patient.pid: a table is built aside where it is missing or its columns changed, and then takes the old one's
 * place; else only changed rows are written. Each chunk is one transaction. While a chunk is written, the next is shredded: the
 * largest table first, so that little is written when nothing is left to shred.
 */
export async function deriveTyped(session: Session, options: DeriveOptions = {}): Promise<DerivedTable[]> {
  await session.run(`ATTACH IF NOT EXISTS ':memory:' AS scratch`)
  const dictionary = await ConceptDictionary.open(session)
  const pids = await readPids(session)
  const plans = await planTables(session, options, pids)
  const rows = new Map<Plan, number>()
  const least = Math.min(...plans.filter(({ how }) => how === 'changed rows').map(({ since }) => since))
  // Whose person is another is among what is to be written, and did not change.
  const isRecent = pids.mayDiffer === undefined && (await areRecent(session, least))
  const work = { session, dictionary, rows, isRecent, onRows: (written: number) => options.onRows?.(written) }
  if (plans.some(({ how }) => how !== 'unchanged')) {
    await beginPids(session, pids)
    const shredder = await session.sibling()
    try {
      await inLineOrder(session, async (expect) => {
        await expect(rowsOf(plans))
        await buildTables(work, shredder, plans)
        await changeRows(work, shredder, plans)
      })
    } finally {
      shredder.close()
    }
  }
  await recordPids(session, pids)
  return plans.map((plan) => ({
    type: plan.table.type,
    table: plan.table.name,
    how: plan.how,
    rows: rows.get(plan) ?? 0,
  }))
}

/** What each table had been made of. */
interface TableState {
  readonly type: string
  readonly hash: string
  readonly seq: number
}

async function planTables(session: Session, options: DeriveOptions, pids: HeldPids): Promise<Plan[]> {
  const states = await session.all<TableState>('SELECT type, shape_hash AS hash, derived_seq AS seq FROM typed_state')
  const stateOf = (table: TypedTable) =>
    options.rebuild === true ? undefined : states.find(({ type, hash }) => type === table.type && hash === table.hash)
  const tables = await askedTables(session)
  const known = tables.flatMap((table) => {
    const since = stateOf(table)?.seq ?? 0
    return since === 0 ? [] : [{ table, since }]
  })
  const changed = await findChanged(session, known, pids)
  const areFew = known.length === tables.length && (await areRecent(session))
  const counts = areFew ? await countRows(session, tables) : await countTypes(session)
  const plans: Plan[] = []
  for (const table of tables) {
    const state = stateOf(table)
    const count = counts.get(table.type) ?? none
    // Of a table that was made before anything was published all is new.
    const rows = state?.seq === 0 ? count.all : (changed.get(table.type) ?? 0)
    const all = Math.max(rows, count.all)
    if (state === undefined || rows > all * rebuildShare)
      plans.push({ table, how: 'built', lines: await chunksOf(session, table.type, count), rows: all, since: 0 })
    else plans.push({ table, how: rows === 0 ? 'unchanged' : 'changed rows', lines: [], rows, since: state.seq })
  }
  return plans
}

/** The resources of a type, and where those of patients lie; without `alone` that is not known. */
interface TypeCount {
  readonly all: number
  /** Of no patient. */
  readonly alone?: number
  readonly low?: number | null
  readonly high?: number | null
}

const none: TypeCount = { all: 0, alone: 0, low: null, high: null }

/** How many resources each table holds, which is known without looking at them. */
async function countRows(session: Session, tables: readonly TypedTable[]): Promise<ReadonlyMap<string, TypeCount>> {
  if (tables.length === 0) return new Map()
  const counts = tables.map(({ type, name }) => `SELECT '${type}' AS type, count(*)::DOUBLE AS "all" FROM ${name}`)
  return byType(await session.all(counts.join(' UNION ALL ')))
}

async function countTypes(session: Session): Promise<ReadonlyMap<string, TypeCount>> {
  return byType(
    await session.all(
      `SELECT type, count(*)::DOUBLE AS "all", (count(*) - count(spid))::DOUBLE AS alone, min(spid) AS low, max(spid) AS high
       FROM resource_current GROUP BY type`,
    ),
  )
}

const byType = (rows: readonly (TypeCount & { readonly type: string })[]): ReadonlyMap<string, TypeCount> =>
  new Map(rows.map((row) => [row.type, row]))

/** Makes `scratch.typed_change (type, rid)`, what changed since each table was made; how many of each type. */
async function findChanged(
  session: Session,
  known: readonly { readonly table: TypedTable; readonly since: number }[],
  { mayDiffer }: HeldPids,
): Promise<ReadonlyMap<string, number>> {
  const since = known.map((one) => `('${one.table.type}', ${one.since})`)
  // Written out: only so does DuckDB prune.
  const least = Math.min(...known.map((one) => one.since))
  const moved = mayDiffer === undefined ? [] : known.map(({ table }) => movedSql(table, mayDiffer))
  const from = (await areRecent(session, least)) ? recentLines : 'resource_current'
  const facts = `SELECT c.type, c.rid FROM ${from} c JOIN (VALUES ${since.join(', ')}) s(type, since)
    ON s.type = c.type AND c.changed_seq > s.since WHERE c.changed_seq > ${least}`
  await session.run(
    known.length === 0
      ? 'CREATE OR REPLACE TABLE scratch.typed_change (type VARCHAR, rid BIGINT)'
      : `CREATE OR REPLACE TABLE scratch.typed_change AS ${[facts, ...moved].join(' UNION ')}`,
  )
  const rows = await session.all<{ type: string; n: number }>(
    'SELECT type, count(*)::DOUBLE AS n FROM scratch.typed_change GROUP BY type',
  )
  return new Map(rows.map((row) => [row.type, row.n]))
}

const movedSql = ({ type, name }: TypedTable, whose: string): string =>
  `SELECT '${type}', t.rid FROM ${name} t JOIN source_patient p ON p.spid = t.spid
   WHERE ${whose} AND t.pid <> coalesce(p.pid, p.spid)`

/** What parts the type's resources into runs of neighbours; at least one. */
async function chunksOf(session: Session, type: string, count: TypeCount): Promise<LinesToShred[]> {
  if (count.alone === undefined) return chunksOf(session, type, (await countTypes(session)).get(type) ?? none)
  const { all, alone, low = null, high = null } = count
  const size = all > undividedRows ? Math.min(chunkRows, Math.ceil(all / 2)) : undividedRows
  const whole = low === null || high === null ? [] : [{ low, high }]
  const rows = all > undividedRows ? await runsOf(session, type, size) : whole
  const parts = Math.ceil(alone / size)
  const conditions = [
    ...Array.from({ length: parts }, (_, part) => `c.spid IS NULL AND l.spid IS NULL AND c.rid % ${parts} = ${part}`),
    ...rows.map((run) => {
      const between = `BETWEEN ${run.low} AND ${run.high}`
      return `c.spid ${between} AND l.spid ${between}`
    }),
  ]
  return (conditions.length === 0 ? ['false'] : conditions).map((condition) => ({ kind: 'range', condition }) as const)
}

/** Patients from one to another who have about so many resources of a type. */
function runsOf(
  session: Session,
  type: string,
  size: number,
): Promise<{ readonly low: number; readonly high: number }[]> {
  return session.all(
    `SELECT min(spid) AS low, max(spid) AS high FROM (
       SELECT spid, (sum(n) OVER (ORDER BY spid) - 1) // ${size} AS chunk
       FROM (SELECT spid, count(*) AS n FROM resource_current WHERE type = $type AND spid IS NOT NULL GROUP BY spid))
     GROUP BY chunk ORDER BY low`,
    { type },
  )
}
