import type { Context } from 'hono'
import { readBytes } from '../../access/index.ts'
import { fault } from '../../base/index.ts'

/** What a form's fields hold; a field that stands several times is a list. */
export type Form = Readonly<Record<string, string | File | readonly (string | File)[]>>

/** More than any form of the pages sends but an uploaded list: 500 gaps are some 40 KB. */
const mostOfFields = 500_000

/**
 * The fields of a form that was sent, none where the body is no form. Its size is counted while it is read. Usage fault
 * `pages/invalid-form` for one that is larger than `most` bytes, or cannot be taken apart.
 */
export async function readForm(context: Context, most: number = mostOfFields): Promise<Form> {
  const type = context.req.header('content-type') ?? ''
  if (!/^(multipart\/form-data|application\/x-www-form-urlencoded)\b/i.test(type)) return {}
  const bytes = await readBytes(context.req.raw, most)
  if (bytes === undefined)
    throw fault('usage', 'pages/invalid-form', `The form is larger than ${Math.round(most / 1000)} KB.`, {
      remedy: 'Send it in parts.',
    })
  const sent = await new Response(bytes, { headers: { 'Content-Type': type } }).formData().catch(() => {
    throw fault('usage', 'pages/invalid-form', 'The form could not be read: its parts are not as its type says.', {
      remedy: 'Go back and send it again.',
    })
  })
  const fields = new Map<string, (string | File)[]>()
  for (const [name, value] of sent) fields.set(name, [...(fields.get(name) ?? []), value])
  return Object.fromEntries(
    [...fields].map(([name, [first = '', ...more]]) => [name, more.length === 0 ? first : [first, ...more]]),
  )
}
