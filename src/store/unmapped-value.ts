import type { Session } from '../duck/index.ts'

/** Something in the data that no measure reads; `candidates` is JSON text. */
export interface UnmappedRow {
  readonly kind: string
  readonly type: string
  readonly source: string
  readonly system: string
  readonly value: string
  readonly display: string | null
  readonly count: number
  readonly candidates: string
}

/** What the list was made of: a publication of resources, and a hash of all that measures read. */
export interface UnmappedState {
  readonly countedSeq: number
  readonly readHash: string
}

/** What the stored list was made of; undefined before the first. */
export function readUnmappedState(session: Session): Promise<UnmappedState | undefined> {
  return session.first<UnmappedState>('SELECT counted_seq AS "countedSeq", read_hash AS "readHash" FROM unmapped_state')
}

/** The stored list, in its order. */
export function readUnmappedRows(session: Session): Promise<UnmappedRow[]> {
  return session.all<UnmappedRow>(
    `SELECT kind, type, source, system, value, display, count, candidates::VARCHAR AS candidates
     FROM unmapped_value ORDER BY position`,
  )
}

const rowShape = JSON.stringify([
  {
    kind: 'VARCHAR',
    type: 'VARCHAR',
    source: 'VARCHAR',
    system: 'VARCHAR',
    value: 'VARCHAR',
    display: 'VARCHAR',
    count: 'INTEGER',
    candidates: 'VARCHAR',
  },
])

/** Puts a list in the place of the stored one; seen as a whole or not at all. */
export function replaceUnmappedRows(
  session: Session,
  { countedSeq, readHash }: UnmappedState,
  rows: readonly UnmappedRow[],
): Promise<void> {
  return session.transaction(async () => {
    await session.run('DELETE FROM unmapped_value')
    for (let start = 0; start < rows.length; start += 5000) {
      await session.run(
        `INSERT INTO unmapped_value
         SELECT $start + i, r.kind, r.type, r.source, r.system, r.value, r.display, r.count, r.candidates::JSON
         FROM (SELECT generate_subscripts(l, 1) AS i, unnest(l) AS r FROM (SELECT from_json($rows::JSON, $shape) AS l))`,
        { start, rows: JSON.stringify(rows.slice(start, start + 5000)), shape: rowShape },
      )
    }
    await session.run('DELETE FROM unmapped_state')
    await session.run('INSERT INTO unmapped_state VALUES ($countedSeq, $readHash)', { countedSeq, readHash })
  })
}
