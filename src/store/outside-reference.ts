import type { Session } from '../duck/index.ts'
import {
  derivedBasis,
  derivedUpTo,
  findChangedLines,
  linesSince,
  publishedUpTo,
  recordDerived,
} from './derived-state.ts'
import { resolvedText } from './resolved-line.ts'
import { ridSql } from './rid.ts'

/**
 * Brings `outside_reference` up to the current lines: which resources of patients refer to what types of which some resources
 * are of no patient. Lines are read once; after that only those that changed, as long as no further type is of that kind.
 */
export async function followReferences(session: Session): Promise<void> {
  return session.transaction(() => followAll(session))
}

async function followAll(session: Session): Promise<void> {
  if (await isFollowed(session)) return
  const types = await outsideTypes(session)
  if (types.length === 0) return
  const basis = types.join(' ')
  const since = await derivedUpTo(session, 'references', basis)
  if (since > 0) await findChangedLines(session, since, 'true')
  await session.run(
    since === 0
      ? 'DELETE FROM outside_reference'
      : 'DELETE FROM outside_reference WHERE rid IN (SELECT rid FROM temp.changed_line)',
  )
  const mentions = types.map((type) => `contains(reference, '${type}/')`).join(' OR ')
  await session.run(
    `CREATE OR REPLACE TEMP TABLE reference_read AS
     SELECT * FROM (SELECT c.rid, c.spid, c.source_id, unnest(json_extract_string(${resolvedText}, '$..reference')) AS reference
       FROM ${linesSince(since, 'c.spid IS NOT NULL')}) WHERE ${mentions}`,
  )
  // Many refer to the same: each text is taken apart once. A condition on what comes of it would be carried to each row.
  await session.run(
    `CREATE OR REPLACE TEMP TABLE reference_target AS
     SELECT source_id, reference, local[2] <> '' AS is_local, ${ridSql('s.name', 'local[1]', 'local[2]')} AS target
     FROM (SELECT source_id, reference, regexp_extract(reference, '^(?:[^#]*/)?(${types.join('|')})/([^/?|\\s]+)', ['1', '2']) AS named,
         [named['1'], named['2']] AS local
       FROM (SELECT DISTINCT source_id, reference FROM temp.reference_read)) JOIN source s USING (source_id)`,
  )
  await session.run(
    `INSERT INTO outside_reference SELECT r.rid, r.spid, t.target FROM temp.reference_read r
     JOIN temp.reference_target t ON t.source_id = r.source_id AND t.reference = r.reference WHERE t.is_local`,
  )
  for (const table of ['read', 'target']) await session.run(`DROP TABLE temp.reference_${table}`)
  await recordDerived(session, 'references', basis)
}

/** Without a publication since, nothing that references are read by is other than it was. */
async function isFollowed(session: Session): Promise<boolean> {
  const basis = await derivedBasis(session, 'references')
  return basis !== undefined && (await derivedUpTo(session, 'references', basis)) === (await publishedUpTo(session))
}

/** The types of which some resources are of no patient; deleted ones are among them, so that a type stays what it once was. */
async function outsideTypes(session: Session): Promise<string[]> {
  const rows = await session.all<{ type: string }>(
    'SELECT DISTINCT type FROM resource_current WHERE spid IS NULL ORDER BY type',
  )
  return rows.map(({ type }) => type)
}

/** Adds to `temp.new_change` who refers to a resource of no patient that changed after a publication. */
export async function findReferrers(session: Session, since: number): Promise<void> {
  await session.run(
    `INSERT INTO temp.new_change SELECT DISTINCT 'facts', r.spid, NULL::INTEGER FROM outside_reference r
     SEMI JOIN (SELECT rid FROM resource_current WHERE spid IS NULL AND changed_seq > ${since}) o ON o.rid = r.target`,
  )
}
