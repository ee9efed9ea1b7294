import { z } from 'zod'
import { inWords } from '../parts/page-query.ts'

/** What is listed on a page. */
export const unmappedPageSize = 50

const kinds = ['code', 'text', 'unit'] as const
const orNothing = (value: unknown) => (value === '' ? undefined : value)

const schema = z.strictObject({
  kind: z.preprocess(orNothing, z.enum(kinds).optional()),
  source: z.preprocess(orNothing, z.string().max(200).optional()),
  /** `candidates`: those alone that something may be proposed for. */
  show: z.preprocess(orNothing, z.enum(['candidates', 'all']).default('candidates')),
  /** `release`: as it may be published. */
  purpose: z.enum(['work', 'release']).default('work'),
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
})

/** Which of the unmapped things are listed: all of it stands in the address. */
export type MappingQuery = z.infer<typeof schema>

export const unmappedKinds: readonly (typeof kinds)[number][] = kinds

/** Reads a query string; where it says something unknown, the reason in words. */
export function parseMappingQuery(
  asked: Readonly<Record<string, string>>,
): { readonly ok: true; readonly query: MappingQuery } | { readonly ok: false; readonly reason: string } {
  const parsed = schema.safeParse(asked)
  if (parsed.success) return { ok: true, query: parsed.data }
  return { ok: false, reason: inWords(parsed.error, Object.keys(schema.shape)) }
}

/** The address of a page of the list. */
export function mappingHref({ kind, source, show, purpose, page }: MappingQuery): string {
  const search = new URLSearchParams()
  if (kind !== undefined) search.set('kind', kind)
  if (source !== undefined) search.set('source', source)
  if (show !== 'candidates') search.set('show', show)
  if (purpose !== 'work') search.set('purpose', purpose)
  if (page !== 1) search.set('page', String(page))
  return search.size === 0 ? '/mapping' : `/mapping?${search.toString()}`
}
