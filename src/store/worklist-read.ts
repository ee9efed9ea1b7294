import type { Session, SqlValue } from '../duck/index.ts'
import { type PersonFilter, personPredicate } from './person-filter.ts'
import { summaryOf, worklistStatuses } from './worklist-summary.ts'
import type { GapRef } from './worklist-write.ts'

/** What a list of work is ordered by: the first due day, the name, the age, the practice, or how many gaps. */
export type WorklistSort = 'due' | 'name' | 'age' | 'practice' | 'gaps'

/** Which gaps and whose. Absent parts let everything through. */
export interface WorklistFilter {
  /** `YYYY-MM-DD`: what is snoozed, prospective, claimed or a visit to come is so at that day. */
  readonly today: string
  readonly statuses: readonly string[]
  readonly measure?: string
  readonly practice?: string
  /** NPI. */
  readonly provider?: string
  readonly source?: string
  readonly payer?: string
  readonly ageFrom?: number
  readonly ageTo?: number
  /** Due on that day or before. */
  readonly dueBy?: string
  /** A user, or `nobody`. */
  readonly assigned?: string
  /** A visit from today to that day. */
  readonly visitBy?: string
  /** Part of a name. */
  readonly text?: string
  /** Also the deceased, inactive, in hospice, and those who must not be contacted. */
  readonly everybody: boolean
  /** Also gaps that are snoozed today. */
  readonly snoozed: boolean
  readonly sort: WorklistSort
  readonly visible: PersonFilter
}

/** A gap of a row, with how its work stands. */
export interface WorklistGap {
  readonly measureId: string
  readonly groupId: string
  readonly status: string
  readonly reasonCode: string
  readonly dueDate: string | null
  readonly assignedTo: string | null
  readonly snoozedUntil: string | null
  readonly claim: string | null
  readonly claimUntil: string | null
  readonly version: number
}

/** A person of the list with the gaps that the filter lets through. */
export interface WorklistRow {
  readonly pid: number
  readonly name: string | null
  readonly birthDate: string | null
  readonly age: number | null
  readonly sex: string | null
  readonly deceased: boolean
  readonly inactive: boolean
  readonly hospice: boolean
  readonly noContact: boolean
  readonly phone: string | null
  readonly language: string | null
  readonly payer: string | null
  readonly practice: string | null
  readonly provider: string | null
  readonly nextVisit: string | null
  readonly gaps: readonly WorklistGap[]
}

/** Where a page ends: the last person's key in the list's order, and who they are. Of one run and day only. */
export interface WorklistCursor {
  readonly key: number
  readonly pid: number
}

export interface WorklistPage {
  readonly total: number
  readonly gaps: number
  readonly rows: readonly WorklistRow[]
  /** Where the next page begins; absent on the last. */
  readonly next?: WorklistCursor
}

const age = `date_sub('year', try_cast(w.birth_date AS DATE), $today::DATE)`

/** What a list is ordered by: over the gaps of a person, or from the sums of the person's row for some statuses. */
interface SortKey {
  readonly order: 'ASC' | 'DESC'
  readonly ofGaps: string
  readonly ofPerson: (statuses: readonly string[]) => string
}

const byRank = (column: string): SortKey => ({
  order: 'ASC',
  ofGaps: `any_value(g.${column})`,
  ofPerson: () => `w.${column}`,
})

const sumOf = (statuses: readonly string[]): string =>
  `(${statuses.map((status) => `w.${summaryOf(status).count}`).join(' + ')})::INTEGER`

const keys: Readonly<Record<WorklistSort, SortKey>> = {
  due: {
    order: 'ASC',
    ofGaps: 'min(g.due_day)',
    ofPerson: (statuses) => `least(${statuses.map((status) => `w.${summaryOf(status).due}`).join(', ')})`,
  },
  name: byRank('name_rank'),
  age: byRank('age_rank'),
  practice: byRank('practice_rank'),
  gaps: { order: 'DESC', ofGaps: 'count(*)::INTEGER', ofPerson: sumOf },
}

interface Part {
  readonly sql: string
  readonly parameters?: Readonly<Record<string, SqlValue>>
}

/** Conditions on a person's own facts (`w`); none where everybody is let through. */
function personParts(filter: WorklistFilter): Part[] {
  const { practice, provider, source, payer, ageFrom, ageTo, text, visitBy } = filter
  const visits = `SELECT pid FROM worklist_visit WHERE day BETWEEN $today AND $visitBy`
  return [
    ...(filter.visible.practices === undefined ? [] : [personPredicate(filter.visible, 'w.pid')]),
    ...(practice === undefined ? [] : [{ sql: 'w.practice = $practice', parameters: { practice } }]),
    ...(provider === undefined ? [] : [{ sql: 'w.npi = $provider', parameters: { provider } }]),
    ...(source === undefined ? [] : [{ sql: 'list_contains(w.sources, $source)', parameters: { source } }]),
    ...(payer === undefined ? [] : [{ sql: 'w.payer = $payer', parameters: { payer } }]),
    ...(ageFrom === undefined ? [] : [{ sql: `${age} >= $ageFrom`, parameters: { ageFrom } }]),
    ...(ageTo === undefined ? [] : [{ sql: `${age} <= $ageTo`, parameters: { ageTo } }]),
    ...(text === undefined ? [] : [{ sql: 'contains(lower(w.name), lower($text))', parameters: { text } }]),
    ...(visitBy === undefined ? [] : [{ sql: `w.pid IN (${visits})`, parameters: { visitBy } }]),
  ]
}

function gapParts(filter: WorklistFilter): Part[] {
  const { measure, dueBy, assigned, statuses } = filter
  // Names of parameters, never values: what a status may be is checked where queries are read.
  const names = statuses.map((_, index) => `status${index}`)
  return [
    {
      sql: `g.status IN (${names.map((name) => `$${name}`).join(', ')})`,
      parameters: Object.fromEntries(statuses.map((status, index) => [`status${index}`, status])),
    },
    ...(filter.everybody ? [] : [{ sql: 'NOT (g.out_of_outreach OR g.no_contact)' }]),
    ...(measure === undefined ? [] : [{ sql: 'g.measure_id = $measure', parameters: { measure } }]),
    ...(dueBy === undefined ? [] : [{ sql: 'g.due_date <= $dueBy', parameters: { dueBy } }]),
    ...(filter.snoozed ? [] : [{ sql: '(g.snoozed_until IS NULL OR g.snoozed_until <= $today)' }]),
    ...(assigned === undefined ? [] : [assignedPart(assigned)]),
  ]
}

const assignedPart = (assigned: string): Part =>
  assigned === 'nobody'
    ? { sql: 'g.assigned_to IS NULL' }
    : { sql: 'g.assigned_to = $assigned', parameters: { assigned } }

interface Conditions {
  readonly gaps: string
  readonly people: string | undefined
  /** Where the filter asks of gaps for their status alone, the sums of the persons' rows answer: those are its statuses. */
  readonly sums: { readonly statuses: readonly string[]; readonly everybody: boolean } | undefined
  readonly parameters: Readonly<Record<string, SqlValue>>
}

const where = (parts: readonly Part[]): string => parts.map(({ sql }) => sql).join(' AND ')

/** Conditions on gaps (`g`) and people (`w`), with the parameters that they read. */
function conditionsOf(filter: WorklistFilter): Conditions {
  const gaps = gapParts(filter)
  const people = personParts(filter)
  const parameters = Object.assign({}, ...[...gaps, ...people].map((part) => part.parameters ?? {}))
  return {
    gaps: where(gaps),
    people: people.length === 0 ? undefined : where(people),
    sums: sumsFor(filter),
    parameters: parameters as Record<string, SqlValue>,
  }
}

const used = (sql: string, parameters: Readonly<Record<string, SqlValue>>) =>
  Object.fromEntries(Object.entries(parameters).filter(([name]) => new RegExp(`\\$${name}\\b`).test(sql)))

function sumsFor({ statuses, measure, dueBy, assigned, snoozed, everybody }: WorklistFilter) {
  if (measure !== undefined || dueBy !== undefined || assigned !== undefined || snoozed) return undefined
  const summed = worklistStatuses.filter((status) => statuses.includes(status))
  return summed.length === 0 ? undefined : { statuses: summed, everybody }
}

/** The people whom a filter lets through, with their key in its order and how many of their gaps it is about. */
function foundSql({ gaps, people, sums }: Conditions, sort: WorklistSort): string {
  const also = people === undefined ? '' : `AND ${people}`
  if (sums !== undefined) {
    const outreach = sums.everybody ? '' : 'AND NOT (w.deceased OR w.inactive OR w.hospice OR w.no_contact)'
    return `SELECT w.pid, ${keys[sort].ofPerson(sums.statuses)} AS sort_key, ${sumOf(sums.statuses)} AS gaps
      FROM worklist_person w WHERE ${sumOf(sums.statuses)} > 0 ${outreach} ${also}`
  }
  return `SELECT g.pid, ${keys[sort].ofGaps} AS sort_key, count(*) AS gaps FROM worklist_gap g WHERE ${gaps}
    ${people === undefined ? '' : `AND g.pid IN (SELECT w.pid FROM worklist_person w WHERE ${people})`} GROUP BY g.pid`
}

/** A page of the list: those that stand after a cursor in its order, whether its person is still in the list or not. */
export async function readWorklist(
  session: Session,
  filter: WorklistFilter,
  page: { readonly after?: WorklistCursor; readonly limit: number },
): Promise<WorklistPage> {
  const conditions = conditionsOf(filter)
  const { order } = keys[filter.sort]
  const beyond = `(sort_key ${order === 'ASC' ? '>' : '<'} $key OR (sort_key = $key AND pid > $after))`
  const sql = `WITH found AS MATERIALIZED (${foundSql(conditions, filter.sort)})
    SELECT pid, sort_key AS key, (SELECT count(*)::INTEGER FROM found) AS total,
      (SELECT sum(gaps)::INTEGER FROM found) AS "gapTotal"
    FROM found ${page.after === undefined ? '' : `WHERE ${beyond}`} ORDER BY sort_key ${order}, pid LIMIT $limit`
  const parameters = {
    ...conditions.parameters,
    today: filter.today,
    limit: page.limit + 1,
    key: page.after?.key ?? 0,
    after: page.after?.pid ?? 0,
  }
  const keyed = await session.all<WorklistCursor & { readonly total: number; readonly gapTotal: number }>(
    sql,
    used(sql, parameters),
  )
  const listed = keyed.slice(0, page.limit)
  const last = listed.at(-1)
  // After the last of all there is no row to say how many there are.
  const sums = keyed[0] ?? (await readSums(session, conditions, filter))
  return {
    total: sums.total,
    gaps: sums.gapTotal,
    rows: await readRows(
      session,
      conditions,
      filter.today,
      listed.map(({ pid }) => pid),
    ),
    ...(keyed.length > page.limit && last !== undefined ? { next: { key: last.key, pid: last.pid } } : {}),
  }
}

async function readSums(session: Session, conditions: Conditions, filter: WorklistFilter) {
  const sql = `SELECT count(*)::INTEGER AS total, coalesce(sum(gaps), 0)::INTEGER AS "gapTotal" FROM (${foundSql(conditions, filter.sort)})`
  const row = await session.first<{ total: number; gapTotal: number }>(
    sql,
    used(sql, { ...conditions.parameters, today: filter.today }),
  )
  return row ?? { total: 0, gapTotal: 0 }
}

/** The rows of people, in the order of `pids`. */
async function readRows(
  session: Session,
  { gaps, parameters }: Conditions,
  today: string,
  pids: readonly number[],
): Promise<WorklistRow[]> {
  if (pids.length === 0) return []
  const list = pids.map(Number).join(', ')
  // By pid alone first: the index answers a condition on the pid and no other.
  const sql = `WITH w AS MATERIALIZED (SELECT * FROM worklist_person WHERE pid IN (${list})),
      gap AS MATERIALIZED (SELECT * FROM worklist_gap WHERE pid IN (${list}))
    SELECT w.pid, w.name, w.birth_date AS "birthDate", (${age})::INTEGER AS age, w.sex, w.deceased, w.inactive,
      w.hospice, w.no_contact AS "noContact", w.phone, w.language, w.payer, w.practice, w.provider, v.day AS "nextVisit", g.gaps
    FROM w
    JOIN (SELECT g.pid, list({measureId: measure_id, groupId: group_id, status: status, reasonCode: reason_code,
        dueDate: due_date, assignedTo: assigned_to, snoozedUntil: snoozed_until, claim: claim, claimUntil: claim_until,
        version: version} ORDER BY due_date NULLS LAST, measure_id, group_id) AS gaps
      FROM gap g WHERE ${gaps} GROUP BY g.pid) g ON g.pid = w.pid
    LEFT JOIN (SELECT pid, min(day) AS day FROM worklist_visit WHERE day >= $today AND pid IN (${list}) GROUP BY pid) v
      ON v.pid = w.pid`
  const rows = await session.all<WorklistRow>(sql, used(sql, { ...parameters, today }))
  const byPid = new Map(rows.map((row) => [row.pid, row]))
  return pids.flatMap((pid) => byPid.get(pid) ?? [])
}

/** Every gap of a filter in the order of the list, a row each, made into a table of that name (temporary). */
export async function tableOfWorklist(session: Session, filter: WorklistFilter, table: string): Promise<void> {
  const conditions = conditionsOf(filter)
  const sql = `CREATE OR REPLACE TEMP TABLE ${table} AS
     WITH found AS MATERIALIZED (${foundSql(conditions, filter.sort)})
     SELECT w.pid AS person, w.name, w.birth_date, w.sex, w.phone, w.language, w.payer, w.practice, w.provider, w.npi,
       array_to_string(w.sources, ' ') AS sources,
       (SELECT min(day) FROM worklist_visit v WHERE v.pid = w.pid AND v.day >= $today) AS next_visit,
       g.measure_id AS measure, g.group_id AS "group", g.status, g.reason_code AS reason, g.due_date, g.assigned_to,
       g.snoozed_until, g.claim
     FROM found f JOIN worklist_gap g ON g.pid = f.pid JOIN worklist_person w ON w.pid = f.pid
     WHERE ${conditions.gaps}
     ORDER BY f.sort_key ${keys[filter.sort].order}, f.pid, g.due_date NULLS LAST, g.measure_id, g.group_id`
  await session.run(sql, used(sql, { ...conditions.parameters, today: filter.today }))
}

/** Every gap of a filter as the lists have it now, for work on the whole of it; `most` at most. */
export function readWorklistRefs(session: Session, filter: WorklistFilter, most: number): Promise<GapRef[]> {
  const conditions = conditionsOf(filter)
  const sql = `WITH found AS MATERIALIZED (${foundSql(conditions, filter.sort)})
     SELECT g.pid, g.measure_id AS "measureId", g.group_id AS "groupId", g.version
     FROM found f JOIN worklist_gap g ON g.pid = f.pid
     WHERE ${conditions.gaps} ORDER BY g.pid, g.measure_id, g.group_id LIMIT $most`
  return session.all<GapRef>(sql, used(sql, { ...conditions.parameters, today: filter.today, most }))
}

/** What the filters may be set to. */
export interface WorklistChoices {
  readonly practices: readonly string[]
  readonly providers: readonly { readonly npi: string; readonly name: string }[]
  readonly payers: readonly string[]
  readonly sources: readonly string[]
  readonly assignees: readonly string[]
}

/** The values that there are among the people whom the user may see. */
export async function readWorklistChoices(session: Session, visible: PersonFilter): Promise<WorklistChoices> {
  const allowed = personPredicate(visible, 'w.pid')
  const row = await session.first<WorklistChoices>(
    `WITH w AS (SELECT practice, npi, provider, payer FROM worklist_person w WHERE ${allowed.sql})
     SELECT coalesce((SELECT list(DISTINCT practice ORDER BY practice) FROM w WHERE practice IS NOT NULL), []) AS practices,
       coalesce((SELECT list({npi: npi, name: name} ORDER BY name, npi) FROM
         (SELECT npi, coalesce(any_value(provider), npi) AS name FROM w WHERE npi IS NOT NULL GROUP BY npi)), []) AS providers,
       coalesce((SELECT list(DISTINCT payer ORDER BY payer) FROM w WHERE payer IS NOT NULL), []) AS payers,
       coalesce((SELECT list(name ORDER BY name) FROM source), []) AS sources,
       coalesce((SELECT list(DISTINCT assigned_to ORDER BY assigned_to) FROM gap_work WHERE assigned_to IS NOT NULL), []) AS assignees`,
    allowed.parameters,
  )
  return row ?? { practices: [], providers: [], payers: [], sources: [], assignees: [] }
}
