import type { Session } from '../duck/index.ts'
import { resolvedJoin, resolvedText } from './resolved-line.ts'

/** A current resource that maps may have something to say of. */
export interface MappableLine {
  readonly rid: string
  readonly hash: string
  readonly pid: number | null
  readonly source: string
  readonly type: string
  readonly raw: string
}

/** Which lines may be mapped. */
export interface Mappable {
  /** Their text holds one of these values (of codes, texts or units), in any writing of case. */
  readonly values: readonly string[]
  /** They hold a moment near a change of month, and are of one of these sources. */
  readonly momentsOf: readonly string[]
}

/** A moment of the last or first days of a month, as JSON text holds it. */
const nearMonth = '-(01|28|29|30|31)T[0-9]{2}:'

/** Current resources that maps may have something to say of. */
export function streamMappable(session: Session, { values, momentsOf }: Mappable): AsyncGenerator<MappableLine[]> {
  return session.stream<MappableLine>(
    `SELECT c.rid::VARCHAR AS rid, c.hash::VARCHAR AS hash, coalesce(p.pid, p.spid) AS pid, s.name AS source, c.type, ${resolvedText} AS raw
     FROM resource_current c JOIN raw_line l ON l.rid = c.rid AND l.hash = c.hash JOIN source s ON s.source_id = c.source_id
     LEFT JOIN source_patient p ON p.spid = c.spid ${resolvedJoin}
     WHERE NOT c.deleted AND (regexp_matches(l.raw, $pattern)
       OR list_contains(from_json($sources::JSON, '["VARCHAR"]'), s.name) AND regexp_matches(l.raw, '${nearMonth}'))`,
    // Without values the pattern matches nothing.
    {
      pattern: values.length === 0 ? '[^\\s\\S]' : `(?i)(${values.map(patternOf).join('|')})`,
      sources: JSON.stringify(momentsOf),
    },
  )
}

/** A value as its JSON text may hold it; blanks may be any, quotes and backslashes are escaped there. */
const patternOf = (value: string): string =>
  JSON.stringify(value)
    .slice(1, -1)
    .replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`)
    .replaceAll(/\s+/g, String.raw`\s+`)

export type MappedLine = Pick<MappableLine, 'rid' | 'hash' | 'type' | 'raw'>

/**
 * Makes these the mapped lines. With `rederive`, the typed tables of types whose mapped lines are others now are
 * forgotten, so that the next derivation builds them anew. Returns the types that differ.
 */
export function replaceMappedLines(
  session: Session,
  lines: readonly MappedLine[],
  rederive: boolean,
): Promise<string[]> {
  return session.transaction(async () => {
    await session.run('CREATE OR REPLACE TEMP TABLE new_mapped AS FROM mapped_line LIMIT 0')
    for (let start = 0; start < lines.length; start += 5000) {
      await session.run(
        `INSERT INTO temp.new_mapped SELECT r.rid::BIGINT, r.hash::UHUGEINT, r.type, r.raw
         FROM (SELECT unnest(from_json($rows::JSON, '[{"rid":"VARCHAR","hash":"VARCHAR","type":"VARCHAR","raw":"VARCHAR"}]')) AS r)`,
        { rows: JSON.stringify(lines.slice(start, start + 5000)) },
      )
    }
    const types = await session.all<{ type: string }>(
      `SELECT DISTINCT type FROM ((FROM temp.new_mapped EXCEPT FROM mapped_line)
         UNION ALL (FROM mapped_line EXCEPT FROM temp.new_mapped)) ORDER BY type`,
    )
    await session.run('DELETE FROM mapped_line')
    await session.run('INSERT INTO mapped_line FROM temp.new_mapped')
    await session.run('DROP TABLE temp.new_mapped')
    for (const { type } of rederive ? types : [])
      await session.run('DELETE FROM typed_state WHERE type = $type', { type })
    return types.map(({ type }) => type)
  })
}
