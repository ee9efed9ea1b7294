import type { Session } from '../duck/index.ts'

/** How often a value stands in an element of the current resources of a type, by source. `value` is JSON text. */
export interface ElementCount {
  readonly type: string
  /** A JSON path such as `$.code`. */
  readonly path: string
  readonly source: string
  readonly value: string
  readonly count: number
}

/** The elements that are counted, by type. */
export type CountedElements = ReadonlyMap<string, readonly string[]>

/** The number of the newest publication of resources; 0 before the first. */
export async function readPublishedSequence(session: Session): Promise<number> {
  const row = await session.first<{ seq: number }>('SELECT coalesce(max(published_seq), 0)::INTEGER AS seq FROM job')
  return row?.seq ?? 0
}

/**
 * Counts anew the elements of each type of which resources were published since it was last counted, in one pass over
 * the type's lines; every type is a transaction of its own, so what was begun need not be begun again. Give a session
 * that nobody else uses: it reads all of their text.
 */
export async function refreshElementCounts(session: Session, elements: CountedElements): Promise<void> {
  const states = await session.all<{ type: string; published: number; counted: number | null; paths: string | null }>(
    `SELECT c.type, c.published, s.counted_seq AS counted, s.paths
     FROM (SELECT type, max(changed_seq) AS published FROM resource_current GROUP BY type) c
     LEFT JOIN element_value_state s USING (type) ORDER BY type`,
  )
  for (const { type, published, counted, paths: known } of states) {
    const asked = elements.get(type)
    if (asked === undefined) continue
    const paths = asked.map((path) => `'${path}'`).join()
    if (published === counted && paths === known) continue
    await session.transaction(async () => {
      await session.run('DELETE FROM element_value WHERE type = $type', { type })
      await session.run(
        `INSERT INTO element_value
         SELECT $type, path, source, value, count(*)::INTEGER FROM (
           SELECT s.name AS source, unnest([${paths}]) AS path,
             unnest(json_extract(l.raw, [${paths}]))::VARCHAR AS value
           FROM resource_current c JOIN raw_line l ON l.rid = c.rid AND l.hash = c.hash
           JOIN source s ON s.source_id = c.source_id
           WHERE c.type = $type AND l.type = $type AND NOT c.deleted)
         WHERE value IS NOT NULL GROUP BY ALL`,
        { type },
      )
      await session.run('INSERT OR REPLACE INTO element_value_state VALUES ($type, $published, $paths)', {
        type,
        published,
        paths,
      })
    })
  }
}

/** What was counted last. */
export function readElementCounts(session: Session): Promise<ElementCount[]> {
  return session.all<ElementCount>('FROM element_value ORDER BY ALL')
}
