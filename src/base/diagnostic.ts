/** A value that JSON can carry: what a diagnostic may hold beside its message. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }

/** Where a fault lies. Only what is known is present; line and column count from 1, byteOffset from 0. */
export interface Place {
  readonly file?: string
  readonly line?: number
  readonly column?: number
  readonly byteOffset?: number
  readonly library?: string
  readonly define?: string
  readonly localId?: string
  /** FHIR resource as `Type/id`; never a name or another identifier of a person. */
  readonly resource?: string
  /** Path of an element or configuration key, e.g. `sources.0.url`. */
  readonly element?: string
}

export type Severity = 'error' | 'warning' | 'information'

/**
 * One fault, said once: the fact, the place, the remedy. Holds no PHI: a resource is named by its id,
 * a person by source and patient id.
 */
export interface Diagnostic {
  /** Stable, kebab-case, prefixed by its room: `ingest/malformed-line`. */
  readonly code: string
  readonly message: string
  readonly severity: Severity
  readonly place?: Place
  /** What to do about it, in the imperative. */
  readonly remedy?: string
  readonly data?: Readonly<Record<string, JsonValue>>
}

/** The one line that a person reads: `file:line:column: message. Remedy` with only the known parts. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const where = formatPlace(diagnostic.place)
  const remedy = diagnostic.remedy === undefined ? '' : ` ${diagnostic.remedy}`
  return `${where === '' ? '' : `${where}: `}${diagnostic.message}${remedy}`
}

/** A place as text: `file:line:column` or `Library."Define":line:column`; empty where nothing is known. */
export function formatPlace(place: Place | undefined): string {
  if (place === undefined) return ''
  const position = [place.line, place.column].filter((part) => part !== undefined).join(':')
  const define = place.define === undefined ? undefined : `"${place.define}"`
  const logic = [place.library, define].filter((part) => part !== undefined).join('.')
  const head = [place.file, logic === '' ? undefined : logic, place.resource, place.element]
  return [...head.filter((part) => part !== undefined), ...(position === '' ? [] : [position])].join(':')
}
