import type { Resource } from '../fhir/index.ts'

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

/**
 * Qualifies a resource's id and every local reference in it, contained resources included. Changes the
 * resource in place: hand in one that was parsed for this alone. Versioned references lose their version:
 * a record holds the current one.
 */
export function qualifyInPlace(resource: Resource, qualifier: Qualifier): void {
  const node = resource as Record<string, unknown>
  if (typeof node['id'] === 'string') node['id'] = qualifiedId(qualifier.source, node['id'])
  qualifyReferences(node, qualifier)
}

function qualifyReferences(node: Record<string, unknown>, qualifier: Qualifier): void {
  for (const key in node) {
    const value = node[key]
    if (typeof value === 'object' && value !== null) qualifyValue(value, qualifier)
    else if (key === 'reference' && typeof value === 'string') node[key] = qualifyReference(value, qualifier)
  }
}

function qualifyValue(value: object, qualifier: Qualifier): void {
  if (!Array.isArray(value)) return qualifyReferences(value as Record<string, unknown>, qualifier)
  for (const item of value) if (typeof item === 'object' && item !== null) qualifyValue(item, qualifier)
}

function qualifyReference(reference: string, { base, rewrite }: Qualifier): string {
  const local = parseLocalReference(reference, base)
  return local === undefined ? reference : rewrite(local.type, local.id)
}
