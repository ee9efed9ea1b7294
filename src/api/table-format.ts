import type { Context } from 'hono'
import { type TableFormat, tableFormats, tableMediaTypes } from '../jobs/index.ts'

/** What an answer is wanted as: by `format`, else by the first media type of `Accept` that is one of them; else JSON. */
export function formatAsked(context: Context, format: 'json' | TableFormat | undefined): 'json' | TableFormat {
  if (format !== undefined) return format
  const accepted = (context.req.header('Accept') ?? '').split(',').map((part) => part.split(';')[0]?.trim() ?? '')
  for (const type of accepted) {
    if (type === 'application/json') return 'json'
    const found = tableFormats.find((one) => tableMediaTypes[one] === type)
    if (found !== undefined) return found
  }
  return 'json'
}
