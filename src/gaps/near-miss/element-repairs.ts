import { isObject, type RecordEntry } from '../../fhir/index.ts'
import { lacksValue } from '../value-text.ts'
import type { LogicReads, QuantityRead } from './logic-reads.ts'
import { pathText, type Repair, repairedAt } from './repair.ts'

const ucum = 'http://unitsofmeasure.org'

type Path = readonly (string | number)[]

/** Every object within a resource with its path; narrative, metadata and contained resources are left out. */
function* objectsIn(value: unknown, path: Path = []): Generator<readonly [Path, Readonly<Record<string, unknown>>]> {
  if (Array.isArray(value)) {
    for (const [index, item] of (value as readonly unknown[]).entries()) yield* objectsIn(item, [...path, index])
  } else if (isObject(value)) {
    yield [path, value]
    for (const [name, inner] of Object.entries(value))
      if (!/^(meta|text|contained|extension|modifierExtension)$/.test(name)) yield* objectsIn(inner, [...path, name])
  }
}

const isQuantity = (path: Path, value: Readonly<Record<string, unknown>>): boolean =>
  typeof value['value'] === 'number' && /quantity|low|high/i.test(String(path.at(-1)))

/** A quantity without a unit that the logic can read, given each unit that the logic compares with. */
export function unitRepairs(entry: RecordEntry, { quantities, timeUnits }: LogicReads): Repair[] {
  const compared = [...new Set(quantities.map(({ unit }) => unit))]
  return [...objectsIn(entry.resource)].flatMap(([path, value]) => {
    const understood = value['system'] === ucum && typeof value['code'] === 'string'
    if (!isQuantity(path, value) || understood) return []
    const is = [value['unit'], value['code']].find((text): text is string => typeof text === 'string')
    // A value with a unit of another kind is no span of time that lacks its unit.
    const units = is === undefined ? [...compared, ...timeUnits] : compared
    return units.map((unit): Repair => {
      const repaired = repairedAt(entry.resource, path, { ...value, unit, system: ucum, code: unit })
      const element = `${pathText(path)}.${is === undefined ? 'unit' : 'code'}`
      return { kind: 'no-unit', entry, repaired, element, wanted: unit, ...(is === undefined ? {} : { is }) }
    })
  })
}

/** An observation without a value, given values about those that the logic compares with. */
export function valueRepairs(entry: RecordEntry, { quantities }: LogicReads): Repair[] {
  if (!lacksValue(entry.resource)) return []
  const { dataAbsentReason: _, ...bare } = entry.resource
  return quantities.flatMap((quantity) =>
    around(quantity).map((value): Repair => {
      const valueQuantity = { value, unit: quantity.unit, system: ucum, code: quantity.unit }
      const repaired = { ...bare, resourceType: entry.resource.resourceType, valueQuantity }
      return { kind: 'no-value', entry, repaired, element: 'value', wanted: `a value in ${quantity.unit}` }
    }),
  )
}

const around = ({ value }: QuantityRead): readonly number[] => [value * 0.9, value, value * 1.1 + 1]

/** By type: where the status stands, the codes that say done (or in force), and those that take a fact back. */
interface StatusRule {
  readonly done: readonly string[]
}
const report: StatusRule = { done: ['final', 'amended', 'corrected'] }
const event: StatusRule = { done: ['completed'] }
const statusRules: Readonly<Record<string, StatusRule>> = {
  Observation: report,
  DiagnosticReport: report,
  Procedure: event,
  Immunization: event,
  MedicationAdministration: event,
  MedicationDispense: event,
  Communication: event,
  QuestionnaireResponse: event,
  Encounter: { done: ['finished', 'in-progress'] },
  MedicationRequest: { done: ['active', 'completed'] },
  MedicationStatement: { done: ['active', 'completed'] },
  ServiceRequest: { done: ['active', 'completed'] },
  DeviceRequest: { done: ['active', 'completed'] },
  CarePlan: { done: ['active', 'completed'] },
}

/** Withdrawn by whoever recorded it: no repair would be right. */
const withdrawn = new Set(['entered-in-error', 'cancelled', 'not-done', 'stopped', 'revoked', 'declined', 'aborted'])

/** A resource that is not final yet (or is only suspected), made so. */
export function statusRepairs(entry: RecordEntry): Repair[] {
  const { resource } = entry
  const status = resource['status']
  const done = statusRules[entry.type]?.done ?? []
  const repairs: Repair[] = []
  if (typeof status === 'string' && !done.includes(status) && !withdrawn.has(status))
    for (const wanted of done)
      repairs.push({
        kind: 'not-final',
        entry,
        repaired: { ...resource, status: wanted },
        element: 'status',
        is: status,
        wanted,
      })
  const verification = codeOf(resource['verificationStatus'])
  if (verification !== undefined && ['unconfirmed', 'provisional', 'differential'].includes(verification)) {
    const system = 'http://terminology.hl7.org/CodeSystem/condition-ver-status'
    const verificationStatus = { coding: [{ system, code: 'confirmed' }] }
    const repaired = { ...resource, verificationStatus }
    repairs.push({
      kind: 'not-final',
      entry,
      repaired,
      element: 'verificationStatus',
      is: verification,
      wanted: 'confirmed',
    })
  }
  return repairs
}

function codeOf(concept: unknown): string | undefined {
  const [coding] = isObject(concept) && Array.isArray(concept['coding']) ? (concept['coding'] as unknown[]) : []
  return isObject(coding) && typeof coding['code'] === 'string' ? coding['code'] : undefined
}
