import type { Context } from 'hono'
import { z } from 'zod'

/** What a page takes in its address: a strict schema, or `own` where the page reads and judges its address itself. */
export type PageQuery = z.ZodObject | 'own'

/** A page that takes nothing. */
export const takesNothing = z.strictObject({})

/** Pages that tell counts show them for work, or as they may be published. */
const purpose = z.enum(['work', 'release'], 'is work or release').optional()
export const takesPurpose = z.strictObject({ purpose })

/** The pages of a measure's group. */
export const takesGroup = z.strictObject({ purpose, group: z.string().max(200).optional() })

/**
 * What is wrong with an address, in words; undefined where nothing is. What is not known, and what stands twice, is refused:
 * taken in silence it would show another page than the one that was asked for (a misspelt `purpose=release` exact counts).
 */
export function faultOfQuery(context: Context, query: PageQuery): string | undefined {
  const given = context.req.queries()
  const lists = query === 'own' ? {} : query.shape
  const twice = Object.keys(given).find((name) => (given[name]?.length ?? 0) > 1 && !isList(lists[name]))
  if (twice !== undefined) return `${twice} stands there twice.`
  if (query === 'own') return undefined
  const values = Object.entries(given).map(([name, all]) => [name, isList(lists[name]) ? all : all[0]])
  const parsed = query.safeParse(Object.fromEntries(values))
  if (parsed.success) return undefined
  const known = Object.keys(query.shape)
  const takes = known.length === 0 ? 'This page takes none.' : `This page takes ${known.join(', ')}.`
  const reasons = parsed.error.issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? `It knows no filter ${issue.keys.join(', ')}. ${takes}`
      : `${issue.path.join('.')} ${issue.message.replace(/^Invalid.*/, 'is not valid')}.`,
  )
  return reasons.join(' ')
}

/** True of an array, with or without a default. */
function isList(schema: unknown): boolean {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return isList(schema.unwrap())
  return schema instanceof z.ZodArray
}
