import { isObject, type Resource } from '../fhir/index.ts'
import { applyMaps, type CodeMap, mapTable } from '../terminology/index.ts'

/** A resource as a caller sent it -> the same with what approved maps say beside what it says. */
export type Translate = (resource: Resource) => Resource

/** The approved maps over the data of a source (those of all sources alone where it is not known), as stored lines have them. */
export function translationOf(approved: readonly CodeMap[], source: string | undefined): Translate {
  const table = mapTable(approved, source ?? '')
  if (table.size === 0) return (resource) => resource
  return (resource) => {
    const mapped = applyMaps(resource, table)
    return isObject(mapped) ? (mapped as Resource) : resource
  }
}
