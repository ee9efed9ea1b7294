import type { Context } from 'hono'
import type { Diagnostic, Result } from '../base/index.ts'
import { acceptsJson, answerOutcome } from './fhir-answer.ts'
import { readJsonBody } from './json-body.ts'

export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly response: Response }

const fail = (response: Response) => ({ ok: false, response }) as const

/** Accept, media type, size, JSON and content, in this order; the first that fails is the answer. */
export async function readChecked<T>(context: Context, check: (body: unknown) => Result<T>): Promise<Checked<T>> {
  if (!acceptsJson(context)) return fail(answerOutcome(context, 406, 'not-supported', [onlyJson]))
  const body = await readJsonBody(context.req.raw)
  if (!body.ok) {
    const diagnostic = { code: 'api/body-refused', message: body.message, remedy: body.remedy }
    // What is left of the body is not read, so the connection cannot serve another request.
    if (body.status === 413) context.header('Connection', 'close')
    return fail(answerOutcome(context, body.status, body.status === 413 ? 'too-long' : 'structure', [diagnostic]))
  }
  const checked = check(body.value)
  if (!checked.ok) return fail(answerOutcome(context, 400, 'invalid', checked.diagnostics))
  return { ok: true, value: checked.value }
}

const onlyJson: Pick<Diagnostic, 'code' | 'message' | 'remedy'> = {
  code: 'api/only-json',
  message: 'This server answers in JSON only.',
  remedy: 'Send Accept: application/json.',
}
