import type { InstalledMeasure } from '../../src/content/index.ts'
import type { Resource } from '../../src/fhir/index.ts'
import type { PersonEvaluation } from '../../src/measure/index.ts'
import { and, exists, madeEvaluation, madeMeasure, not, opaque, or, ref, retrieve } from '../gaps/made-measure.ts'
import type { Evaluate } from './fake-application.ts'

// Two made measures and the request of an EHR for them: the ground of the CDS Hooks tests.

const orderUrl = 'https://caregap.dev/fhir/StructureDefinition/suggested-order'

/** Open unless the record has a result; inverse. */
export const glycemic = madeMeasure({
  id: 'glycemic',
  group: { improvementNotation: 'decrease' },
  populations: { 'initial-population': 'IP', denominator: 'IP', numerator: 'Numerator' },
  defines: {
    IP: exists(ref('Visits')),
    Visits: retrieve('Encounter'),
    Numerator: or(not(exists(ref('Results'))), ref('Above Nine')),
    'Above Nine': opaque('Results'),
    Results: retrieve('Observation'),
  },
  phrases: {
    Results: { whenTrue: 'there is a result', whenFalse: 'no HbA1c result in {period}', nextAction: 'order an HbA1c' },
    'Above Nine': {
      whenTrue: 'the most recent result, {evidence}, is above 9%',
      whenFalse: 'the most recent result, {evidence}, is 9% or lower',
    },
  },
  resource: {
    relatedArtifact: [{ type: 'citation', url: 'https://ecqi.healthit.gov/ecqm/ec/2026/cms0122v14' }],
    contained: [
      {
        resourceType: 'ActivityDefinition',
        id: 'order-hba1c',
        status: 'active',
        kind: 'ServiceRequest',
        title: 'Order an HbA1c',
        intent: 'order',
        code: { coding: [{ system: 'http://loinc.org', code: '4548-4', display: 'Hemoglobin A1c' }] },
      },
    ],
    extension: [
      {
        url: orderUrl,
        extension: [
          { url: 'order', valueReference: { reference: '#order-hba1c' } },
          { url: 'reason', valueCode: 'no-qualifying-result' },
        ],
      },
    ],
  },
})

/** Reads a type that the other does not, so that it can fail alone. */
export const medicated = madeMeasure({
  id: 'medicated',
  populations: { 'initial-population': 'IP', denominator: 'IP', numerator: 'Prescribed' },
  defines: {
    IP: opaque(),
    Prescribed: exists(ref('Orders')),
    Orders: and(retrieve('MedicationRequest'), retrieve('Medication')),
  },
  phrases: { Orders: { whenTrue: 'a prescription is there', whenFalse: 'no prescription' } },
})

/** In place of an engine: results above 9 and presence, straight from the entries. */
export const evaluate: Evaluate = (record, measure) => {
  const rids = (type: string) => record.entries.filter((entry) => entry.type === type).map(({ rid }) => rid)
  return measure.id === 'glycemic'
    ? evaluateGlycemic(
        measure,
        record.entries.map(({ resource }) => resource),
        rids,
      )
    : evaluateMedicated(measure, rids)
}

type Rids = (type: string) => readonly string[]

function evaluateGlycemic(measure: InstalledMeasure, resources: readonly Resource[], rids: Rids): PersonEvaluation {
  const found = rids('Observation').length > 0
  const values = resources.map((resource) => (resource['valueQuantity'] as { value?: number } | undefined)?.value ?? 0)
  const high = values.some((value) => value > 9)
  const visited = rids('Encounter').length > 0
  return madeEvaluation(measure, {
    counts: visited
      ? { 'initial-population': 1, denominator: 1, numerator: !found || high ? 1 : 0 }
      : { 'initial-population': 0 },
    letters: {
      IP: visited ? 't' : 'f',
      Visits: visited ? 'l' : 'z',
      Numerator: !found || high ? 't' : 'f',
      'Above Nine': high ? 't' : 'f',
      Results: found ? 'l' : 'z',
    },
    evidence: { Results: rids('Observation') },
  })
}

function evaluateMedicated(measure: InstalledMeasure, rids: Rids): PersonEvaluation {
  const found = rids('MedicationRequest').length > 0
  return madeEvaluation(measure, {
    counts: { 'initial-population': 1, denominator: 1, numerator: found ? 1 : 0 },
    letters: { IP: 't', Prescribed: found ? 't' : 'f', Orders: found ? 'l' : 'z' },
    evidence: { Orders: rids('MedicationRequest') },
  })
}

export const subject = { reference: 'Patient/p1' }

export const searchset = (...resources: readonly Resource[]): Resource => ({
  resourceType: 'Bundle',
  type: 'searchset',
  total: resources.length,
  entry: resources.map((resource) => ({ resource })),
})

export const result = (value: number, text = 'Hemoglobin A1c', id = 'o1'): Resource => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  subject,
  code: { text, coding: [{ system: 'http://loinc.org', code: '4548-4' }] },
  effectiveDateTime: '2026-03-02',
  valueQuantity: { value, unit: '%', system: 'http://unitsofmeasure.org', code: '%' },
})

export const visit: Resource = {
  resourceType: 'Encounter',
  id: 'e1',
  status: 'finished',
  subject,
  period: { start: '2026-02-01' },
}

export const prescription: Resource = {
  resourceType: 'MedicationRequest',
  id: 'm1',
  status: 'active',
  intent: 'order',
  subject,
  medicationCodeableConcept: { text: 'Metformin' },
}

/** The whole prefetch of a person with a visit and a prescription; results as given. */
export const prefetchOf = (...observations: readonly Resource[]): Record<string, unknown> => ({
  patient: { resourceType: 'Patient', id: 'p1', birthDate: '1970-01-01', gender: 'female' },
  encounter: searchset(visit),
  medicationRequest: searchset(prescription),
  observation: searchset(...observations),
})

export const requestOf = (prefetch: unknown, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  hook: 'patient-view',
  hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
  context: { userId: 'Practitioner/example', patientId: 'p1' },
  prefetch,
  ...more,
})
