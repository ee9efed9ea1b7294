import type { Session } from '../duck/index.ts'

/** Elements of a resource type that somebody reads. */
export interface AskedElements {
  readonly type: string
  readonly elements: readonly string[]
}

/** An element of every typed table: with it a type is asked for of which logic reads no other. */
const always = 'id'

/** Asks that typed tables hold these elements from the next derivation on. */
export async function askForElements(session: Session, asked: readonly AskedElements[]): Promise<void> {
  const known = await readAskedElements(session)
  const fresh = asked.flatMap(({ type, elements }) =>
    [always, ...elements].filter((element) => known.get(type)?.has(element) !== true).map((element) => [type, element]),
  )
  if (fresh.length === 0) return
  await session.run(
    `INSERT OR IGNORE INTO typed_element
     SELECT DISTINCT u[1], u[2] FROM (SELECT unnest(from_json($rows::JSON, '[["VARCHAR"]]')) AS u)`,
    { rows: JSON.stringify(fresh) },
  )
}

/** All that was asked for, by type. */
export async function readAskedElements(session: Session): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const rows = await session.all<{ type: string; elements: string[] }>(
    'SELECT type, list(element) AS elements FROM typed_element GROUP BY type',
  )
  return new Map(rows.map(({ type, elements }) => [type, new Set(elements)]))
}
