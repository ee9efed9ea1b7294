import type { Session } from '../duck/index.ts'
import { resolvedJoin } from './resolved-line.ts'

/** Tables that are kept beside the lines, each derived from some types of resources. */
export type DerivedName = 'patients' | 'visits' | 'attribution' | 'references' | 'faults' | 'persons' | 'typed pids'

/**
 * The publication up to which a table follows the lines, where it was made of the same otherwise (`basis`; `mayGrow`: what stands
 * behind it is of lines that came later); 0 where it is to be made anew from all lines.
 */
export async function derivedUpTo(
  session: Session,
  name: DerivedName,
  basis: string,
  { mayGrow = false } = {},
): Promise<number> {
  const same = mayGrow ? 'starts_with($basis, basis)' : 'basis = $basis'
  const state = await session.first<{ seq: number }>(
    `SELECT derived_seq AS seq FROM derived_state WHERE name = $name AND ${same}`,
    { name, basis },
  )
  return state?.seq ?? 0
}

/** What a table was made of; undefined where that is not known. */
export async function derivedBasis(session: Session, name: DerivedName): Promise<string | undefined> {
  const state = await session.first<{ basis: string }>('SELECT basis FROM derived_state WHERE name = $name', { name })
  return state?.basis
}

/** Has a table made anew. */
export async function forgetDerived(session: Session, name: DerivedName): Promise<void> {
  await session.run('DELETE FROM derived_state WHERE name = $name', { name })
}

/** Says that the table follows all that is published, in the transaction that brought it there. */
export async function recordDerived(session: Session, name: DerivedName, basis: string): Promise<void> {
  await session.run(
    'INSERT OR REPLACE INTO derived_state SELECT $name, $basis, coalesce(max(published_seq), 0) FROM job',
    { name, basis },
  )
}

/** What was looked up once for all that follows from it, by session: changes after one publication, up to another. */
const lookedUp = new WeakMap<Session, { readonly since: number; readonly upTo: number }>()

/** The table of what was looked up, as `temp.changed_line`; every session sees it. */
export const recentLines = 'scratch.recent_line'

/**
 * Looks up the resources that changed after a publication, with the rows of their lines, for all that is derived in the work: each
 * look-up goes through the keys of all lines.
 */
export async function withRecentLines<T>(session: Session, since: number, work: () => Promise<T>): Promise<T> {
  const upTo = await publishedUpTo(session)
  await session.run(`ATTACH IF NOT EXISTS ':memory:' AS scratch`)
  await lookUpRecent(session, since)
  lookedUp.set(session, { since, upTo })
  try {
    return await work()
  } finally {
    lookedUp.delete(session)
    // After a full disk the instance takes nothing any more; it is opened anew then.
    await session.run(`DROP TABLE ${recentLines}`).catch(() => undefined)
  }
}

/** As a rule all came with the jobs since, whose lines lie together; else, and of what was deleted, all lines are looked through. */
async function lookUpRecent(session: Session, since: number): Promise<void> {
  const changed = `c.changed_seq > ${since}`
  const files = await session.first<{ first: number | null }>(
    `SELECT min(f.file_id) AS first FROM source_file f JOIN job j USING (job_id) WHERE j.published_seq > ${since}`,
  )
  // Written out: only so does DuckDB prune.
  const lines = linesOf(changed, `l.file_id >= ${files?.first ?? 0}`)
  await session.run(`CREATE OR REPLACE TABLE ${recentLines} AS ${lines}`)
  const found = await session.first<{ all: boolean }>(
    `SELECT (SELECT count(*) FROM ${recentLines}) = (SELECT count(*) FROM resource_current c WHERE ${changed}) AS "all"`,
  )
  if (found?.all !== true) await session.run(`CREATE OR REPLACE TABLE ${recentLines} AS ${linesOf(changed)}`)
}

/** Has another session know what was looked up, within the same work. */
export function shareRecentLines(session: Session, other: Session): void {
  const known = lookedUp.get(session)
  if (known !== undefined) lookedUp.set(other, known)
}

/** Whether all that changed after a publication was looked up, and is as it was then; without one, whether anything was. */
export async function areRecent(session: Session, since = Number.POSITIVE_INFINITY): Promise<boolean> {
  const known = lookedUp.get(session)
  return known !== undefined && since >= known.since && (await publishedUpTo(session)) === known.upTo
}

/** The number of the newest publication. */
export async function publishedUpTo(session: Session): Promise<number> {
  const row = await session.first<{ seq: number }>('SELECT coalesce(max(published_seq), 0)::INTEGER AS seq FROM job')
  return row?.seq ?? 0
}

/** Looked up without the text: a join would read all of it. */
const linesOf = (condition: string, among = 'true'): string =>
  `SELECT c.*, l.rowid AS line_row FROM (SELECT * FROM resource_current c WHERE ${condition}) c
   JOIN raw_line l ON l.rid = c.rid AND l.hash = c.hash WHERE ${among}`

/**
 * Makes `temp.changed_line`: the resources for which a condition on `c` (resource_current) holds and that changed after a
 * publication, with the row of their line; deleted ones among them.
 */
export async function findChangedLines(session: Session, since: number, condition: string): Promise<void> {
  const changed = `c.changed_seq > ${since} AND ${condition}`
  const lines = (await areRecent(session, since)) ? `SELECT * FROM ${recentLines} c WHERE ${changed}` : linesOf(changed)
  await session.run(`CREATE OR REPLACE TEMP TABLE changed_line AS ${lines}`)
}

/** Current resources (`c`) of these types with their lines (`l`) and resolved lines (`u`): all, or of the changed ones those that live. */
export function linesSince(since: number, condition: string): string {
  return since === 0
    ? `resource_current c JOIN raw_line l ON l.rid = c.rid AND l.hash = c.hash ${resolvedJoin} WHERE NOT c.deleted AND ${condition}`
    : `temp.changed_line c JOIN raw_line l ON l.rowid = c.line_row ${resolvedJoin} WHERE NOT c.deleted AND ${condition}`
}
