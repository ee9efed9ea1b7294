import { join } from 'node:path'
import { projectRoot, unwrap } from '../../src/base/index.ts'
import type { InstalledMeasure, MeasureGroup } from '../../src/content/index.ts'
import { cqlSource, translate } from '../../src/elm/index.ts'
import type { Resource } from '../../src/fhir/index.ts'
import { pinValueSets, type ValueSets } from '../../src/terminology/index.ts'

// Measures written for a test as CQL: nobody wrote a rule or a word about them anywhere else.

const loinc = 'http://loinc.org'
const sets = {
  potassium: [{ system: loinc, code: '2823-3', display: 'Potassium [Moles/volume] in Serum or Plasma' }],
  'bone-density': [{ system: loinc, code: '38269-7', display: 'DXA Skeletal system Views for bone density' }],
  'eye-exam': [
    { system: 'http://snomed.info/sct', code: '252779009', display: 'Single bright white flash electroretinography' },
  ],
  'clinic-visit': [{ system: 'http://snomed.info/sct', code: '185349003', display: 'Encounter for check up' }],
}
const canonical = (name: string) => `http://example.org/ValueSet/${name}`

/** The value sets of the made measures. */
export const madeValueSets: ValueSets = pinValueSets(
  Object.entries(sets).map(([name, members]) => ({ url: canonical(name), sha256: name, members })),
)

const head = (name: string) => `library ${name} version '1'
using FHIR version '4.0.1'
include FHIRHelpers version '4.0.1' called FHIRHelpers
valueset "Potassium": '${canonical('potassium')}'
valueset "Bone Density Scan": '${canonical('bone-density')}'
valueset "Eye Examination": '${canonical('eye-exam')}'
valueset "Clinic Visit": '${canonical('clinic-visit')}'
parameter "Measurement Period" Interval<DateTime>
context Patient
define "Everybody": exists [Encounter: "Clinic Visit"] V where V.status = 'finished' and V.period starts during day of "Measurement Period"
`

/** Bodies by name: a define `Done` each, of quite different make. */
const bodies = {
  /** A value in range within the period. */
  PotassiumInRange: `define "Done": exists ([Observation: "Potassium"] O
  where O.status in {'final', 'amended', 'corrected'}
    and FHIRHelpers.ToDateTime(O.effective as FHIR.dateTime) during day of "Measurement Period"
    and (O.value as FHIR.Quantity) < 5.5 'mmol/L')`,
  /** An inverse measure: whoever has no good latest value is in the numerator. */
  PotassiumPoor: `define "Latest": Last([Observation: "Potassium"] O
  where O.status = 'final' and FHIRHelpers.ToDateTime(O.effective as FHIR.dateTime) during day of "Measurement Period"
  sort by FHIRHelpers.ToDateTime(effective as FHIR.dateTime))
define "Done": "Latest" is null or "Latest".value is null or not Coalesce(("Latest".value as FHIR.Quantity) < 5.5 'mmol/L', false)`,
  /** Done within five years, in an ambulatory encounter. */
  BoneScan: `define "Ambulatory": [Encounter] E where E.class.code = 'AMB'
define "Done": exists ([Procedure: "Eye Examination"] P
  with "Ambulatory" E such that P.encounter.reference = 'Encounter/' + E.id
  where P.status = 'completed'
    and FHIRHelpers.ToDateTime(P.performed as FHIR.dateTime) during day of
      Interval[start of "Measurement Period" - 5 years, end of "Measurement Period"])`,
} as const
export type MadeLogic = keyof typeof bodies

const population = (code: 'initial-population' | 'denominator' | 'numerator', define: string) => ({
  id: code,
  code,
  define,
})

/** An installed measure of one of the bodies. */
export async function measureOf(name: MadeLogic, group: Partial<MeasureGroup> = {}): Promise<InstalledMeasure> {
  const text = `${head(name)}${bodies[name]}\n`
  const closure = unwrap(await translate({ name, sources: [cqlSource(text)], folders: [join(projectRoot, 'cql')] }))
  const url = `http://example.org/Measure/${name}`
  return {
    id: name,
    url,
    version: '1',
    title: name,
    description: name,
    groups: [
      {
        id: 'group',
        scoring: 'proportion',
        basis: 'boolean',
        improvementNotation: 'increase',
        populations: [
          population('initial-population', 'Everybody'),
          population('denominator', 'Everybody'),
          population('numerator', 'Done'),
        ],
        ...group,
      },
    ],
    closure,
    valueSets: Object.keys(sets).map(canonical),
    phrases: new Map(),
    contentHash: name,
    resource: { resourceType: 'Measure', id: name, url, version: '1', status: 'active' },
  }
}

const snomed = 'http://snomed.info/sct'

export const patient: Resource = { resourceType: 'Patient', id: 'p', birthDate: '1960-05-05', gender: 'female' }

export const visit = (id: string, day: string, more: object = {}): Resource => ({
  resourceType: 'Encounter',
  id,
  status: 'finished',
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
  type: [{ coding: [{ system: snomed, code: '185349003' }] }],
  period: { start: `${day}T09:00:00Z`, end: `${day}T09:30:00Z` },
  ...more,
})

export const potassium = (more: object = {}): Resource => ({
  resourceType: 'Observation',
  id: 'k',
  status: 'final',
  code: { coding: [{ system: loinc, code: '2823-3', display: 'Potassium' }] },
  effectiveDateTime: '2026-03-02T08:00:00Z',
  valueQuantity: { value: 4.2, unit: 'mmol/L', system: 'http://unitsofmeasure.org', code: 'mmol/L' },
  ...more,
})

export const eyeExam = (more: object = {}): Resource => ({
  resourceType: 'Procedure',
  id: 'e',
  status: 'completed',
  code: { coding: [{ system: snomed, code: '252779009', display: 'Electroretinography' }] },
  performedDateTime: '2024-06-01T10:00:00Z',
  encounter: { reference: 'Encounter/v1' },
  ...more,
})
