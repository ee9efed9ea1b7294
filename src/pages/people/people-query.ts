import { z } from 'zod'
import { gapStatuses } from '../../gaps/index.ts'
import type { PeopleFilter, PeoplePopulation, PeopleSort } from '../../store/index.ts'
import { inWords } from '../parts/page-query.ts'

const populations = [
  'all',
  'initial-population',
  'denominator',
  'denominator-exclusion',
  'denominator-exception',
  'counted',
  'numerator',
  'numerator-exclusion',
  'not-numerator',
] as const satisfies readonly PeoplePopulation[]

const sorts = ['name', 'age', 'practice', 'due', 'status'] as const satisfies readonly PeopleSort[]

const orNothing = (text: string | undefined) => (text === undefined || text.trim() === '' ? undefined : text.trim())
const optionalText = z.string().max(200).optional().transform(orNothing)

const schema = z.strictObject({
  group: optionalText,
  population: z.enum(populations).optional(),
  status: z.preprocess((value) => (value === '' ? undefined : value), z.enum(gapStatuses).optional()),
  practice: optionalText,
  source: optionalText,
  q: optionalText,
  sort: z.enum(sorts).default('name'),
  direction: z.enum(['ascending', 'descending']).default('ascending'),
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
})

/** The state of a list of people, all of which stands in its URL. */
export type PeopleQuery = z.infer<typeof schema>

/** Populations that a list may be of, in the order of the funnel. */
export const listPopulations: readonly PeoplePopulation[] = populations

/** Reads a query string; where it holds something unknown, the reasons in words. */
export function parsePeopleQuery(
  query: Readonly<Record<string, string>>,
): { readonly ok: true; readonly query: PeopleQuery } | { readonly ok: false; readonly reason: string } {
  const parsed = schema.safeParse(query)
  if (parsed.success) return { ok: true, query: parsed.data }
  return { ok: false, reason: inWords(parsed.error, Object.keys(schema.shape)) }
}

/** The population of a query: with a gap status alone, everybody who has it. */
export const populationOf = (query: PeopleQuery): PeoplePopulation =>
  query.population ?? (query.status === undefined ? 'initial-population' : 'all')

/** A query as a query string, defaults left out; `change` replaces parts of it, undefined takes a part away. */
export function queryText(
  query: PeopleQuery,
  change: Partial<Record<keyof PeopleQuery, string | undefined>> = {},
): string {
  const parts: Record<string, string | number | undefined> = { ...query, ...change }
  const defaults: Readonly<Record<string, string | number>> = { sort: 'name', direction: 'ascending', page: 1 }
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(parts)) {
    if (value !== undefined && String(value) !== String(defaults[name])) search.set(name, String(value))
  }
  const text = search.toString()
  return text === '' ? '' : `?${text}`
}

/** The filter for the store that a query stands for. */
export function filterOf(
  query: PeopleQuery,
  where: Pick<PeopleFilter, 'runId' | 'measureId' | 'groupId' | 'periodEnd' | 'visible'>,
): PeopleFilter {
  return {
    ...where,
    population: populationOf(query),
    sort: query.sort,
    descending: query.direction === 'descending',
    ...(query.status === undefined ? {} : { status: query.status }),
    ...(query.practice === undefined ? {} : { practice: query.practice }),
    ...(query.source === undefined ? {} : { source: query.source }),
    ...(query.q === undefined ? {} : { text: query.q }),
  }
}
