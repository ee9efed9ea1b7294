import type { Context } from 'hono'
import type { z } from 'zod'
import { fault } from '../base/index.ts'

/** The query of a request, checked. Usage fault with the parameter's name, never its value. */
export function queryOf<T extends z.ZodType>(context: Context, schema: T): z.infer<T> {
  const parsed = schema.safeParse(context.req.query())
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const name = issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : (issue?.path.map(String).join('.') ?? '')
  const what = issue?.code === 'unrecognized_keys' ? 'is not known here' : (issue?.message ?? 'is not valid')
  throw fault('usage', 'api/invalid-query', `The parameter ${name}: ${what}.`, { place: { element: name } })
}
