import { isObject, type Resource } from '../fhir/index.ts'
import { conceptText } from './code-display.ts'

type Json = Readonly<Record<string, unknown>>

/**
 * The value of a resource as written, with its unit: `9.4 %`, `152/88 mm[Hg]`, `positive`, or
 * `no value (unknown)` where a reason for its absence is given. Undefined where it holds no value.
 */
export function valueText(resource: Resource): string | undefined {
  return valueOf(resource) ?? componentsText(resource['component']) ?? absence(resource)
}

/** True for a resource that should have a value but has none, or only says why not. */
export function lacksValue(resource: Resource): boolean {
  const bare = valueOf(resource) ?? componentsText(resource['component'])
  return resource.resourceType === 'Observation' && bare === undefined
}

function valueOf(element: Json): string | undefined {
  for (const [name, value] of Object.entries(element)) {
    if (!/^value[A-Z]/.test(name)) continue
    const text = datatypeText(value)
    if (text !== undefined) return text
  }
  return undefined
}

/** What a value of a FHIR datatype says; undefined where it says nothing. */
export function datatypeText(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim()
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (!isObject(value)) return undefined
  if (value['value'] !== undefined) return quantityText(value)
  if (isObject(value['low']) || isObject(value['high'])) return spanText(value['low'], value['high'], ' to ')
  if (isObject(value['numerator'])) return spanText(value['numerator'], value['denominator'], ' / ')
  if (value['start'] !== undefined || value['end'] !== undefined)
    return [value['start'], value['end']].filter((date) => typeof date === 'string').join(' to ')
  return conceptText(value)
}

function spanText(first: unknown, second: unknown, joint: string): string {
  const parts = [first, second].filter(isObject).map(quantityText)
  return parts.filter((part) => part !== undefined).join(joint)
}

function quantityText(quantity: Json): string | undefined {
  const number = quantity['value']
  if (typeof number !== 'number' && typeof number !== 'string') return undefined
  const comparator = typeof quantity['comparator'] === 'string' ? quantity['comparator'] : ''
  const unit = unitOf(quantity)
  return `${comparator}${number}${unit === undefined ? '' : ` ${unit}`}`
}

/** The code where it is UCUM's, for it is what the logic reads; else the unit as shown. */
function unitOf(quantity: Json): string | undefined {
  const ucum = quantity['system'] === 'http://unitsofmeasure.org' ? quantity['code'] : undefined
  return [ucum, quantity['unit'], quantity['code']].find((unit): unit is string => typeof unit === 'string')
}

const systolic = '8480-6'
const diastolic = '8462-4'

/** `152/88 mm[Hg]` for a blood pressure, `name value, name value` for other components. */
function componentsText(value: unknown): string | undefined {
  const components = Array.isArray(value) ? value.filter(isObject) : []
  const pressure = [systolic, diastolic].map((code) => components.find((component) => hasCode(component, code)))
  const [high, low] = pressure.map((component) => component?.['valueQuantity']).filter(isObject)
  if (high !== undefined && low !== undefined) {
    const unit = unitOf(high) ?? unitOf(low)
    return `${String(high['value'])}/${String(low['value'])}${unit === undefined ? '' : ` ${unit}`}`
  }
  const parts = components.flatMap((component) => {
    const text = valueOf(component)
    return text === undefined ? [] : [`${conceptText(component['code']) ?? 'component'} ${text}`]
  })
  return parts.length === 0 ? undefined : parts.join(', ')
}

function hasCode(component: Json, code: string): boolean {
  const concept = component['code']
  const codings = isObject(concept) && Array.isArray(concept['coding']) ? concept['coding'].filter(isObject) : []
  return codings.some((coding) => coding['code'] === code)
}

function absence(resource: Resource): string | undefined {
  const reason = conceptText(resource['dataAbsentReason'])
  return reason === undefined ? undefined : `no value (${reason})`
}
