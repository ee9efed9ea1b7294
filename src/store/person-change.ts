import type { Session } from '../duck/index.ts'
import { findReferrers, followReferences } from './outside-reference.ts'
import { readOutside } from './population.ts'
import { dataSnapshot } from './run-snapshot.ts'

/** Whom a change of the data touches, in pids of now, each list ascending. */
export interface ChangedPersons {
  /** Their facts, or who they are, changed, or they came to count: their results are to be made anew. */
  readonly changed: readonly number[]
  /** Only their provider or practice changed: their results stand, and belong to somebody else. */
  readonly attributed: readonly number[]
  /** Pids that are nobody's any more, or of persons who do not count any more: their results are to be dropped. */
  readonly gone: readonly number[]
}

/** Who everybody is, whether they count, and a number for all that is said of who cares for them. */
const present = `
  SELECT p.spid, coalesce(p.pid, p.spid) AS pid, coalesce(p.pid, p.spid) IN (SELECT pid FROM population) AS counted, a.attribution
  FROM source_patient p LEFT JOIN (
    SELECT pid, bit_xor(hash(npi, provider_name, tin, practice, source_id)) AS attribution FROM attribution GROUP BY pid
  ) a ON a.pid = coalesce(p.pid, p.spid)`

/**
 * Records that the data are complete as they are, and who became different since they last were; call it when a load
 * and all that is derived from it are done, or will be by the end of `derived`, whose fault is thrown. One transaction: a process
 * that is killed before leaves the comparison to the next call. Without a change nothing is written. Returns how many source
 * patients changed.
 */
export async function recordDataState(
  session: Session,
  derived: Promise<unknown> = Promise.resolve(),
): Promise<number> {
  return session.transaction(async () => {
    const last = await session.first<LastState>(
      'SELECT state_id AS state, published_seq AS seq, outside FROM data_state ORDER BY state_id DESC LIMIT 1',
    )
    const outside = await readOutside(session)
    const now = await session.first<{ seq: number }>('SELECT coalesce(max(published_seq), 0)::INTEGER AS seq FROM job')
    const seq = now?.seq ?? 0
    await findChanges(session, last?.seq)
    const found = await session.first<{ spids: number }>(
      'SELECT count(DISTINCT spid)::INTEGER AS spids FROM temp.new_change',
    )
    const spids = found?.spids ?? 0
    const isOther = spids > 0 || seq !== last?.seq || outside !== last.outside
    const snapshot = isOther ? await dataSnapshot(session) : undefined
    // Whoever finds the state there is to find all that it is of.
    await derived
    if (snapshot !== undefined) {
      const state = (last?.state ?? 0) + 1
      await session.run('INSERT INTO person_change SELECT $state, kind, spid, former_pid FROM temp.new_change', {
        state,
      })
      await followBase(session)
      await session.run('INSERT INTO data_state VALUES ($state, $snapshot, $seq, now()::TIMESTAMP, $outside)', {
        state,
        snapshot,
        seq,
        outside,
      })
    }
    for (const table of ['new_change', 'present']) await session.run(`DROP TABLE temp.${table}`)
    return spids
  })
}

interface LastState {
  readonly state: number
  readonly seq: number
  readonly outside: string
}

/** Brings `change_base` up to `present`: of everybody of whom it says something else, or nothing. */
async function followBase(session: Session): Promise<void> {
  const others = `SELECT spid FROM temp.new_change WHERE kind <> 'facts'`
  await session.run(`DELETE FROM change_base WHERE spid IN (${others})`)
  await session.run(`INSERT INTO change_base FROM temp.present WHERE spid IN (${others})`)
}

/** What changed since the data were last complete: after which publication, and how many resources; all where they never were. */
export async function readChanged(session: Session): Promise<{ readonly since: number; readonly resources: number }> {
  const last = await session.first<{ seq: number }>(
    'SELECT coalesce(max(published_seq), 0)::INTEGER AS seq FROM data_state',
  )
  const since = last?.seq ?? 0
  // Written out: only so does DuckDB prune.
  const changed = await session.first<{ n: number }>(
    `SELECT count(*)::DOUBLE AS n FROM resource_current WHERE changed_seq > ${since}`,
  )
  return { since, resources: changed?.n ?? 0 }
}

async function findChanges(session: Session, since: number | undefined): Promise<void> {
  await session.run(`CREATE OR REPLACE TEMP TABLE present AS ${present}`)
  await session.run(
    `CREATE OR REPLACE TEMP TABLE new_change AS
     SELECT DISTINCT 'facts' AS kind, spid, NULL::INTEGER AS former_pid FROM resource_current
     WHERE spid IS NOT NULL AND changed_seq > ${since ?? 0}
     UNION SELECT 'facts', spid, NULL FROM left_patient WHERE published_seq > ${since ?? 0}
     UNION ALL SELECT 'identity', n.spid, CASE WHEN b.counted THEN b.pid END FROM temp.present n LEFT JOIN change_base b USING (spid)
     WHERE b.pid IS DISTINCT FROM n.pid
     UNION ALL SELECT 'population', n.spid, CASE WHEN b.counted THEN b.pid END FROM temp.present n JOIN change_base b USING (spid)
     WHERE n.counted <> b.counted
     UNION ALL SELECT 'attribution', n.spid, NULL FROM temp.present n JOIN change_base b USING (spid)
     WHERE n.attribution IS DISTINCT FROM b.attribution`,
  )
  await followReferences(session)
  // Of the first state everybody is new.
  if (since !== undefined) await findReferrers(session, since)
}

/**
 * Whom the changes since a snapshot (as a run is stamped with it) touch. Undefined where that snapshot is not known as
 * a complete state of the data, or the data are not complete now: then everybody is to be evaluated.
 */
export async function changedPersons(session: Session, sinceSnapshot: string): Promise<ChangedPersons | undefined> {
  if (!(await isDataComplete(session))) return undefined
  const since = await session.first<{ first: number | null; last: number | null }>(
    'SELECT min(state_id) AS first, max(state_id) AS last FROM data_state WHERE snapshot = $snapshot',
    { snapshot: sinceSnapshot },
  )
  if (since === undefined || since.last === null || since.first === null) return undefined
  // Equal facts may have come back; a snapshot says nothing of attribution, so of that the older state counts.
  const rows = await session.all<{ kind: keyof ChangedPersons; pids: number[] }>(
    `WITH change AS (
       SELECT kind, spid, former_pid FROM person_change
       WHERE state_id > CASE WHEN kind = 'attribution' THEN $first ELSE $last END),
     pids AS (SELECT spid, coalesce(pid, spid) AS pid FROM source_patient),
     counted AS MATERIALIZED (SELECT pid FROM population),
     changed AS (
       SELECT p.pid FROM change c JOIN pids p USING (spid) WHERE c.kind <> 'attribution'
       UNION SELECT c.former_pid FROM change c)
     SELECT kind, list(pid ORDER BY pid) AS pids FROM (
       SELECT 'changed' AS kind, pid FROM changed WHERE pid IN (SELECT pid FROM counted)
       UNION SELECT 'attributed', p.pid FROM change c JOIN pids p USING (spid)
         WHERE c.kind = 'attribution' AND p.pid IN (SELECT pid FROM counted)
           AND p.pid NOT IN (SELECT pid FROM changed WHERE pid IS NOT NULL)
       UNION SELECT 'gone', former_pid FROM change
         WHERE former_pid IS NOT NULL AND former_pid NOT IN (SELECT pid FROM counted))
     GROUP BY kind`,
    { first: since.first, last: since.last },
  )
  const of = (kind: keyof ChangedPersons) => rows.find((row) => row.kind === kind)?.pids ?? []
  return { changed: of('changed'), attributed: of('attributed'), gone: of('gone') }
}

/**
 * True where all that was published is also resolved, typed and attributed, with the sources that take part now: no refresh
 * was stopped half-way.
 */
export async function isDataComplete(session: Session): Promise<boolean> {
  const row = await session.first<{ complete: boolean }>(
    `SELECT (SELECT coalesce(max(published_seq), 0) FROM job) =
            (SELECT coalesce(max(published_seq), 0) FROM data_state)
          AND coalesce((SELECT outside FROM data_state ORDER BY state_id DESC LIMIT 1), $outside) = $outside AS complete`,
    { outside: await readOutside(session) },
  )
  return row?.complete === true
}
