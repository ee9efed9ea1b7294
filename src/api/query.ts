import type { Context } from 'hono'
import type { z } from 'zod'
import { fault } from '../base/index.ts'
import { wrongField } from './wrong-field.ts'

/** The query of a request, checked. Usage fault with the parameter's name, never its value. */
export function queryOf<T extends z.ZodType>(context: Context, schema: T): z.infer<T> {
  const parsed = schema.safeParse(context.req.query())
  if (parsed.success) return parsed.data
  const { name, what } = wrongField(parsed.error.issues[0])
  throw fault('usage', 'api/invalid-query', `The parameter ${name}: ${what}.`, { place: { element: name } })
}
