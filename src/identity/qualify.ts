import type { Resource } from '../fhir/index.ts'

/** Turns a local reference (`Encounter/123`) into the one of the person's record; undefined leaves it as it is. */
export type ReferenceRewriter = (type: string, id: string) => string | undefined

const localReference = /^([A-Z][A-Za-z]*)\/([^/?#|\s]+)(?:\/_history\/[^/]+)?$/

/** `lakeside.123`: source names hold no dot, so the first one always ends the source. */
export function qualifiedId(source: string, id: string): string {
  return `${source}.${id}`
}

/** The type and id of a local reference; undefined for absolute, contained, conditional and `urn:` ones. */
export function parseLocalReference(reference: string): { readonly type: string; readonly id: string } | undefined {
  const match = localReference.exec(reference)
  return match?.[1] === undefined || match[2] === undefined ? undefined : { type: match[1], id: match[2] }
}

/**
 * Qualifies a resource's id and every local reference in it, contained resources included. Changes the
 * resource in place: hand in one that was parsed for this alone. Versioned references lose their version:
 * a record holds the current one.
 */
export function qualifyInPlace(resource: Resource, source: string, rewrite: ReferenceRewriter): Resource {
  const node = resource as Record<string, unknown>
  if (typeof node['id'] === 'string') node['id'] = qualifiedId(source, node['id'])
  qualifyReferences(node, rewrite)
  return resource
}

function qualifyReferences(node: Record<string, unknown>, rewrite: ReferenceRewriter): void {
  for (const key in node) {
    const value = node[key]
    if (typeof value === 'object' && value !== null) qualifyValue(value, rewrite)
    else if (key === 'reference' && typeof value === 'string') node[key] = qualifyReference(value, rewrite)
  }
}

function qualifyValue(value: object, rewrite: ReferenceRewriter): void {
  if (!Array.isArray(value)) return qualifyReferences(value as Record<string, unknown>, rewrite)
  for (const item of value) if (typeof item === 'object' && item !== null) qualifyValue(item, rewrite)
}

function qualifyReference(reference: string, rewrite: ReferenceRewriter): string {
  const local = parseLocalReference(reference)
  return local === undefined ? reference : (rewrite(local.type, local.id) ?? reference)
}
