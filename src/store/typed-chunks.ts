import { invariant } from '../base/index.ts'
import type { Session } from '../duck/index.ts'
import type { ConceptDictionary } from './concept-dictionary.ts'
import { type LinesToShred, lookUpLines, type Shredded, type TypedTable, type WrittenTo } from './typed-table.ts'

/** Rows shredded at once, at most: two row groups, so that they go straight to the file and not by the log; some hundred MB. */
export const chunkRows = 245_760

/** A run of a type's resources, to be shredded. */
export interface Chunk {
  readonly plan: Plan
  readonly lines: LinesToShred
  /** Which are to be looked up, by a condition on `c` (resource_current). */
  readonly lookUp?: string
}

/** What is to be done for one type. */
export interface Plan {
  readonly table: TypedTable
  readonly how: 'built' | 'changed rows' | 'unchanged'
  readonly lines: readonly LinesToShred[]
  /** To be shredded: resources of the type, or those of them that changed. */
  readonly rows: number
  /** The publication up to which the table is made; 0 where it is made anew. */
  readonly since: number
}

export const rowsOf = (plans: readonly Plan[]): number => plans.reduce((sum, { rows }) => sum + rows, 0)

/** What all tables are written with, and how many rows of each were. */
export interface Work {
  readonly session: Session
  readonly dictionary: ConceptDictionary
  readonly rows: Map<Plan, number>
  /** All resources of changed rows were looked up (`withRecentLines`). */
  readonly isRecent: boolean
  onRows(rows: number): void
}

/** Writes a chunk whose concepts are known, within the session's transaction. */
export async function write(session: Session, work: Work, plan: Plan, chunk: Shredded, to: WrittenTo): Promise<void> {
  const { dictionary, rows } = work
  const written = await plan.table.write(session, dictionary, chunk, to)
  rows.set(plan, (rows.get(plan) ?? 0) + written)
  work.onRows(written)
}

/** No more chunks than this are ahead, however small. */
const mostAhead = 6

/**
 * Shreds chunks ahead of the one that is asked for, one by each shredder at a time, each into one of so many tables in turn: so
 * many chunks (`chunksAhead`), or more that together are as few rows as one. When one is asked for, so many before it
 * (`unwritten`) may still be read.
 */
export async function* shredAhead(
  shredders: readonly Session[],
  chunks: readonly Chunk[],
  { chunksAhead, unwritten }: { readonly chunksAhead: number; readonly unwritten: number },
): AsyncGenerator<Shredded, void, void> {
  const ahead: { readonly rows: number; readonly table: string; readonly shredded: Promise<Shredded> }[] = []
  // A table is taken again as soon as it may be: what stands in it is large.
  const free = Array.from({ length: Math.max(mostAhead, chunksAhead) + 1 + unwritten }, (_, index) =>
    tableOf(String(index)),
  )
  const read: string[] = []
  const busy = shredders.map((shredder) => ({ shredder, last: Promise.resolve() as Promise<unknown> }))
  let begun = 0
  const begin = (chunk: Chunk) => {
    const turn = busy[begun % busy.length]
    const table = free.shift()
    invariant(turn !== undefined && table !== undefined, 'there is a shredder, and a table that nobody reads')
    const shredded = turn.last.then(() => shredChunk(turn.shredder, table, chunk))
    // Its fault is told when its turn comes; until then it must not count as unhandled.
    shredded.catch(() => undefined)
    ahead.push({ rows: rowsOfChunk(chunk), table, shredded })
    turn.last = shredded
    begun += 1
  }
  const isRoom = (chunk: Chunk) =>
    ahead.length < chunksAhead ||
    (ahead.length < mostAhead && ahead.reduce((sum, { rows }) => sum + rows, rowsOfChunk(chunk)) <= chunkRows)
  const beginSome = () => {
    for (let chunk = chunks[begun]; chunk !== undefined && isRoom(chunk); chunk = chunks[begun]) begin(chunk)
  }
  beginSome()
  try {
    for (let next = ahead.shift(); next !== undefined; next = ahead.shift()) {
      const shredded = await next.shredded
      free.unshift(...(read.length > unwritten ? read.splice(0, 1) : []))
      read.push(next.table)
      beginSome()
      yield shredded
    }
  } finally {
    await Promise.allSettled(busy.map(({ last }) => last))
    const [shredder] = shredders
    if (shredder !== undefined) await dropShredded(shredder)
  }
}

const rowsOfChunk = ({ plan }: Chunk): number => plan.rows / Math.max(1, plan.lines.length)

/** A chunk whose next turn it is. */
export async function nextOf(shredded: AsyncGenerator<Shredded, void, void>, table: TypedTable): Promise<Shredded> {
  const next = await shredded.next()
  invariant(next.done !== true, `the next chunk of ${table.name} was shredded`)
  return next.value
}

function shredChunk(shredder: Session, into: string, { plan, lines, lookUp }: Chunk): Promise<Shredded> {
  if (lookUp === undefined) return plan.table.shred(shredder, into, lines)
  return shredder.transaction(async () => {
    await lookUpLines(shredder, lookUp)
    return plan.table.shred(shredder, into, lines)
  })
}

export const tableOf = (name: string): string => `scratch.shred_${name}`

export async function dropShredded(session: Session): Promise<void> {
  const tables = await session.all<{ name: string }>(
    `SELECT table_name AS name FROM duckdb_tables() WHERE database_name = 'scratch' AND starts_with(table_name, 'shred_')`,
  )
  if (tables.length > 0) await session.run(tables.map(({ name }) => `DROP TABLE scratch."${name}";`).join('\n'))
}

/** Says that the tables of types are up to what is published. */
export async function remember(session: Session, tables: readonly TypedTable[]): Promise<void> {
  await session.run(
    `INSERT OR REPLACE INTO typed_state SELECT t.type, t.hash, (SELECT coalesce(max(published_seq), 0) FROM job)
     FROM (SELECT unnest(from_json($tables::JSON, '[{"type":"VARCHAR","hash":"VARCHAR"}]'), recursive := true)) t`,
    { tables: JSON.stringify(tables.map(({ type, hash }) => ({ type, hash }))) },
  )
}
