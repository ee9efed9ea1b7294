import { invariant } from '../base/index.ts'
import { type Session, textLiteral } from '../duck/index.ts'
import { batchesByLines } from './person-batches.ts'
import { readPersonLines } from './person-line.ts'
import { type MemberRow, readMembers } from './person-members.ts'
import { type PersonText, readPersonTexts } from './person-text.ts'
import { resolvedJoin } from './resolved-line.ts'
import { ridOf } from './rid.ts'

/** A current resource of a person's record, as received. `rid` is text: it may exceed 2^53. */
export interface RawRow {
  readonly pid: number
  /** NULL for a resource of no patient that the record refers to (a Practitioner, a Medication). */
  readonly spid: number | null
  readonly source: string
  readonly type: string
  readonly id: string
  readonly rid: string
  readonly raw: string
}

/** Which persons: a range (both ends included) or a list of pids. */
export type PersonSelection = (
  | { readonly fromPid: number; readonly toPid: number }
  | { readonly pids: readonly number[] }
) &
  PersonLimits

/** How much of a person is read. */
export interface PersonLimits {
  /** Only their own resources of these types; all where absent. */
  readonly types?: readonly string[]
  /** What these refer to and is of no patient, of these types alone; where absent none with `types`, all without. */
  readonly referred?: readonly string[]
}

/** So many persons are read by one query; bounds memory, and costs one scan start each. */
const personsPerQuery = 500

/** Whole persons: who they are in which sources, by pid, and their resources, by pid, then rid. */
export interface PersonBatch {
  readonly members: readonly MemberRow[]
  readonly rows: readonly RawRow[]
}

/** The raw resources of persons, as `streamPersons` gives them. */
export async function* streamRawByPerson(
  session: Session,
  selection: PersonSelection,
): AsyncGenerator<readonly RawRow[]> {
  for await (const { rows } of streamPersons(session, selection)) yield rows
}

/**
 * The raw resources of persons: all of their compartments, of every source, and the patient-less resources
 * of the same source that these refer to (one hop). Three queries for a batch, and so for one person.
 */
export async function* streamPersons(session: Session, selection: PersonSelection): AsyncGenerator<PersonBatch> {
  for (const pids of await batchesOf(session, selection)) {
    const batch = await readPersons(session, pids, selection)
    if (batch.rows.length > 0) yield batch
  }
}

/** Whole persons, for whoever wants resources and not rows of them: by pid in `texts`, or in `rows`. */
export interface PersonTextBatch extends PersonBatch {
  readonly pids: readonly number[]
  readonly texts: ReadonlyMap<number, readonly PersonText[]>
}

/** As `streamPersons`, of several persons as few texts as there can be. */
export async function* streamPersonTexts(
  session: Session,
  selection: PersonSelection,
): AsyncGenerator<PersonTextBatch> {
  const isWhole = selection.types === undefined
  const [first, ...further] = isWhole
    ? await batchesByLines(session, await pidsOf(session, selection))
    : await batchesOf(session, selection)
  if (first === undefined) return
  let reading = readTextBatch(session, first, selection)
  try {
    for (const pids of further) {
      const batch = await reading
      // The database reads the next persons while these are looked at.
      reading = readTextBatch(session, pids, selection)
      reading.catch(() => undefined)
      yield batch
    }
    yield await reading
  } finally {
    await reading.catch(() => undefined)
  }
}

async function readTextBatch(
  session: Session,
  pids: readonly number[],
  limits: PersonLimits,
): Promise<PersonTextBatch> {
  const members = await readMembers(session, pids)
  const isWhole = limits.types === undefined && pids.length > 1
  const texts = isWhole ? await readPersonTexts(session, pids, members) : new Map<number, readonly PersonText[]>()
  const others = members.filter(({ pid }) => !texts.has(pid))
  return { pids, members, texts, rows: await readRowsOf(session, others, limits) }
}

async function batchesOf(session: Session, selection: PersonSelection): Promise<readonly (readonly number[])[]> {
  const pids = await pidsOf(session, selection)
  return Array.from({ length: Math.ceil(pids.length / personsPerQuery) }, (_, at) =>
    pids.slice(at * personsPerQuery, (at + 1) * personsPerQuery),
  )
}

async function pidsOf(session: Session, selection: PersonSelection): Promise<number[]> {
  return 'pids' in selection
    ? [...new Set(selection.pids)].sort((a, b) => a - b)
    : pidsBetween(session, selection.fromPid, selection.toPid)
}

async function pidsBetween(session: Session, fromPid: number, toPid: number): Promise<number[]> {
  const rows = await session.all<{ pid: number }>(
    `SELECT pid FROM population WHERE pid BETWEEN $fromPid AND $toPid ORDER BY pid`,
    { fromPid, toPid },
  )
  return rows.map((row) => row.pid)
}

async function readPersons(session: Session, pids: readonly number[], limits: PersonLimits): Promise<PersonBatch> {
  const members = await readMembers(session, pids)
  return { members, rows: await readRowsOf(session, members, limits) }
}

/**
 * The resources of the persons whom these source patients are, and what these refer to. One person's come by one query over
 * `person_line`; several persons', and those of somebody who is not there, by a search, with one more for what they refer to.
 */
export async function readRowsOf(
  session: Session,
  members: readonly MemberRow[],
  limits: PersonLimits,
): Promise<readonly RawRow[]> {
  if (members.length === 0) return []
  const nameOf = new Map(members.map(({ sourceId, source }) => [sourceId, source]))
  const rows =
    (await readOnePerson(session, members, nameOf, limits)) ?? (await searchRows(session, members, nameOf, limits))
  return rows.sort((a, b) => a.pid - b.pid || compareKeys(a.rid, b.rid))
}

async function readOnePerson(
  session: Session,
  members: readonly MemberRow[],
  nameOf: ReadonlyMap<number, string>,
  { types, referred = [] }: PersonLimits,
): Promise<RawRow[] | undefined> {
  const pid = members[0]?.pid ?? 0
  if (members.some((member) => member.pid !== pid)) return undefined
  const lines = await readPersonLines(session, pid, types === undefined ? undefined : { own: types, referred })
  if (lines === undefined) return undefined
  const rows = lines.map((row) => ownRow(row, nameOf, pid))
  if (rows.every(({ spid }) => spid !== null)) return rows
  const own = rows.filter(({ spid }) => spid !== null)
  const named = referrersOf(own, members, types === undefined ? undefined : referred)
  return rows.filter(({ spid, rid }) => spid !== null || named.has(rid))
}

async function searchRows(
  session: Session,
  members: readonly MemberRow[],
  nameOf: ReadonlyMap<number, string>,
  { types, referred }: PersonLimits,
): Promise<RawRow[]> {
  const pidOf = new Map(members.map((member) => [member.spid, member.pid]))
  const found = await readRows(session, `spid IN (${[...pidOf.keys()].join(', ')})`, types)
  const own = found.map((row) => ownRow(row, nameOf, pidOf.get(row.spid ?? 0) ?? 0))
  const follows = types === undefined || referred !== undefined
  return [...own, ...(follows ? await readReferred(session, own, members, nameOf, referred) : [])]
}

type FoundRow = Omit<RawRow, 'pid' | 'source'> & { readonly sourceId: number }

function ownRow({ sourceId, ...row }: FoundRow, nameOf: ReadonlyMap<number, string>, pid: number): RawRow {
  const source = nameOf.get(sourceId)
  invariant(source !== undefined, `source ${sourceId} is one of the person`)
  return { ...row, source, pid }
}

/** Current resources by their keys, as received; in no order. */
export async function readRawByRid(session: Session, rids: readonly string[]): Promise<Omit<RawRow, 'pid'>[]> {
  if (rids.length === 0) return []
  const rows = await readRows(session, `rid IN (${rids.map((rid) => BigInt(rid)).join(', ')})`)
  const names = await session.all<{ id: number; name: string }>(`SELECT source_id AS id, name FROM source`)
  const nameOf = new Map(names.map(({ id, name }) => [id, name]))
  return rows.map(({ sourceId, ...row }) => ({ ...row, source: nameOf.get(sourceId) ?? '' }))
}

/** A condition of so many characters asks for many rows. */
const manyAsked = 200

/** The condition holds numbers of our own, written out: DuckDB prunes by a literal list, not by a subquery. */
async function readRows(session: Session, condition: string, types?: readonly string[]): Promise<FoundRow[]> {
  // Many rows are made objects piece by piece, so that nothing else has to wait for all of them.
  const readAll = async <T>(sql: string): Promise<T[]> => {
    if (condition.length < manyAsked) return session.all<T>(sql)
    const rows: T[] = []
    for await (const part of session.stream<T>(sql)) rows.push(...part)
    return rows
  }
  if (types?.length === 0) return []
  const ofTypes = types === undefined ? '' : ` AND type IN (${types.map(textLiteral).join(', ')})`
  return readAll(
    `SELECT c.spid, c.source_id AS "sourceId", c.type, c.id, c.rid, coalesce(m.raw, u.raw, l.raw) AS raw
     FROM (SELECT * FROM resource_current WHERE ${condition} AND NOT deleted${ofTypes}) c
     JOIN (SELECT rid, hash, raw FROM raw_line WHERE ${condition}) l ON l.rid = c.rid AND l.hash = c.hash
     ${resolvedJoin}
     LEFT JOIN mapped_line m ON m.rid = c.rid AND m.hash = c.hash`,
  )
}

/** The patient-less resources that rows refer to, once for each person who does. */
async function readReferred(
  session: Session,
  own: readonly RawRow[],
  members: readonly MemberRow[],
  nameOf: ReadonlyMap<number, string>,
  types: readonly string[] | undefined,
): Promise<RawRow[]> {
  const referrers = referrersOf(own, members, types)
  for (const row of own) referrers.delete(row.rid)
  if (referrers.size === 0) return []
  const rows = await readRows(session, `spid IS NULL AND rid IN (${[...referrers.keys()].join(', ')})`)
  return rows.flatMap((row) => [...(referrers.get(row.rid) ?? [])].map((pid) => ownRow(row, nameOf, pid)))
}

/** Whose rows refer to what, by its key. */
function referrersOf(
  rows: readonly RawRow[],
  members: readonly MemberRow[],
  types: readonly string[] | undefined,
): Map<string, Set<number>> {
  const referrers = new Map<string, Set<number>>()
  const bases = new Map(members.map(({ source, base }) => [source, base ?? undefined]))
  for (const row of rows) {
    for (const key of referredKeys(row, bases.get(row.source), types)) {
      const pids = referrers.get(key) ?? new Set()
      referrers.set(key, pids.add(row.pid))
    }
  }
  return referrers
}

const referencePattern = /"reference"\s*:\s*"([^"#]+)"/g
const localPattern = /^([A-Z][A-Za-z]*)\/([^/?|\s]+)(?:\/_history\/[^/]+)?$/

/** Keys of the local resources (of some types) that a resource refers to, its Patient left out. */
export function referredKeys(
  row: Pick<RawRow, 'source' | 'raw'>,
  base: string | undefined,
  types?: readonly string[],
): Set<string> {
  const references = new Set<string>()
  for (const [, text = ''] of row.raw.matchAll(referencePattern)) references.add(text)
  const keys = new Set<string>()
  for (const text of references) {
    const relative = base !== undefined && text.startsWith(base) ? text.slice(base.length) : text
    const [, type, id] = localPattern.exec(relative) ?? []
    if (type === undefined || id === undefined || type === 'Patient') continue
    if (types === undefined || types.includes(type)) keys.add(ridOf(row.source, type, id))
  }
  return keys
}

/** Numbers as text, by value. */
export function compareKeys(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)
}
