import { isObject, type Resource } from '../fhir/index.ts'

const codeElements = [
  'code',
  'vaccineCode',
  'medicationCodeableConcept',
  'type',
  'serviceType',
  'codeCodeableConcept',
  'reasonCode',
  'category',
]

/**
 * What a resource is about, in words: the text or a display of its code, else the bare code, else its
 * type. Works on any resource type; never throws on odd shapes.
 */
export function codeDisplay(resource: Resource): string {
  for (const element of codeElements) {
    const text = conceptText(resource[element])
    if (text !== undefined) return text
  }
  return referenceDisplay(resource['medicationReference']) ?? resource.resourceType
}

/** Text of a CodeableConcept, Coding, or the first of a list of them; undefined where it says nothing. */
export function conceptText(value: unknown): string | undefined {
  const concept: unknown = Array.isArray(value) ? value[0] : value
  if (!isObject(concept)) return undefined
  const codings = Array.isArray(concept['coding']) ? concept['coding'].filter(isObject) : [concept]
  const display = codings.map((coding) => textOf(coding['display'])).find((text) => text !== undefined)
  const code = codings.map((coding) => textOf(coding['code'])).find((text) => text !== undefined)
  return textOf(concept['text']) ?? display ?? code
}

function referenceDisplay(value: unknown): string | undefined {
  return isObject(value) ? textOf(value['display']) : undefined
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}
