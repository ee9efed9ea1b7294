import { invariant } from '../base/index.ts'
import type { Session } from '../duck/index.ts'
import { typedFields, typedResourceTypes } from '../fhir/index.ts'
import { ConceptDictionary } from './concept-dictionary.ts'
import { inLineOrder } from './resource-load.ts'
import { type AskedElements, askForElements, readAskedElements } from './typed-element.ts'
import { type LinesToShred, type Shredded, type TextLayers, TypedTable } from './typed-table.ts'

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

/** Rows shredded at once: two row groups, so that they go straight to the file and not by the log; some hundred MB. */
const chunkRows = 245_760
/** Where more than this share changed, building anew is cheaper, and sorts the table. */
const rebuildShare = 0.2

/** A run of a type's resources, to be shredded. */
interface Chunk {
  readonly plan: Plan
  readonly lines: LinesToShred
}

/** What is to be done for one type. */
interface Plan {
  readonly table: TypedTable
  readonly how: DerivedTable['how']
  readonly lines: readonly LinesToShred[]
}

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

async function textLayers(session: Session): Promise<TextLayers> {
  const row = await session.first<TextLayers>(
    `SELECT EXISTS (SELECT 1 FROM resolved_line) AS resolved, EXISTS (SELECT 1 FROM mapped_line) AS mapped`,
  )
  return row ?? { resolved: true, mapped: true }
}

/**
 * Brings the typed tables (`typed_<type>`), with the elements that were asked for, up to the current raw lines and to
 * source_patient.pid: a table is built aside where it is missing or its columns changed, and then takes the old one's
 * place; else only changed rows are written. Each chunk is one transaction. While a chunk is written, the next is
 * shredded.
 */
export async function deriveTyped(session: Session, options: DeriveOptions = {}): Promise<DerivedTable[]> {
  await session.run(`ATTACH IF NOT EXISTS ':memory:' AS scratch`)
  const dictionary = await ConceptDictionary.open(session)
  const plans = await planTables(session, options)
  const chunks = plans.flatMap((plan) => plan.lines.map((lines) => ({ plan, lines })))
  const derived: DerivedTable[] = []
  const shredder = await session.sibling()
  try {
    await inLineOrder(session, async () => {
      const shredded = shredAhead(shredder, chunks)
      try {
        for (const plan of plans) {
          const rows = plan.lines.length === 0 ? 0 : await writeTable(session, dictionary, plan, shredded, options)
          derived.push({ type: plan.table.type, table: plan.table.name, how: plan.how, rows })
        }
      } finally {
        await shredded.return(undefined)
      }
    })
  } finally {
    shredder.close()
  }
  return derived
}

/** Shreds one chunk ahead of the one that is being written, each into one of two tables in turn. */
async function* shredAhead(shredder: Session, chunks: readonly Chunk[]): AsyncGenerator<Shredded, void, void> {
  const start = async (index: number): Promise<Shredded | undefined> => {
    const chunk = chunks[index]
    return chunk === undefined ? undefined : await chunk.plan.table.shred(shredder, tableOf(index), chunk.lines)
  }
  let ready = start(0)
  try {
    for (const index of chunks.keys()) {
      const shredded = await ready
      ready = start(index + 1)
      // Its fault is told when its turn comes; until then it must not count as unhandled.
      ready.catch(() => undefined)
      if (shredded !== undefined) yield shredded
    }
  } finally {
    await ready.catch(() => undefined)
    await dropShredded(shredder)
  }
}

const tableOf = (index: number): string => `scratch.shred_${index % 2}`

async function dropShredded(session: Session): Promise<void> {
  const tables = await session.all<{ name: string }>(
    `SELECT table_name AS name FROM duckdb_tables() WHERE database_name = 'scratch' AND starts_with(table_name, 'shred_')`,
  )
  for (const { name } of tables) await session.run(`DROP TABLE scratch."${name}"`)
}

/** Writes the table of one type from its chunks, which come next; how many rows. */
async function writeTable(
  session: Session,
  dictionary: ConceptDictionary,
  { table, how, lines }: Plan,
  shredded: AsyncGenerator<Shredded, void, void>,
  options: DeriveOptions,
): Promise<number> {
  const built = how === 'built'
  const into = built ? `${table.name}_new` : table.name
  if (built) await session.run(`DROP TABLE IF EXISTS ${into}`)
  let rows = 0
  for (let chunk = 0; chunk < lines.length; chunk++) {
    const next = await shredded.next()
    invariant(next.done !== true, `chunk ${chunk} of ${table.name} was shredded`)
    const written = await session.transaction(async () => {
      if (!built)
        await session.run(
          `DELETE FROM ${into} WHERE rid IN (SELECT rid FROM scratch.typed_change WHERE type = '${table.type}')`,
        )
      else if (chunk === 0) await table.create(session, into)
      const inserted = await table.write(session, dictionary, next.value, into)
      if (chunk < lines.length - 1) return inserted
      if (built) {
        await session.run(`DROP TABLE IF EXISTS ${table.name}`)
        await session.run(`ALTER TABLE ${into} RENAME TO ${table.name}`)
      }
      await remember(session, table)
      return inserted
    })
    rows += written
    options.onRows?.(written)
  }
  return rows
}

async function planTables(session: Session, options: DeriveOptions): Promise<Plan[]> {
  const present = await session.all<{ type: string; n: number }>(
    'SELECT type, count(*)::DOUBLE AS n FROM resource_current GROUP BY type',
  )
  const counts = new Map(present.map((row) => [row.type, row.n]))
  await session.run('CREATE OR REPLACE TABLE scratch.typed_change (type VARCHAR, rid BIGINT)')
  const plans: Plan[] = []
  for (const table of await askedTables(session))
    plans.push(await planTable(session, table, counts.get(table.type) ?? 0, options.rebuild === true))
  return plans
}

async function planTable(session: Session, table: TypedTable, count: number, rebuild: boolean): Promise<Plan> {
  const { type } = table
  const state = await session.first<{ shape_hash: string; derived_seq: number }>(
    'SELECT shape_hash, derived_seq FROM typed_state WHERE type = $type',
    { type },
  )
  if (rebuild || state === undefined || state.shape_hash !== table.hash)
    return { table, how: 'built', lines: await chunksOf(session, type) }
  const changed = await findChanged(session, table, state.derived_seq)
  if (changed === 0) return { table, how: 'unchanged', lines: [] }
  if (changed > count * rebuildShare) return { table, how: 'built', lines: await chunksOf(session, type) }
  const condition = `c.rid IN (SELECT rid FROM scratch.typed_change WHERE type = '${type}')`
  return { table, how: 'changed rows', lines: [{ kind: 'rids', condition }] }
}

async function findChanged(session: Session, table: TypedTable, since: number): Promise<number> {
  const { type } = table
  await session.run(
    `INSERT INTO scratch.typed_change
     SELECT $type, rid FROM resource_current WHERE type = $type AND changed_seq > $since
     UNION SELECT $type, t.rid FROM ${table.name} t JOIN source_patient p ON p.spid = t.spid
     WHERE t.pid <> coalesce(p.pid, p.spid)`,
    { type, since },
  )
  const row = await session.first<{ n: number }>(
    'SELECT count(*)::DOUBLE AS n FROM scratch.typed_change WHERE type = $type',
    { type },
  )
  return row?.n ?? 0
}

/** What parts the type's resources into runs of neighbours; at least one. */
async function chunksOf(session: Session, type: string): Promise<LinesToShred[]> {
  const rows = await session.all<{ low: number; high: number }>(
    `SELECT min(spid) AS low, max(spid) AS high FROM (
       SELECT spid, sum(n) OVER (ORDER BY spid) // ${chunkRows} AS chunk
       FROM (SELECT spid, count(*) AS n FROM resource_current WHERE type = $type AND spid IS NOT NULL GROUP BY spid))
     GROUP BY chunk ORDER BY low`,
    { type },
  )
  const alone = await session.first<{ n: number }>(
    'SELECT count(*)::DOUBLE AS n FROM resource_current WHERE type = $type AND spid IS NULL',
    { type },
  )
  const parts = Math.ceil((alone?.n ?? 0) / chunkRows)
  const conditions = [
    ...Array.from({ length: parts }, (_, part) => `c.spid IS NULL AND l.spid IS NULL AND c.rid % ${parts} = ${part}`),
    ...rows.map(({ low, high }) => `c.spid BETWEEN ${low} AND ${high} AND l.spid BETWEEN ${low} AND ${high}`),
  ]
  return (conditions.length === 0 ? ['false'] : conditions).map((condition) => ({ kind: 'range', condition }))
}

async function remember(session: Session, table: TypedTable): Promise<void> {
  await session.run(
    `INSERT OR REPLACE INTO typed_state SELECT $type, $hash, coalesce(max(published_seq), 0) FROM job`,
    { type: table.type, hash: table.hash },
  )
}
