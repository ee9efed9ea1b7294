import { isObject } from '../fhir/index.ts'

/** What a reference of a record reads: given a local one's type and id, the qualified text. */
export type ReferenceRewriter = (type: string, id: string) => string

const localReference = /^([A-Z][A-Za-z]*)\/([^/?#|\s]+)(?:\/_history\/[^/]+)?$/

/** `lakeside.123`: source names hold no dot, so the first one always ends the source. */
export function qualifiedId(source: string, id: string): string {
  return `${source}.${id}`
}

/**
 * The type and id of a reference to a resource of its own source: relative, or below the source's base URL
 * (which ends in a slash). Undefined for those elsewhere, contained, conditional and `urn:` ones.
 */
export function parseLocalReference(
  reference: string,
  base?: string,
): { readonly type: string; readonly id: string } | undefined {
  const relative = base !== undefined && reference.startsWith(base) ? reference.slice(base.length) : reference
  const match = localReference.exec(relative)
  return match?.[1] === undefined || match[2] === undefined ? undefined : { type: match[1], id: match[2] }
}

/** How the resources of one source enter a record. */
export interface Qualifier {
  readonly source: string
  /** The source's base URL, ending in a slash. */
  readonly base?: string
  readonly rewrite: ReferenceRewriter
}

/** A reference's text in JSON. Within a JSON string every quote is escaped, so no text of a value can look like this. */
const referenceText = /"reference"\s*:\s*"((?:[^"\\]|\\.)*)"/g

/**
 * Parses a resource with its id and every local reference in it qualified, contained resources included: one
 * pass over the text and one parse, for this is what a run does most. Versioned references lose their
 * version: a record holds the current one. Throws a SyntaxError where `raw` is not JSON.
 */
export function parseQualified(raw: string, qualifier: Qualifier): unknown {
  const qualified = raw.replace(referenceText, (whole, text: string) => {
    const reference = text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text
    const local = parseLocalReference(reference, qualifier.base)
    return local === undefined ? whole : `"reference":${JSON.stringify(qualifier.rewrite(local.type, local.id))}`
  })
  const resource: unknown = JSON.parse(qualified)
  if (isMutableObject(resource) && typeof resource['id'] === 'string') {
    resource['id'] = qualifiedId(qualifier.source, resource['id'])
  }
  return resource
}

function isMutableObject(value: unknown): value is Record<string, unknown> {
  return isObject(value)
}
