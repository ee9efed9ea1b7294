import { FhirNode } from './fhir-node.ts'
import type { ValueLetter } from './interpretation.ts'

/** The rid of a record's resource by the very JSON object that nodes are views of. */
export type ResourceKeys = ReadonlyMap<object, string>

export function letterOf(value: unknown): ValueLetter {
  if (value === null || value === undefined) return 'n'
  if (value === true) return 't'
  if (value === false) return 'f'
  if (!Array.isArray(value)) return 'v'
  return value.some((item) => item !== null && item !== undefined) ? 'l' : 'z'
}

/** Resources inside a value (lists and tuples are searched), in order, each once. */
export function ridsOf(value: unknown, keys: ResourceKeys): readonly string[] {
  const found = new Set<string>()
  collect(value, keys, found)
  return [...found]
}

function collect(value: unknown, keys: ResourceKeys, found: Set<string>): void {
  if (typeof value !== 'object' || value === null) return
  if (value instanceof FhirNode) {
    const rid = keys.get(FhirNode.jsonOf(value))
    if (rid !== undefined) found.add(rid)
  } else if (Array.isArray(value)) {
    for (const item of value) collect(item, keys, found)
  } else if (Object.getPrototypeOf(value) === Object.prototype) {
    for (const item of Object.values(value)) collect(item, keys, found)
  }
}

/**
 * What tells the members of a list apart, nulls left out: the rid of a resource, `Type/id` of one that is not
 * stored, the JSON of anything else. Empty for what is no list.
 */
export function membersOf(value: unknown, keys: ResourceKeys): readonly string[] {
  if (!Array.isArray(value)) return []
  return value.filter((item) => item !== null && item !== undefined).map((item: unknown) => memberKey(item, keys))
}

function memberKey(item: unknown, keys: ResourceKeys): string {
  if (!(item instanceof FhirNode)) return JSON.stringify(item)
  const json = FhirNode.jsonOf(item)
  const rid = keys.get(json)
  if (rid !== undefined) return rid
  return FhirNode.classOf(item).isResource
    ? `${String(json['resourceType'])}/${String(json['id'])}`
    : JSON.stringify(json)
}
