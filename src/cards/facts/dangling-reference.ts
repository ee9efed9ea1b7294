import { isObject, type Resource } from '../../fhir/index.ts'

/** A reference to a resource of a type that was not sent along. */
export interface DanglingReference {
  /** Type of the resource that holds the reference. */
  readonly from: string
  readonly to: string
  /** As it stands there. */
  readonly reference: string
}

/**
 * References in `resources` to others of `types` that were neither `sent` nor contained where they are named.
 * What is no patient's own (a Medication, a Location) comes into a record by reference alone: with none
 * dangling, such a type is as complete as the resources that refer to it.
 */
export function danglingReferences(
  resources: readonly Resource[],
  sent: readonly Resource[],
  types: ReadonlySet<string>,
): readonly DanglingReference[] {
  const present = new Set(sent.map(({ resourceType, id }) => `${resourceType}/${id ?? ''}`))
  const found = new Map<string, DanglingReference>()
  for (const resource of resources) {
    const contained = containedIds(resource)
    for (const { type, reference } of referencesIn(resource)) {
      const known = reference.startsWith('#') ? contained.has(reference.slice(1)) : present.has(localPart(reference))
      if (known || type === undefined || !types.has(type)) continue
      found.set(`${resource.resourceType} ${reference}`, { from: resource.resourceType, to: type, reference })
    }
  }
  return [...found.values()]
}

function containedIds(resource: Resource): ReadonlySet<unknown> {
  const contained = Array.isArray(resource['contained']) ? resource['contained'].filter(isObject) : []
  return new Set(contained.map((item) => item['id']))
}

const localPart = (reference: string): string => reference.split('/_history/')[0]?.split('/').slice(-2).join('/') ?? ''

interface NamedReference {
  readonly type: string | undefined
  readonly reference: string
}

function referencesIn(resource: Resource): readonly NamedReference[] {
  const found: NamedReference[] = []
  const stack: (readonly [name: string, value: unknown])[] = Object.entries(resource)
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const [name, value] = next
    if (typeof value !== 'object' || value === null) continue
    const inner = Array.isArray(value) ? value.map((item) => [name, item] as const) : Object.entries(value)
    stack.push(...inner)
    if (isObject(value) && typeof value['reference'] === 'string') found.push(named(name, value, value['reference']))
  }
  return found
}

/** The type from the reference itself, else as stated, else from an element such as `medicationReference`. */
function named(element: string, value: Readonly<Record<string, unknown>>, reference: string): NamedReference {
  const written = /(?:^|\/)([A-Z][A-Za-z]+)\/[^/]+(?:\/_history\/[^/]+)?$/.exec(reference)?.[1]
  const stated = typeof value['type'] === 'string' ? value['type'] : undefined
  const byName = /^(\w+)Reference$/.exec(element)?.[1]
  const guessed = byName === undefined ? undefined : byName.charAt(0).toUpperCase() + byName.slice(1)
  return { type: written ?? stated ?? guessed, reference }
}
