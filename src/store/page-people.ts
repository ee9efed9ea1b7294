import type { Session, SqlValue } from '../duck/index.ts'
import { ageInYears, primaryAttribution } from './page-people-sql.ts'
import { type PersonFilter, personPredicate } from './person-filter.ts'

/** A list of people within one measure's group: population codes of FHIR, those that the
 * rate counts (denominator less exclusions and exceptions), and those of them that are not in the numerator. */
export type PeoplePopulation =
  | 'all'
  | 'initial-population'
  | 'denominator'
  | 'denominator-exclusion'
  | 'denominator-exception'
  | 'counted'
  | 'numerator'
  | 'numerator-exclusion'
  | 'not-numerator'

export type PeopleSort = 'name' | 'age' | 'practice' | 'due' | 'status'

/** Which people, in which order. Absent filters let everybody through; `visible` is whom the user may see. */
export interface PeopleFilter {
  readonly runId: number
  readonly measureId: string
  readonly groupId: string
  readonly periodEnd: string
  readonly population: PeoplePopulation
  readonly status?: string
  readonly practice?: string
  readonly source?: string
  /** Part of a name, or a whole patient id or person key. */
  readonly text?: string
  readonly sort: PeopleSort
  readonly descending: boolean
  readonly visible: PersonFilter
}

/** One person of the list with the gap of the measure. Null where not known. */
export interface PeopleRow {
  readonly pid: number
  readonly name: string | null
  readonly birthDate: string | null
  readonly age: number | null
  readonly sex: string | null
  readonly deceased: boolean
  readonly practice: string | null
  readonly provider: string | null
  readonly sources: readonly string[]
  readonly status: string | null
  readonly sentence: string | null
  readonly nextAction: string | null
  readonly dueDate: string | null
}

const conditions: Readonly<Record<PeoplePopulation, string>> = {
  all: 'TRUE',
  'initial-population': 'r.initial_population > 0',
  denominator: 'r.denominator > 0',
  'denominator-exclusion': 'r.denominator_exclusion > 0',
  'denominator-exception': 'r.denominator_exception > 0',
  counted: 'r.denominator - coalesce(r.denominator_exclusion, 0) - coalesce(r.denominator_exception, 0) > 0',
  numerator: 'r.numerator > 0',
  'numerator-exclusion': 'r.numerator_exclusion > 0',
  'not-numerator': `r.denominator - coalesce(r.denominator_exclusion, 0) - coalesce(r.denominator_exception, 0)
    - coalesce(r.numerator, 0) + coalesce(r.numerator_exclusion, 0) > 0`,
}

/** What a list is ordered by. Birth dates run against ages; a partial date sorts as its first day. */
const keys: Readonly<Record<PeopleSort, { readonly sql: string; readonly against?: true }>> = {
  name: { sql: 'lower(p.name)' },
  age: { sql: 'p.birth_date', against: true },
  practice: { sql: 'a.practice' },
  due: { sql: 'g.due_date' },
  status: {
    sql: `list_position(['open', 'unknown', 'ordered', 'awaiting-data', 'prospective', 'closed', 'excluded', 'not-applicable'], g.status)`,
  },
}

/** A condition with the values that it reads. */
interface Condition {
  readonly sql: string
  readonly parameters?: Readonly<Record<string, SqlValue>>
}

const pidsOf = (condition: string) =>
  `SELECT coalesce(sp.pid, sp.spid) FROM source_patient sp JOIN source s ON s.source_id = sp.source_id WHERE ${condition}`

function conditionsOf(filter: PeopleFilter): Condition[] {
  const { runId, measureId, groupId, status, practice, source, text } = filter
  return [
    {
      sql: 'r.run_id = $runId AND r.measure_id = $measureId AND r.group_id = $groupId',
      parameters: { runId, measureId, groupId },
    },
    { sql: conditions[filter.population] },
    personPredicate(filter.visible, 'r.pid'),
    ...(status === undefined ? [] : [{ sql: 'g.status = $status', parameters: { status } }]),
    ...(practice === undefined ? [] : [{ sql: 'a.practice = $practice', parameters: { practice } }]),
    ...(source === undefined ? [] : [{ sql: `r.pid IN (${pidsOf('s.name = $source')})`, parameters: { source } }]),
    ...(text === undefined ? [] : [textCondition(text)]),
  ]
}

const textCondition = (text: string): Condition => ({
  sql: `(contains(lower(p.name), lower($text)) OR r.pid::VARCHAR = $text OR r.pid IN (${pidsOf('sp.patient_id = $text')}))`,
  parameters: { text },
})

/** With those whom a measure could not be evaluated for: they have no result, only a gap that says so. */
const everyone = `(SELECT run_id, measure_id, group_id, pid FROM person_result
    UNION ALL SELECT run_id, measure_id, group_id, pid FROM gap WHERE status = 'unknown')`

/** The joins that a filter or an order reads; the others would cost without changing the list. */
function joinsOf(filter: PeopleFilter): string {
  const readsGap = filter.status !== undefined || filter.sort === 'status' || filter.sort === 'due'
  const readsPractice = filter.practice !== undefined || filter.sort === 'practice'
  return `FROM ${filter.population === 'all' ? everyone : 'person_result'} r JOIN person p ON p.pid = r.pid
    ${readsGap ? `LEFT JOIN gap g ON ${gapOf('r')}` : ''}
    ${readsPractice ? `LEFT JOIN (${primaryAttribution('attribution')}) a ON a.pid = r.pid` : ''}`
}

const gapOf = (row: string) =>
  `g.run_id = $runId AND g.measure_id = $measureId AND g.group_id = $groupId AND g.pid = ${row}.pid`

function listed(filter: PeopleFilter) {
  const all = conditionsOf(filter)
  return {
    sql: `${joinsOf(filter)} WHERE ${all.map(({ sql }) => sql).join(' AND ')}`,
    parameters: Object.assign({}, ...all.map(({ parameters }) => parameters ?? {})) as Record<string, SqlValue>,
  }
}

/** How many people a filter lets through. */
export async function countPeople(session: Session, filter: PeopleFilter): Promise<number> {
  const { sql, parameters } = listed(filter)
  const row = await session.first<{ total: number }>(`SELECT count(*)::INTEGER AS total ${sql}`, parameters)
  return row?.total ?? 0
}

/**
 * The people of a filter in its order, ties by person key; all of them where no page is given. First the
 * keys of the page are found, and only for those everything else.
 */
export function readPeople(
  session: Session,
  filter: PeopleFilter,
  page?: { readonly offset: number; readonly limit: number },
): Promise<PeopleRow[]> {
  const { sql, parameters } = listed(filter)
  const key = keys[filter.sort]
  const order = `sort_key ${filter.descending === (key.against === true) ? 'ASC' : 'DESC'} NULLS LAST, pid`
  return session.all<PeopleRow>(
    `WITH chosen AS MATERIALIZED (
       SELECT r.pid, ${key.sql} AS sort_key ${sql}
       ORDER BY ${order} ${page === undefined ? '' : 'LIMIT $limit OFFSET $offset'}),
     visits AS (SELECT * FROM attribution WHERE pid IN (SELECT pid FROM chosen)),
     membership AS (
       SELECT coalesce(sp.pid, sp.spid) AS pid, list(DISTINCT s.name ORDER BY s.name) AS sources
       FROM source_patient sp JOIN source s ON s.source_id = sp.source_id
       WHERE coalesce(sp.pid, sp.spid) IN (SELECT pid FROM chosen) GROUP BY 1)
     SELECT c.pid, p.name, p.birth_date AS "birthDate", (${ageInYears})::INTEGER AS age, p.sex, p.deceased, a.practice,
       a.provider_name AS provider, coalesce(m.sources, []) AS sources, g.status, g.sentence,
       g.next_action AS "nextAction", g.due_date AS "dueDate"
     FROM chosen c
     JOIN person p ON p.pid = c.pid
     LEFT JOIN membership m ON m.pid = c.pid
     LEFT JOIN (${primaryAttribution('visits')}) a ON a.pid = c.pid
     LEFT JOIN gap g ON ${gapOf('c')}
     ORDER BY c.${order.replace(', pid', ', c.pid')}`,
    { ...parameters, periodEnd: filter.periodEnd, ...page },
  )
}

/**
 * The people of a filter, all of them and in its order, as a temporary table of the session: who they are, their counts in the
 * group, and the gap with its reason.
 */
export async function tableOfPeople(session: Session, filter: PeopleFilter, table: string): Promise<void> {
  const { sql, parameters } = listed(filter)
  const key = keys[filter.sort]
  const order = `sort_key ${filter.descending === (key.against === true) ? 'ASC' : 'DESC'} NULLS LAST`
  await session.run(
    `CREATE OR REPLACE TEMP TABLE ${table} AS
     WITH chosen AS MATERIALIZED (SELECT r.pid, ${key.sql} AS sort_key ${sql}),
     membership AS (
       SELECT coalesce(sp.pid, sp.spid) AS pid, string_agg(DISTINCT s.name, ' ' ORDER BY s.name) AS sources
       FROM source_patient sp JOIN source s ON s.source_id = sp.source_id GROUP BY 1)
     SELECT c.pid AS person, p.name, p.birth_date, (${ageInYears})::INTEGER AS age, p.sex, p.deceased, a.practice,
       a.provider_name AS provider, a.npi, m.sources, x.initial_population, x.denominator, x.denominator_exclusion,
       x.denominator_exception, x.numerator, x.numerator_exclusion, g.status, g.reason_code AS reason, g.sentence,
       g.next_action, g.due_date
     FROM chosen c
     JOIN person p ON p.pid = c.pid
     LEFT JOIN membership m ON m.pid = c.pid
     LEFT JOIN (${primaryAttribution('attribution')}) a ON a.pid = c.pid
     LEFT JOIN person_result x ON ${gapOf('c').replaceAll('g.', 'x.')}
     LEFT JOIN gap g ON ${gapOf('c')}
     ORDER BY c.${order}, c.pid`,
    { ...parameters, periodEnd: filter.periodEnd },
  )
}

/**
 * Every result of a run of those whom the user may see, a row per measure, group and person, as a temporary table of the
 * session; of one measure where that is given.
 */
export async function tableOfResults(
  session: Session,
  { runId, measureId, visible }: Pick<PeopleFilter, 'runId' | 'visible'> & { readonly measureId?: string | undefined },
  table: string,
): Promise<void> {
  const predicate = personPredicate(visible, 'r.pid')
  await session.run(
    `CREATE OR REPLACE TEMP TABLE ${table} AS
     SELECT r.run_id AS run, r.measure_id AS measure, r.group_id AS "group", r.pid AS person, r.initial_population,
       r.denominator, r.denominator_exclusion, r.denominator_exception, r.numerator, r.numerator_exclusion,
       r.measure_population, r.measure_population_exclusion, g.status, g.reason_code AS reason, g.due_date
     FROM person_result r LEFT JOIN gap g
       ON g.run_id = r.run_id AND g.measure_id = r.measure_id AND g.group_id = r.group_id AND g.pid = r.pid
     WHERE r.run_id = $runId AND ($measureId::VARCHAR IS NULL OR r.measure_id = $measureId::VARCHAR) AND ${predicate.sql}
     ORDER BY r.measure_id, r.group_id, r.pid`,
    { ...predicate.parameters, runId, measureId: measureId ?? null },
  )
}

/** What the filters of a list may be set to: the practices people belong to, and the sources. */
export async function readPeopleChoices(
  session: Session,
): Promise<{ readonly practices: readonly string[]; readonly sources: readonly string[] }> {
  const practices = await session.all<{ practice: string }>(
    'SELECT DISTINCT practice FROM attribution WHERE practice IS NOT NULL ORDER BY practice',
  )
  const sources = await session.all<{ name: string }>('SELECT name FROM source ORDER BY name')
  return { practices: practices.map((row) => row.practice), sources: sources.map((row) => row.name) }
}

/** A person to choose from a list. */
export interface PersonChoice {
  readonly pid: number
  readonly name: string | null
  readonly birthDate: string | null
}

/** People that a user may see, those with open gaps first, at most `limit`. */
export function readPersonChoices(session: Session, visible: PersonFilter, limit: number): Promise<PersonChoice[]> {
  const predicate = personPredicate(visible, 'p.pid')
  return session.all<PersonChoice>(
    `SELECT p.pid, p.name, p.birth_date AS "birthDate" FROM person p
     LEFT JOIN (SELECT pid, count(*) AS open FROM gap WHERE status = 'open' GROUP BY pid) g ON g.pid = p.pid
     WHERE ${predicate.sql} AND NOT coalesce(p.deceased, false)
     ORDER BY coalesce(g.open, 0) DESC, p.pid LIMIT $limit`,
    { ...predicate.parameters, limit },
  )
}
