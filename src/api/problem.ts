import { type Problem, type ProblemRenderer, renderProblemAsJson } from '../access/index.ts'
import type { IssueCode } from '../report/index.ts'
import { answerOutcome } from './fhir-answer.ts'

const issueCodes: Readonly<Record<Problem['status'], IssueCode>> = {
  400: 'invalid',
  401: 'login',
  403: 'forbidden',
  404: 'not-found',
  421: 'security',
  422: 'processing',
  426: 'security',
  500: 'exception',
  503: 'transient',
}

/** Problems in the tongue of the path: OperationOutcome for FHIR and CDS Hooks, JSON for `/api`, else the pages' own. */
export function problemRenderer(renderPage: ProblemRenderer = renderProblemAsJson): ProblemRenderer {
  return (context, problem) => {
    if (/^\/(fhir|cds-services)(\/|$)/.test(context.req.path)) {
      const told = { code: `http/${problem.status}`, message: problem.message, remedy: `Request ${problem.requestId}.` }
      const all = problem.diagnostics.length > 0 ? problem.diagnostics : [told]
      return answerOutcome(context, problem.status, issueCodes[problem.status], all)
    }
    const forPrograms = /^\/(api|health|ready)(\/|$)/.test(context.req.path)
    return (forPrograms ? renderProblemAsJson : renderPage)(context, problem)
  }
}
