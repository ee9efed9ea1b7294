/** What an element must hold: for codes, `code` or `system|code`; absent counts as holding none. */
export type ProfileCondition =
  | { readonly path: string; readonly oneOf: readonly string[] }
  | { readonly path: string; readonly noneOf: readonly string[] }

/** Elements that define a profile where `meta.profile` does not name it. All conditions must hold. */
export interface ProfileRule {
  readonly type: string
  readonly conditions: readonly ProfileCondition[]
}

const qicore = 'http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-'
const uscore = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-'
const loinc = (...codes: readonly string[]): readonly string[] => codes.map((code) => `http://loinc.org|${code}`)

const rule = (type: string, ...conditions: readonly ProfileCondition[]): ProfileRule => ({ type, conditions })
const holds = (path: string, ...oneOf: readonly string[]): ProfileCondition => ({ path, oneOf })
const lacks = (path: string, ...noneOf: readonly string[]): ProfileCondition => ({ path, noneOf })
const asked = lacks('doNotPerform', 'true')
const notAsked = holds('doNotPerform', 'true')
const done = lacks('status', 'not-done')
const notDone = holds('status', 'not-done')
const observed = lacks('status', 'cancelled')
const vitalSign = (...codes: readonly string[]): ProfileRule =>
  rule('Observation', observed, { path: 'code', oneOf: loinc(...codes) })

/**
 * Profiles of QI-Core and US Core that a retrieve may ask for, by what their definitions fix: the category, the
 * code, the status or the negation. Profiles that are not here fix nothing that tells resources of a type apart.
 */
export const profileRules: Readonly<Record<string, ProfileRule>> = {
  [`${qicore}condition-encounter-diagnosis`]: rule('Condition', holds('category', 'encounter-diagnosis')),
  // A condition without a category is taken for a problem: it is on the person's list, whatever the visit.
  [`${qicore}condition-problems-health-concerns`]: rule('Condition', lacks('category', 'encounter-diagnosis')),
  [`${qicore}servicerequest`]: rule('ServiceRequest', asked),
  [`${qicore}servicenotrequested`]: rule('ServiceRequest', notAsked),
  [`${qicore}medicationrequest`]: rule('MedicationRequest', asked),
  [`${qicore}medicationnotrequested`]: rule('MedicationRequest', notAsked),
  [`${qicore}devicerequest`]: rule('DeviceRequest', lacks('modifierExtension.valueBoolean', 'true')),
  [`${qicore}devicenotrequested`]: rule('DeviceRequest', holds('modifierExtension.valueBoolean', 'true')),
  [`${qicore}procedure`]: rule('Procedure', done),
  [`${qicore}procedurenotdone`]: rule('Procedure', notDone),
  [`${qicore}immunization`]: rule('Immunization', done),
  [`${qicore}immunizationnotdone`]: rule('Immunization', notDone),
  [`${qicore}medicationadministration`]: rule('MedicationAdministration', done),
  [`${qicore}medicationadministrationnotdone`]: rule('MedicationAdministration', notDone),
  [`${qicore}medicationdispense`]: rule('MedicationDispense', lacks('status', 'declined')),
  [`${qicore}medicationdispensedeclined`]: rule('MedicationDispense', holds('status', 'declined')),
  [`${qicore}communication`]: rule('Communication', done),
  [`${qicore}communicationnotdone`]: rule('Communication', notDone),
  [`${qicore}task`]: rule('Task', lacks('status', 'rejected')),
  [`${qicore}taskrejected`]: rule('Task', holds('status', 'rejected')),
  [`${qicore}simple-observation`]: rule('Observation', observed),
  [`${qicore}observationcancelled`]: rule('Observation', holds('status', 'cancelled')),
  [`${qicore}observation-lab`]: rule('Observation', observed, holds('category', 'laboratory')),
  [`${qicore}observation-screening-assessment`]: rule(
    'Observation',
    observed,
    lacks('category', 'laboratory', 'vital-signs'),
  ),
  [`${qicore}observation-clinical-result`]: rule('Observation', observed, lacks('category', 'vital-signs', 'survey')),
  [`${uscore}blood-pressure`]: vitalSign('85354-9'),
  [`${uscore}bmi`]: vitalSign('39156-5'),
  [`${uscore}body-height`]: vitalSign('8302-2'),
  [`${uscore}body-weight`]: vitalSign('29463-7'),
  [`${uscore}body-temperature`]: vitalSign('8310-5'),
  [`${uscore}heart-rate`]: vitalSign('8867-4'),
  [`${uscore}respiratory-rate`]: vitalSign('9279-1'),
  [`${uscore}pulse-oximetry`]: vitalSign('59408-5', '2708-6'),
  [`${uscore}head-circumference`]: vitalSign('9843-4'),
  [`${uscore}smokingstatus`]: vitalSign('72166-2'),
}
