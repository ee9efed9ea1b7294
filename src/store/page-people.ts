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

const order: Readonly<Record<PeopleSort, string>> = {
  name: 'lower(name)',
  age: 'age',
  practice: 'practice',
  due: '"dueDate"',
  status: `list_position(['open', 'unknown', 'closed', 'excluded', 'not-applicable'], status)`,
}

const selected = (filter: PeopleFilter) => `WITH ${primaryAttribution},
  membership AS (
    SELECT coalesce(sp.pid, sp.spid) AS pid, list(DISTINCT s.name ORDER BY s.name) AS sources, list(sp.patient_id) AS patient_ids
    FROM source_patient sp JOIN source s ON s.source_id = sp.source_id GROUP BY 1),
  listed AS (
    SELECT r.pid, p.name, p.birth_date AS "birthDate", (${ageInYears})::INTEGER AS age, p.sex, p.deceased, a.practice,
      a.provider_name AS provider, coalesce(m.sources, []) AS sources, g.status, g.sentence,
      g.next_action AS "nextAction", g.due_date AS "dueDate"
    FROM person_result r
    JOIN person p ON p.pid = r.pid
    LEFT JOIN membership m ON m.pid = r.pid
    LEFT JOIN primary_attribution a ON a.pid = r.pid
    LEFT JOIN gap g ON g.run_id = r.run_id AND g.measure_id = r.measure_id AND g.group_id = r.group_id AND g.pid = r.pid
    WHERE r.run_id = $runId AND r.measure_id = $measureId AND r.group_id = $groupId
      AND ${conditions[filter.population]}
      AND ($status IS NULL OR g.status = $status)
      AND ($practice IS NULL OR a.practice = $practice)
      AND ($source IS NULL OR list_contains(m.sources, $source))
      AND ${personPredicate(filter.visible, 'r.pid').sql}
      AND ($text IS NULL OR contains(lower(p.name), lower($text)) OR list_contains(m.patient_ids, $text)
        OR r.pid::VARCHAR = $text))`

function parametersOf(filter: PeopleFilter): Record<string, SqlValue> {
  return {
    runId: filter.runId,
    measureId: filter.measureId,
    groupId: filter.groupId,
    periodEnd: filter.periodEnd,
    status: filter.status ?? null,
    practice: filter.practice ?? null,
    source: filter.source ?? null,
    text: filter.text ?? null,
    ...personPredicate(filter.visible, 'r.pid').parameters,
  }
}

const ordering = (filter: PeopleFilter) =>
  `ORDER BY ${order[filter.sort]} ${filter.descending ? 'DESC' : 'ASC'} NULLS LAST, pid`

/** How many people a filter lets through. */
export async function countPeople(session: Session, filter: PeopleFilter): Promise<number> {
  const row = await session.first<{ total: number }>(
    `${selected(filter)} SELECT count(*)::INTEGER AS total FROM listed`,
    parametersOf(filter),
  )
  return row?.total ?? 0
}

/** The people of a filter in its order, ties by person key; all of them where no page is given. */
export function readPeople(
  session: Session,
  filter: PeopleFilter,
  page?: { readonly offset: number; readonly limit: number },
): Promise<PeopleRow[]> {
  const cut = page === undefined ? '' : 'LIMIT $limit OFFSET $offset'
  return session.all<PeopleRow>(`${selected(filter)} SELECT * FROM listed ${ordering(filter)} ${cut}`, {
    ...parametersOf(filter),
    ...page,
  })
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
