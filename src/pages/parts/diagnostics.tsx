import { type Diagnostic, formatPlace } from '../../base/index.ts'

/** Diagnostics as a run stored them; text that is no list of them is itself the one diagnostic, never dropped. */
export function diagnosticsOf(json: string): readonly Diagnostic[] {
  try {
    const parsed: unknown = JSON.parse(json)
    if (Array.isArray(parsed)) return parsed as readonly Diagnostic[]
  } catch {
    // Told below: what was stored is shown as it is.
  }
  return [{ code: 'pages/diagnostics-unreadable', message: json, severity: 'error' }]
}

/** What went wrong, where, and what to do about it: a line each. */
export const DiagnosticList = ({ diagnostics }: { readonly diagnostics: readonly Diagnostic[] }) =>
  diagnostics.length === 0 ? (
    <p>No reason was stored.</p>
  ) : (
    <ul class="diagnostics">
      {diagnostics.map((diagnostic) => (
        <li>
          {diagnostic.severity === 'error' ? <strong>{diagnostic.message}</strong> : diagnostic.message}{' '}
          <span class="soft">{diagnostic.remedy ?? ''}</span>
          <span class="cell-note">
            <code>{diagnostic.code}</code> {formatPlace(diagnostic.place)}
          </span>
        </li>
      ))}
    </ul>
  )
