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
  const resource: unknown = JSON.parse(qualifiedText(raw, qualifier))
  qualifyId(resource, qualifier)
  return resource
}

/** JSON of any number of resources of a source, with every local reference in it qualified; `onLocal` is told each as it stands there. */
export function qualifiedText(raw: string, qualifier: Qualifier, onLocal?: (type: string, id: string) => void): string {
  // Most resources of a person refer to the same few.
  const known = new Map<string, string>()
  return raw.replace(referenceText, (whole, text: string) => {
    const found = known.get(text)
    if (found !== undefined) return found
    const isEscaped = text.includes('\\')
    const reference = isEscaped ? (JSON.parse(`"${text}"`) as string) : text
    const local = parseLocalReference(reference, qualifier.base)
    if (local !== undefined && !isEscaped) onLocal?.(local.type, local.id)
    const qualified =
      local === undefined ? whole : `"reference":${JSON.stringify(qualifier.rewrite(local.type, local.id))}`
    known.set(text, qualified)
    return qualified
  })
}

/** Gives a resource that was just parsed its qualified id. */
export function qualifyId(resource: unknown, { source }: Qualifier): void {
  if (isMutableObject(resource) && typeof resource['id'] === 'string')
    resource['id'] = qualifiedId(source, resource['id'])
}

/**
 * A resource that is parsed already, qualified as `parseQualified` does it. The one handed in stays as it is: only what
 * holds a reference that changes is copied, the rest is shared.
 */
export function qualifiedCopy<T extends Readonly<Record<string, unknown>>>(resource: T, qualifier: Qualifier): T {
  const copy = withQualified(resource, qualifier) as T
  const id: unknown = resource['id']
  return typeof id === 'string' ? { ...copy, id: qualifiedId(qualifier.source, id) } : copy
}

function withQualified(value: unknown, qualifier: Qualifier): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return itemsQualified(value, qualifier)
  const object = value as Readonly<Record<string, unknown>>
  let copy: Record<string, unknown> | undefined
  for (const key in object) {
    const held = object[key]
    const qualified =
      key === 'reference' && typeof held === 'string'
        ? qualifiedReference(held, qualifier)
        : withQualified(held, qualifier)
    if (qualified === held) continue
    copy ??= { ...object }
    copy[key] = qualified
  }
  return copy ?? object
}

function itemsQualified(items: readonly unknown[], qualifier: Qualifier): readonly unknown[] {
  let copy: unknown[] | undefined
  for (const [index, item] of items.entries()) {
    const qualified = withQualified(item, qualifier)
    if (qualified === item) continue
    copy ??= [...items]
    copy[index] = qualified
  }
  return copy ?? items
}

function qualifiedReference(reference: string, { base, rewrite }: Qualifier): string {
  const local = parseLocalReference(reference, base)
  return local === undefined ? reference : rewrite(local.type, local.id)
}

function isMutableObject(value: unknown): value is Record<string, unknown> {
  return isObject(value)
}
