import { type Session, textLiteral } from '../duck/index.ts'
import { dueDates } from './due-dates.ts'
import { fewLines, findFewLines } from './gap-few.ts'
import { resolvedJoin } from './resolved-line.ts'
import type { RawRow } from './resource-read.ts'
import { rowsOf } from './result-write.ts'
import { fewPersons, type PersonRange, personRanges } from './set-slice.ts'

/**
 * What gaps of a run are derived from, in temporary tables of one session, once the run's results are stored: whose gaps
 * are still to be told (`gap_member`), what of them is alike (`gap_kind`), and for persons of a range the resources that
 * their gaps tell of. The lines of the store are read once for all measures: for each measure anew is what costs.
 */
const [members, kinds, wants, facts, works] = ['gap_member', 'gap_kind', 'gap_want', 'gap_fact', 'gap_work']

/** What is alike in persons whose gaps are alike but for their facts and days. */
export interface GapKind {
  readonly kind: number
  readonly measureId: string
  /** A letter per define of the measure. */
  readonly defines: string
  readonly groups: readonly GapGroup[]
  /** Numbers of the defines that hold evidence, ascending. */
  readonly held: readonly number[]
}

/** One group's populations; NULL where it has no such population. */
export interface GapGroup {
  readonly groupId: string
  readonly counts: Readonly<Record<string, number | null>>
}

/** One person whose gap of a measure is to be told. */
export interface GapMember {
  readonly pid: number
  readonly kind: number
  readonly evidence: readonly { readonly define: number; readonly rid: string }[]
  readonly dueDate: string | null
}

const countsOf = `{
  'initial-population': r.initial_population, 'denominator': r.denominator,
  'denominator-exclusion': r.denominator_exclusion, 'denominator-exception': r.denominator_exception,
  'numerator': r.numerator, 'numerator-exclusion': r.numerator_exclusion,
  'measure-population': r.measure_population, 'measure-population-exclusion': r.measure_population_exclusion}`

/** Finds whose results of these measures, made by the run itself, have no gap yet, and what is alike in them. */
export async function openGapWork(
  session: Session,
  runId: number,
  measureIds: readonly string[],
): Promise<readonly GapKind[]> {
  await session.run(
    `CREATE OR REPLACE TEMP TABLE ${members} AS
     SELECT *, list_sort(list_distinct(list_transform(evidence, lambda e: e.define))) AS held FROM (
       SELECT r.measure_id, r.pid, any_value(r.defines) AS defines, any_value(r.evidence) AS evidence,
         list({'groupId': r.group_id, 'counts': ${countsOf}} ORDER BY r.group_id) AS groups,
         any_value(d.due_date) AS due_date
       FROM result_row r LEFT JOIN ${dueDates} d ON d.measure_id = r.measure_id AND d.pid = r.pid
       WHERE r.run_id = $runId AND r.measure_id IN (SELECT unnest(from_json($measureIds::JSON, '["VARCHAR"]')))
         AND NOT EXISTS (
           SELECT 1 FROM gap_row g WHERE g.run_id = $runId AND g.measure_id = r.measure_id AND g.pid = r.pid)
       GROUP BY r.measure_id, r.pid)`,
    { runId, measureIds: JSON.stringify(measureIds) },
  )
  const own = ['measure_id', 'defines', 'groups', 'held']
  await session.run(
    `CREATE OR REPLACE TEMP TABLE ${kinds} AS
     SELECT CAST(row_number() OVER () AS INTEGER) AS kind, * FROM (SELECT DISTINCT ${own.join(', ')} FROM ${members})`,
  )
  await session.run(
    `CREATE OR REPLACE TEMP TABLE ${members} AS
     SELECT m.pid, k.kind, m.evidence, m.due_date FROM ${members} m
     JOIN ${kinds} k ON ${own.map((name) => `k.${name} IS NOT DISTINCT FROM m.${name}`).join(' AND ')}
     ORDER BY m.pid, k.measure_id`,
  )
  return session.all<GapKind>(
    `SELECT kind, measure_id AS "measureId", defines, groups, held FROM ${kinds} ORDER BY kind`,
  )
}

/** The persons whose gaps are to be told, in runs of neighbours of so many. */
export function gapRanges(session: Session, persons: number): Promise<readonly PersonRange[]> {
  return personRanges(session, `(SELECT DISTINCT pid FROM ${members})`, persons)
}

/** Resources of a type whose `status` is one of these. */
export interface StatusSought {
  readonly type: string
  readonly statuses: readonly string[]
}

/** What of the members of a kind is read beside their results. */
export interface KindWant {
  readonly kind: number
  /** The resources that these defines hold. */
  readonly defines: readonly number[]
  /** Resources whose status is sought, whoever holds them. */
  readonly work: boolean
}

/** Says what is read of whom. */
export async function wantOfKinds(session: Session, wanted: readonly KindWant[]): Promise<void> {
  await session.run(
    `CREATE OR REPLACE TEMP TABLE ${wants} AS FROM ${rowsOf('"kind":"INTEGER","defines":["INTEGER"],"work":"BOOLEAN"')}`,
    { rows: JSON.stringify(wanted) },
  )
}

const within = ({ fromPid, toPid }: Pick<PersonRange, 'fromPid' | 'toPid'>, column = 'pid'): string =>
  `${column} BETWEEN ${fromPid} AND ${toPid}`

const lineText = 'coalesce(m.raw, u.raw, l.raw)'

/** Current resources `c` with their lines, of rows that `found` joins to them. */
const linesFor = (found: string, types?: readonly string[]): string => `${found}
  JOIN source s ON s.source_id = c.source_id
  JOIN raw_line l ON l.rid = c.rid AND l.hash = c.hash${types === undefined ? '' : ` AND l.type IN (${types.map(textLiteral).join(', ')})`}
  ${resolvedJoin}
  LEFT JOIN mapped_line m ON m.rid = c.rid AND m.hash = c.hash`

/** Collects for the persons of a range what is wanted of them; it stands there until the next range is collected. */
export async function collectGapWork(
  session: Session,
  range: PersonRange,
  sought: readonly StatusSought[],
): Promise<void> {
  if (range.persons <= fewPersons && (await collectFew(session, range, sought))) return
  const columns = `s.name AS source, c.type, c.id, c.rid, ${lineText} AS raw`
  await session.run(
    `CREATE OR REPLACE TEMP TABLE ${facts} AS SELECT n.pid, ${columns}
     FROM ${linesFor(`${heldOf(range)} n JOIN resource_current c ON c.rid = n.rid AND NOT c.deleted`)} ORDER BY n.pid`,
  )
  await session.run(
    `CREATE OR REPLACE TEMP TABLE ${works} AS SELECT n.pid, ${columns}
     FROM ${linesFor(ownOf(range, sought), typesOf(sought))} WHERE ${isSought(sought, 'c.type', lineText)} ORDER BY n.pid`,
  )
}

/** False where not all lines are found by their numbers. */
async function collectFew(session: Session, range: PersonRange, sought: readonly StatusSought[]): Promise<boolean> {
  const statuses = new Map(
    typesOf(sought).map((type) => [
      type,
      [...new Set(sought.flatMap((one) => (one.type === type ? one.statuses : [])))],
    ]),
  )
  if (!(await findFewLines(session, { held: heldOf(range), whom: wantedOf(range), sought: statuses }))) return false
  await session.run(`CREATE OR REPLACE TEMP TABLE ${facts} AS ${fewWhere('is_held')}`)
  const isWork = `NOT is_held AND ${isSought(sought, 'type', 'raw')}`
  await session.run(`CREATE OR REPLACE TEMP TABLE ${works} AS ${fewWhere(isWork)}`)
  await session.run(`DROP TABLE ${fewLines}`)
  return true
}

const fewWhere = (condition: string): string =>
  `SELECT pid, source, type, id, rid, raw FROM ${fewLines} WHERE ${condition} ORDER BY pid`

/** The resources of persons of a range of which their gaps tell. */
const heldOf = (range: PersonRange): string => `(SELECT DISTINCT h.pid, h.e.rid AS rid
    FROM (SELECT pid, kind, unnest(evidence) AS e FROM ${members} WHERE ${within(range)}) h
    JOIN ${wants} w ON w.kind = h.kind AND list_contains(w.defines, h.e.define::INTEGER))`

/** Persons of a range of whom work is wanted. */
const wantedOf = (range: PersonRange): string =>
  `(SELECT DISTINCT p.pid FROM ${members} p JOIN ${wants} w USING (kind) WHERE w.work AND ${within(range, 'p.pid')})`

/** Persons of a range of whom work is wanted, with their current resources of the types. */
function ownOf(range: PersonRange, sought: readonly StatusSought[]): string {
  return `${wantedOf(range)} n JOIN source_patient o ON coalesce(o.pid, o.spid) = n.pid
    JOIN resource_current c ON c.spid = o.spid AND NOT c.deleted AND c.type IN (${typesOf(sought).map(textLiteral).join(', ')})`
}

/**
 * Persons of a range of whom work is wanted and whose resources mention any of patient-less types: whether they refer to
 * one whose status is sought, only their whole record tells. Types are those of `soughtOfNobody`: nearly always none.
 */
export async function readMentioning(
  session: Session,
  range: PersonRange,
  types: readonly string[],
): Promise<readonly number[]> {
  if (types.length === 0) return []
  const found = `${wantedOf(range)} n JOIN source_patient o ON coalesce(o.pid, o.spid) = n.pid JOIN resource_current c ON c.spid = o.spid AND NOT c.deleted`
  const rows = await session.all<{ pid: number }>(
    `SELECT DISTINCT n.pid FROM ${linesFor(found)} WHERE regexp_matches(${lineText}, '(${types.join('|')})/') ORDER BY 1`,
  )
  return rows.map(({ pid }) => pid)
}

/** Types of current resources of no patient whose status is sought. */
export async function soughtOfNobody(session: Session, sought: readonly StatusSought[]): Promise<readonly string[]> {
  if (sought.length === 0) return []
  const types = typesOf(sought)
  const found = `(SELECT * FROM resource_current WHERE spid IS NULL AND NOT deleted AND type IN (${types.map(textLiteral).join(', ')})) c`
  const rows = await session.all<{ type: string }>(
    `SELECT DISTINCT c.type FROM ${linesFor(found, types)} WHERE ${isSought(sought, 'c.type', lineText)} ORDER BY 1`,
  )
  return rows.map(({ type }) => type)
}

const typesOf = (sought: readonly StatusSought[]): readonly string[] => [...new Set(sought.map(({ type }) => type))]

/** A list of one status is read as that status, as whoever looks at the resource reads it. The line is read once. */
function isSought(sought: readonly StatusSought[], type: string, text: string): string {
  const pairs = new Set(sought.flatMap(({ type, statuses }) => statuses.map((status) => `${type} ${status}`)))
  const status = `trim(json_extract_string(${text}, '$.status'), '[]"')`
  return `concat(${type}, ' ', ${status}) IN (${[...pairs].map(textLiteral).join(', ')})`
}

/** What was collected of the persons of a range within the one collected: members by pid and measure, resources by pid. */
export async function readGapWork(
  session: Session,
  range: Pick<PersonRange, 'fromPid' | 'toPid'>,
): Promise<{
  readonly members: readonly GapMember[]
  readonly facts: readonly GapLine[]
  readonly work: readonly GapLine[]
}> {
  const read = <T>(table: string, columns: string) =>
    session.all<T>(`SELECT ${columns} FROM ${table} WHERE ${within(range)} ORDER BY pid`)
  const line = 'pid, source, type, id, rid, raw'
  return {
    members: await read<GapMember>(members, 'pid, kind, evidence, due_date AS "dueDate"'),
    facts: await read<GapLine>(facts, line),
    work: await read<GapLine>(works, line),
  }
}

export type GapLine = Omit<RawRow, 'spid'>

/** Clears the tables away. */
export async function closeGapWork(session: Session): Promise<void> {
  for (const table of [members, kinds, wants, facts, works, dueDates])
    await session.run(`DROP TABLE IF EXISTS ${table}`)
}
