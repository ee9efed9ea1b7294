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
  return inWords(parsed.error, Object.keys(query.shape))
}

/** Why an address was refused, a sentence for each reason, with what may be given in its place. */
export function inWords({ issues }: z.ZodError, known: readonly string[]): string {
  const takes = known.length === 0 ? 'This page takes none.' : `This page takes ${known.join(', ')}.`
  return issues
    .map((issue) =>
      issue.code === 'unrecognized_keys'
        ? `It knows no filter ${issue.keys.join(', ')}. ${takes}`
        : `${issue.path.join('.')} ${wrongOf(issue)}.`,
    )
    .join(' ')
}

function wrongOf(issue: z.core.$ZodIssue): string {
  // A message of the page's own says it best.
  if (!/^(Invalid|Too (big|small))/.test(issue.message)) return issue.message
  if (issue.code === 'invalid_value')
    return `is ${issue.values.length === 1 ? '' : 'one of '}${issue.values.join(', ')}`
  if (issue.code === 'invalid_type') return 'is a whole number'
  if (issue.code === 'too_big')
    return issue.origin === 'string' ? `has at most ${issue.maximum} characters` : `is at most ${issue.maximum}`
  if (issue.code === 'too_small') return `is at least ${issue.minimum}`
  return 'is not valid'
}

/** True of an array, with or without a default. */
function isList(schema: unknown): boolean {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return isList(schema.unwrap())
  return schema instanceof z.ZodArray
}
