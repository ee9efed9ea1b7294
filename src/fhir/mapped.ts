import { isObject, type Resource } from './resource.ts'

/** Marks, in a resource's meta, what a code map changed. It is in no line that a source sent. */
export const mappedExtension = 'https://caregap.example/fhir/StructureDefinition/mapped'

/** What code maps changed in a resource, in words: `local|A1C -> http://loinc.org|4548-4 (map 3, approved by ana on 2026-03-02)`. */
export function mappingsIn(resource: Resource): readonly string[] {
  const meta = resource['meta']
  const extensions = isObject(meta) && Array.isArray(meta['extension']) ? meta['extension'].filter(isObject) : []
  return extensions.flatMap(({ url, valueString }) =>
    url === mappedExtension && typeof valueString === 'string' ? [valueString] : [],
  )
}
