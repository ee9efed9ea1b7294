import type { Session } from '../duck/index.ts'
import type { Coding } from '../fhir/index.ts'

/** One expansion as a run reads it: members have folded systems and are distinct. */
export interface ValueSetEntry {
  readonly url: string
  readonly version?: string
  readonly title?: string
  readonly sha256: string
  readonly members: readonly Coding[]
}

const setShape =
  '[{"id":"INTEGER","url":"VARCHAR","version":"VARCHAR","title":"VARCHAR","sha256":"VARCHAR","members":"INTEGER"}]'
const memberShape = '[{"id":"INTEGER","system":"VARCHAR","code":"VARCHAR","display":"VARCHAR"}]'

/**
 * Makes these expansions the stored ones, all or nothing. Sets that are there with the same url, version and hash
 * stay as they are, so storing the same again writes nothing. A member without a system is kept with an empty one.
 */
export async function replaceValueSets(session: Session, entries: readonly ValueSetEntry[]): Promise<void> {
  await session.transaction(async () => {
    const stored = await session.all<StoredSet>(
      'SELECT value_set_id AS id, url, version, sha256 FROM value_set ORDER BY value_set_id',
    )
    const wanted = new Set(entries.map(keyOf))
    const gone = stored.filter((set) => !wanted.has(keyOf(set)))
    const kept = new Set(stored.map(keyOf))
    const fresh = entries.filter((entry) => !kept.has(keyOf(entry)))
    await deleteSets(
      session,
      gone.map(({ id }) => id),
    )
    if (fresh.length > 0) await insertSets(session, fresh, (stored.at(-1)?.id ?? 0) + 1)
  })
}

interface StoredSet {
  readonly id: number
  readonly url: string
  readonly version: string | null
  readonly sha256: string
}

const keyOf = (set: { readonly url: string; readonly version?: string | null; readonly sha256: string }): string =>
  JSON.stringify([set.url, set.version ?? null, set.sha256])

async function deleteSets(session: Session, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  for (const table of ['value_set_member', 'value_set']) {
    await session.run(
      `DELETE FROM ${table} WHERE value_set_id IN (SELECT unnest(from_json($ids::JSON, '["INTEGER"]')))`,
      { ids: JSON.stringify(ids) },
    )
  }
}

async function insertSets(session: Session, entries: readonly ValueSetEntry[], firstId: number): Promise<void> {
  const sets = entries.map(({ members, ...set }, index) => ({ ...set, id: firstId + index, members: members.length }))
  const members = entries.flatMap((entry, index) =>
    entry.members.map(({ system = '', code, display }) => ({ id: firstId + index, system, code, display })),
  )
  await session.run(
    `INSERT INTO value_set BY NAME SELECT * RENAME (id AS value_set_id)
     FROM (SELECT unnest(from_json($rows::JSON, '${setShape}'), max_depth := 2))`,
    { rows: JSON.stringify(sets) },
  )
  await session.run(
    `INSERT INTO value_set_member BY NAME SELECT * RENAME (id AS value_set_id)
     FROM (SELECT unnest(from_json($rows::JSON, '${memberShape}'), max_depth := 2))`,
    { rows: JSON.stringify(members) },
  )
}

/** The stored expansions, in the order in which they were stored; members in the order of system and code. */
export async function readValueSets(session: Session): Promise<readonly ValueSetEntry[]> {
  const rows = await session.all<StoredSet & { readonly title: string | null; readonly members: readonly MemberRow[] }>(
    `SELECT s.value_set_id AS id, s.url, s.version, s.title, s.sha256, coalesce(list(
         {system: m.system, code: m.code, display: m.display} ORDER BY m.system, m.code
       ) FILTER (m.code IS NOT NULL), []) AS members
     FROM value_set s LEFT JOIN value_set_member m USING (value_set_id)
     GROUP BY ALL ORDER BY s.value_set_id`,
  )
  return rows.map(({ url, version, title, sha256, members }) => ({
    url,
    ...(version === null ? {} : { version }),
    ...(title === null ? {} : { title }),
    sha256,
    members: members.map(({ system, code, display }) => ({
      ...(system === '' ? {} : { system }),
      code,
      ...(display === null ? {} : { display }),
    })),
  }))
}

interface MemberRow {
  readonly system: string
  readonly code: string
  readonly display: string | null
}
