import type { Session, SqlValue } from '../duck/index.ts'
import { type PersonFilter, personPredicate } from './person-filter.ts'

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

export interface WorklistPage {
  readonly total: number
  readonly gaps: number
  readonly rows: readonly WorklistRow[]
  /** Where the next page begins; absent on the last. */
  readonly next?: number
}

const age = `date_sub('year', try_cast(w.birth_date AS DATE), $today::DATE)`

const keys: Readonly<Record<WorklistSort, { readonly sql: string; readonly order: 'ASC' | 'DESC' }>> = {
  due: { sql: `coalesce(min(g.due_date), '9999')`, order: 'ASC' },
  name: { sql: `coalesce(lower(any_value(w.name)), '~')`, order: 'ASC' },
  age: { sql: `coalesce(any_value(w.birth_date), '9999')`, order: 'ASC' },
  practice: { sql: `coalesce(any_value(w.practice), '~')`, order: 'ASC' },
  gaps: { sql: 'count(*)', order: 'DESC' },
}

interface Part {
  readonly sql: string
  readonly parameters?: Readonly<Record<string, SqlValue>>
}

function personParts(filter: WorklistFilter): Part[] {
  const { practice, provider, source, payer, ageFrom, ageTo, text, visitBy } = filter
  const visits = `SELECT pid FROM worklist_visit WHERE day BETWEEN $today AND $visitBy`
  return [
    personPredicate(filter.visible, 'w.pid'),
    ...(filter.everybody
      ? []
      : [{ sql: `NOT (w.deceased OR w.inactive OR w.hospice)` }, { sql: `w.pid NOT IN (${noContact})` }]),
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

const noContact = `SELECT pid FROM worklist_gap WHERE no_contact`

function gapParts(filter: WorklistFilter): Part[] {
  const { measure, dueBy, assigned, statuses } = filter
  return [
    {
      sql: `g.status IN (SELECT unnest(from_json($statuses::JSON, '["VARCHAR"]')))`,
      parameters: { statuses: JSON.stringify(statuses) },
    },
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
  readonly people: string
  readonly parameters: Readonly<Record<string, SqlValue>>
}

const where = (parts: readonly Part[]): string => parts.map(({ sql }) => sql).join(' AND ')

/** Conditions on gaps (`g`) and people (`w`), with only the parameters that they read. */
function conditionsOf(filter: WorklistFilter): Conditions {
  const gaps = gapParts(filter)
  const people = personParts(filter)
  const parameters = Object.assign({}, ...[...gaps, ...people].map((part) => part.parameters ?? {}))
  return { gaps: where(gaps), people: where(people), parameters: parameters as Record<string, SqlValue> }
}

const used = (sql: string, parameters: Readonly<Record<string, SqlValue>>) =>
  Object.fromEntries(Object.entries(parameters).filter(([name]) => new RegExp(`\\$${name}\\b`).test(sql)))

/** The people whom a filter lets through, with their key in its order and how many of their gaps it is about. */
const foundSql = (
  { gaps, people }: Conditions,
  sort: WorklistSort,
): string => `SELECT g.pid, ${keys[sort].sql} AS sort_key, count(*) AS gaps
  FROM worklist_gap g JOIN worklist_person w ON w.pid = g.pid WHERE ${gaps} AND ${people} GROUP BY g.pid`

/** A page of the list: `after` is the last person of the page before; where they have left the list, it begins again. */
export async function readWorklist(
  session: Session,
  filter: WorklistFilter,
  page: { readonly after?: number; readonly limit: number },
): Promise<WorklistPage> {
  const conditions = conditionsOf(filter)
  const { order } = keys[filter.sort]
  const than = order === 'ASC' ? '>' : '<'
  const beyond = `(SELECT sort_key FROM found WHERE pid = $after)`
  const from =
    page.after === undefined
      ? ''
      : `WHERE ${beyond} IS NULL OR sort_key ${than} ${beyond} OR (sort_key = ${beyond} AND pid > $after)`
  const sql = `WITH found AS MATERIALIZED (${foundSql(conditions, filter.sort)})
    SELECT pid, (SELECT count(*)::INTEGER FROM found) AS total, (SELECT sum(gaps)::INTEGER FROM found) AS "gapTotal"
    FROM found ${from} ORDER BY sort_key ${order}, pid LIMIT $limit`
  const parameters = { ...conditions.parameters, today: filter.today, limit: page.limit + 1, after: page.after ?? null }
  const keyed = await session.all<{ pid: number; total: number; gapTotal: number }>(sql, used(sql, parameters))
  const pids = keyed.slice(0, page.limit).map(({ pid }) => pid)
  const last = pids.at(-1)
  return {
    total: keyed[0]?.total ?? 0,
    gaps: keyed[0]?.gapTotal ?? 0,
    rows: await readRows(session, conditions, filter.today, pids),
    ...(keyed.length > page.limit && last !== undefined ? { next: last } : {}),
  }
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
  const sql = `SELECT w.pid, w.name, w.birth_date AS "birthDate", (${age})::INTEGER AS age, w.sex, w.deceased, w.inactive,
      w.hospice, (SELECT bool_or(no_contact) FROM worklist_gap n WHERE n.pid = w.pid AND n.pid IN (${list})) AS "noContact",
      w.phone, w.language, w.payer, w.practice, w.provider,
      (SELECT min(day) FROM worklist_visit v WHERE v.pid = w.pid AND v.day >= $today AND v.pid IN (${list})) AS "nextVisit",
      (SELECT list({measureId: measure_id, groupId: group_id, status: status, reasonCode: reason_code, dueDate: due_date,
         assignedTo: assigned_to, snoozedUntil: snoozed_until, claim: claim, claimUntil: claim_until, version: version}
         ORDER BY due_date NULLS LAST, measure_id, group_id)
       FROM worklist_gap g WHERE g.pid = w.pid AND g.pid IN (${list}) AND ${gaps}) AS gaps
    FROM worklist_person w WHERE w.pid IN (${list})`
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
