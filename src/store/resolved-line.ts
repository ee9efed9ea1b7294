import type { Session } from '../duck/index.ts'

/**
 * Within a Bundle resources refer to each other by the URN of an entry (`urn:uuid:...`), which means nothing outside of it
 * (http://hl7.org/fhir/R4/bundle.html#references). `resolved_line` holds the text of such a line with its references as
 * `Type/id`, where the URN is of the same load; raw_line stays as it was received.
 */
export const resolvedJoin = 'LEFT JOIN resolved_line u ON u.rid = l.rid AND u.hash = l.hash'
/** The text that references are read from, of `raw_line l` after `resolvedJoin`. */
export const resolvedText = 'coalesce(u.raw, l.raw)'

/** Makes `block_resolved (row_no, line)`, the lines of `block_text` that refer by one of these URNs. */
export async function resolveBlock(session: Session, urns: ReadonlyMap<string, string>): Promise<void> {
  await session.run(
    `CREATE OR REPLACE TEMP TABLE block_urn AS SELECT u ->> 0 AS urn, u ->> 1 AS target FROM (SELECT unnest($urns::JSON::JSON[]) AS u)`,
    { urns: JSON.stringify([...urns]) },
  )
  // One URN after the other takes the place of itself, and only where it is a reference: as an identifier it stays.
  await session.run(
    `CREATE OR REPLACE TEMP TABLE block_resolved AS
     SELECT f.row_no, list_reduce(list_prepend(any_value(t.line), list('"' || f.urn || '" "' || b.target || '"')), lambda text, pair:
       regexp_replace(text, '("reference"\\s*:\\s*)' || regexp_escape(split_part(pair, ' ', 1)), '\\1' || split_part(pair, ' ', 2), 'g')) AS line
     FROM (SELECT rowid AS row_no,
         unnest(list_distinct(regexp_extract_all(line, '"reference"\\s*:\\s*"(urn:[^"\\s]+)"', 1))) AS urn
       FROM block_text WHERE contains(line, '"urn:')) f
     JOIN block_urn b ON b.urn = f.urn JOIN block_text t ON t.rowid = f.row_no GROUP BY f.row_no`,
  )
}

/** Keeps the lines of the block that were resolved, within the transaction that stores it. */
export async function storeResolved(session: Session): Promise<void> {
  await session.run(
    `INSERT INTO resolved_line SELECT k.rid, k.hash, r.line FROM block_good k JOIN block_resolved r ON r.row_no = k.row_no
     WHERE NOT k.copy AND NOT EXISTS (SELECT 1 FROM resolved_line o WHERE o.rid = k.rid AND o.hash = k.hash)`,
  )
}
