import type { Context } from 'hono'
import { CaregapError, type Diagnostic } from '../base/index.ts'

/** Why a request got no answer: the least that helps the caller, nothing of the data or the machine. */
export interface Problem {
  readonly status: 400 | 401 | 403 | 404 | 421 | 422 | 426 | 500 | 503
  readonly message: string
  readonly requestId: string
  /** What a wrong request or input was refused for; empty for every other status. */
  readonly diagnostics: readonly Diagnostic[]
}

/** How an edge words a problem (a page, an OperationOutcome); the status stays the problem's. */
export type ProblemRenderer = (context: Context, problem: Problem) => Response | Promise<Response>

const sentences: Readonly<Record<Problem['status'], string>> = {
  400: 'The request is not valid.',
  401: 'Log in first.',
  403: 'You may not see this.',
  404: 'There is no such thing here.',
  421: 'This server does not answer to that host name.',
  426: 'This server answers over TLS only.',
  422: 'The input was refused.',
  500: 'The server made an error; its log names it by this request id.',
  503: 'The server cannot answer now; try again later.',
}

/** The problem of a status, with its sentence. */
export function problemOf(
  status: Problem['status'],
  requestId: string,
  diagnostics: readonly Diagnostic[] = [],
): Problem {
  return { status, message: sentences[status], requestId, diagnostics }
}

/**
 * The problem that something thrown by a handler is: wrong use 400, refused input 422 (both with their
 * diagnostics), a system that failed 503, anything else 500.
 */
export function problemOfThrown(thrown: unknown, requestId: string): Problem {
  if (!(thrown instanceof CaregapError) || thrown.kind === 'bug') return problemOf(500, requestId)
  if (thrown.kind === 'system') return problemOf(503, requestId)
  return problemOf(thrown.kind === 'usage' ? 400 : 422, requestId, thrown.diagnostics)
}

/** The plain form: JSON with message, request id and diagnostics. */
export const renderProblemAsJson: ProblemRenderer = (context, problem) =>
  context.json(
    { error: problem.message, requestId: problem.requestId, diagnostics: problem.diagnostics.map(publicPart) },
    problem.status,
  )

/** Files and SQL of this machine are no business of a caller. */
function publicPart({ code, message, remedy }: Diagnostic) {
  return { code, message, ...(remedy === undefined ? {} : { remedy }) }
}
