import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Diagnostic } from '../base/index.ts'
import type { Resource } from '../fhir/index.ts'
import { type Issue, type IssueCode, operationOutcome } from '../report/index.ts'

/** A FHIR resource as the answer. */
export function answerResource(context: Context, resource: Resource, status: ContentfulStatusCode = 200): Response {
  return context.body(JSON.stringify(resource), status, { 'Content-Type': 'application/fhir+json; charset=utf-8' })
}

type Told = Pick<Diagnostic, 'code' | 'message' | 'remedy' | 'place'>

/** A refusal as an OperationOutcome with one issue per diagnostic; elements of the request become expressions. */
export function answerOutcome(
  context: Context,
  status: ContentfulStatusCode,
  code: IssueCode,
  diagnostics: readonly Told[],
): Response {
  const outcome = operationOutcome(
    diagnostics.map((diagnostic) => {
      const element = diagnostic.place?.element
      return { code, diagnostic, ...(element === undefined || element === '' ? {} : { expression: [element] }) }
    }),
  )
  return answerResource(context, outcome, status)
}

/** A refusal whose issues have codes of their own. */
export function answerIssues(context: Context, status: ContentfulStatusCode, issues: readonly Issue[]): Response {
  return answerResource(context, operationOutcome(issues), status)
}

/** True where the caller takes JSON of some kind. Without `Accept` everything is taken. */
export function acceptsJson(context: Context): boolean {
  const accept = context.req.header('accept')
  if (accept === undefined || accept.trim() === '') return true
  return accept.split(',').some((range) => {
    const [type = '', ...parameters] = range.trim().toLowerCase().split(';')
    const refused = parameters.some((parameter) => /^\s*q=0(\.0*)?\s*$/.test(parameter))
    return !refused && /^(\*\/\*|application\/(\*|([\w.-]+\+)?json))$/.test(type.trim())
  })
}
