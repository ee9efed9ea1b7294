import { z } from 'zod'
import { type GapStatus, gapStatuses } from '../../gaps/index.ts'
import type { WorklistFilter } from '../../store/index.ts'
import { cursorForm } from './worklist-cursor.ts'

const orNothing = (text: string | undefined) => (text === undefined || text.trim() === '' ? undefined : text.trim())
const optionalText = z.string().max(200).optional().transform(orNothing)
const optionalNumber = (most: number) =>
  z.preprocess((value) => (value === '' ? undefined : value), z.coerce.number().int().min(0).max(most).optional())
const optionalDay = z.preprocess(
  (value) => (value === '' ? undefined : value),
  z.iso.date('is a day as YYYY-MM-DD').optional(),
)

/** The filters, order and place of a worklist as an address holds them. */
export const worklistQuerySchema = z.strictObject({
  measure: optionalText,
  status: z.preprocess((value) => (value === '' ? undefined : value), z.enum([...gapStatuses, 'any']).optional()),
  practice: optionalText,
  provider: optionalText,
  source: optionalText,
  payer: optionalText,
  'age-from': optionalNumber(150),
  'age-to': optionalNumber(150),
  'due-by': optionalDay,
  assigned: optionalText,
  /** Days until a visit. */
  visit: optionalNumber(366),
  q: optionalText,
  everybody: z.enum(['yes']).optional(),
  snoozed: z.enum(['yes']).optional(),
  sort: z.enum(['due', 'name', 'age', 'practice', 'gaps']).default('due'),
  /** Where the page begins: what the page before said. */
  after: z.string().regex(cursorForm, 'is what the page before gave').optional(),
})

/** The state of a worklist, all of which stands in its URL: a saved view is its address. */
export type WorklistQuery = z.infer<typeof worklistQuerySchema>

/** Reads a query string; where it holds something unknown, the reasons in words. */
export function parseWorklistQuery(
  query: Readonly<Record<string, string>>,
):
  | { readonly ok: true; readonly query: WorklistQuery }
  | { readonly ok: false; readonly reason: string; readonly error: z.ZodError } {
  const parsed = worklistQuerySchema.safeParse(query)
  if (parsed.success) return { ok: true, query: parsed.data }
  const reasons = parsed.error.issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? `unknown filter ${issue.keys.join(', ')}`
      : `${issue.path.join('.') || 'address'}: ${issue.message}`,
  )
  return { ok: false, reason: `${reasons.join('; ')}.`, error: parsed.error }
}

/** A query as a query string, defaults left out; `change` replaces parts of it, undefined takes a part away. */
export function worklistText(
  query: WorklistQuery,
  change: Partial<Record<keyof WorklistQuery, string | undefined>> = {},
): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...query, ...change } as Record<string, string | number | undefined>))
    if (value !== undefined && !(name === 'sort' && value === 'due')) search.set(name, String(value))
  const text = search.toString()
  return text === '' ? '' : `?${text}`
}

/** What a list shows where no status is chosen: all that somebody can do something about. */
const workable: readonly GapStatus[] = ['open', 'unknown', 'ordered', 'awaiting-data']

const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

/** The filter for the store that a query stands for, at a day. */
export function worklistFilter(
  query: WorklistQuery,
  today: string,
  visible: WorklistFilter['visible'],
): WorklistFilter {
  const { status, measure, practice, provider, source, payer, assigned, visit, q } = query
  const statuses = status === undefined ? workable : status === 'any' ? gapStatuses : [status]
  return {
    today,
    statuses,
    everybody: query.everybody === 'yes',
    snoozed: query.snoozed === 'yes',
    sort: query.sort,
    visible,
    ...(measure === undefined ? {} : { measure }),
    ...(practice === undefined ? {} : { practice }),
    ...(provider === undefined ? {} : { provider }),
    ...(source === undefined ? {} : { source }),
    ...(payer === undefined ? {} : { payer }),
    ...(assigned === undefined ? {} : { assigned }),
    ...(query['age-from'] === undefined ? {} : { ageFrom: query['age-from'] }),
    ...(query['age-to'] === undefined ? {} : { ageTo: query['age-to'] }),
    ...(query['due-by'] === undefined ? {} : { dueBy: query['due-by'] }),
    ...(visit === undefined ? {} : { visitBy: dayAfter(today, visit) }),
    ...(q === undefined ? {} : { text: q }),
  }
}
