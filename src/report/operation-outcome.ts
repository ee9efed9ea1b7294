import type { Diagnostic } from '../base/index.ts'
import type { Resource } from '../fhir/index.ts'

/** Codes of http://hl7.org/fhir/issue-type that this server uses. */
export type IssueCode =
  | 'invalid'
  | 'structure'
  | 'required'
  | 'value'
  | 'not-found'
  | 'not-supported'
  | 'multiple-matches'
  | 'conflict'
  | 'expired'
  | 'too-costly'
  | 'too-long'
  | 'security'
  | 'login'
  | 'forbidden'
  | 'incomplete'
  | 'processing'
  | 'exception'
  | 'throttled'
  | 'informational'
  | 'transient'

export interface Issue {
  readonly code: IssueCode
  readonly diagnostic: Pick<Diagnostic, 'message' | 'remedy' | 'code'> & Partial<Pick<Diagnostic, 'severity' | 'place'>>
  /** Elements of the request that the issue is about: a parameter, a prefetch key. */
  readonly expression?: readonly string[]
}

/** An R4 OperationOutcome of one or more issues. Places that are files of this machine are left out. */
export function operationOutcome(issues: readonly Issue[]): Resource {
  return {
    resourceType: 'OperationOutcome',
    issue: issues.map(({ code, diagnostic, expression }) => ({
      severity: diagnostic.severity ?? 'error',
      code,
      details: { text: diagnostic.message },
      diagnostics: [diagnostic.code, diagnostic.remedy].filter((part) => part !== undefined).join(': '),
      ...(expression === undefined ? {} : { expression }),
    })),
  }
}
