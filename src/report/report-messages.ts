import type { Diagnostic } from '../base/index.ts'
import type { Resource } from '../fhir/index.ts'
import { extensionUrls } from './extension-urls.ts'
import { operationOutcome } from './operation-outcome.ts'

const messagesExtension = extensionUrls.messages

/** A report with what must be known beside its numbers, as a contained OperationOutcome; as it is where there is nothing. */
export function withMessages(report: Resource, diagnostics: readonly Diagnostic[]): Resource {
  if (diagnostics.length === 0) return report
  const issues = diagnostics.map((diagnostic) => {
    const code = diagnostic.severity === 'information' ? ('informational' as const) : ('exception' as const)
    return { code, diagnostic }
  })
  return {
    ...report,
    contained: [...listOf(report['contained']), { ...operationOutcome(issues), id: 'messages' }],
    extension: [...listOf(report['extension']), { url: messagesExtension, valueReference: { reference: '#messages' } }],
  }
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
