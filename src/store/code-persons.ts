import type { Session } from '../duck/index.ts'
import { resolvedJoin, resolvedText } from './resolved-line.ts'

/** More codes than these are no small change: a pattern of them costs more than it saves. */
const mostCodes = 2000

/** Codes whose JSON text is themselves between quotes. */
const plainCode = /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/

/**
 * Persons (pids of now) whose records hold one of these codes anywhere, in their own resources or in those that they
 * refer to: all whom a change of these codes' meaning can touch, and some more. Undefined where it cannot be told.
 */
export async function personsWithCodes(session: Session, codes: readonly string[]): Promise<number[] | undefined> {
  if (codes.length === 0) return []
  if (codes.length > mostCodes || !codes.every((code) => plainCode.test(code))) return undefined
  const pattern = `"(${codes.map(escaped).join('|')})"`
  await session.run(
    `CREATE OR REPLACE TEMP TABLE code_hit AS
     SELECT c.spid, c.source_id, c.type, c.id FROM resource_current c JOIN raw_line l ON l.rid = c.rid AND l.hash = c.hash
     WHERE NOT c.deleted AND regexp_matches(l.raw, $pattern)`,
    { pattern },
  )
  const types = await session.all<{ type: string }>('SELECT DISTINCT type FROM temp.code_hit WHERE spid IS NULL')
  const referrers = types.length === 0 ? '' : `UNION ${referrersSql}`
  const reference = `"reference"\\s*:\\s*"(?:[^"#]*/)?((?:${types.map(({ type }) => type).join('|')})/[A-Za-z0-9.-]+)`
  const rows = await session.all<{ pid: number }>(
    `SELECT DISTINCT coalesce(p.pid, p.spid) AS pid
     FROM (SELECT spid FROM temp.code_hit WHERE spid IS NOT NULL ${referrers}) h JOIN source_patient p USING (spid)
     WHERE coalesce(p.pid, p.spid) IN (SELECT pid FROM population) ORDER BY pid`,
    types.length === 0 ? {} : { reference },
  )
  await session.run('DROP TABLE temp.code_hit')
  return rows.map(({ pid }) => pid)
}

const escaped = (code: string): string => code.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`)

/** Those who refer to a patient-less resource (a Medication) that holds one. */
const referrersSql = `SELECT r.spid FROM (
    SELECT c.spid, c.source_id, unnest(regexp_extract_all(${resolvedText}, $reference, 1)) AS key
    FROM resource_current c JOIN raw_line l ON l.rid = c.rid AND l.hash = c.hash ${resolvedJoin} WHERE c.spid IS NOT NULL AND NOT c.deleted) r
  SEMI JOIN temp.code_hit o ON o.spid IS NULL AND o.source_id = r.source_id AND o.type || '/' || o.id = r.key`
