import { type Day, isoDay } from '../calendar.ts'
import type { Act, Diagnosis, Fact, Order, Prescription, Visit } from '../fact.ts'
import { codeable, hl7, type Json, type Pen, stamp } from './written.ts'

/** A date as precisely as it was recorded; whole moments carry the source's stamp. */
export function dated(pen: Pen, fact: Fact): string {
  if (fact.precision === 'year') return isoDay(fact.day).slice(0, 4)
  if (fact.precision === 'month') return isoDay(fact.day).slice(0, 7)
  return stamp(pen, fact.day, fact.minute)
}

/** The visit that a fact belongs to, or one that the export does not hold. */
export function encounterOf(pen: Pen, fact: Fact): Json {
  if (fact.lostVisit === true) return { encounter: { reference: `Encounter/${pen.patientId}-lost` } }
  return fact.visit?.id === undefined ? {} : { encounter: { reference: `Encounter/${fact.visit.id}` } }
}

const classNames = {
  AMB: 'ambulatory',
  IMP: 'inpatient encounter',
  EMER: 'emergency',
  VR: 'virtual',
  HH: 'home health',
}

export function writeVisit(pen: Pen, visit: Visit): Json {
  const start = stamp(pen, visit.day, visit.minute)
  const end = stamp(pen, visit.day, visit.minute + visit.length)
  return {
    resourceType: 'Encounter',
    id: visit.id,
    status: visit.status,
    class: {
      system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
      code: visit.kind.class,
      display: classNames[visit.kind.class],
    },
    type: visit.kind.codes.map((code) => codeable(pen, code)),
    subject: pen.patient,
    participant: [{ individual: pen.practitioner }],
    period: { start, end },
    ...(visit.reason === undefined ? {} : { reasonCode: [codeable(pen, visit.reason)] }),
    ...(visit.disposition === undefined
      ? {}
      : { hospitalization: { dischargeDisposition: codeable(pen, visit.disposition) } }),
    location: [{ location: pen.location }],
    serviceProvider: pen.organization,
  }
}

const categoryNames = {
  'problem-list-item': 'Problem List Item',
  'encounter-diagnosis': 'Encounter Diagnosis',
} as const

export function writeDiagnosis(pen: Pen, fact: Diagnosis): Json {
  const status = fact.end === undefined ? 'active' : 'resolved'
  const wrong = fact.verification === 'entered-in-error'
  return {
    resourceType: 'Condition',
    id: fact.id,
    ...(wrong ? {} : { clinicalStatus: hl7('condition-clinical', status, status) }),
    verificationStatus: hl7('condition-ver-status', fact.verification, fact.verification),
    category: [hl7('condition-category', fact.category, categoryNames[fact.category])],
    code: codeable(pen, fact.code),
    ...(fact.site === undefined ? {} : { bodySite: [codeable(pen, fact.site)] }),
    subject: pen.patient,
    ...encounterOf(pen, fact),
    onsetDateTime: fact.precision === undefined ? isoDay(fact.day) : dated(pen, fact),
    ...(fact.end === undefined ? {} : { abatementDateTime: isoDay(fact.end) }),
    recordedDate: isoDay(fact.visit?.day ?? fact.day),
  }
}

export function writeAct(pen: Pen, fact: Act): Json {
  return {
    resourceType: 'Procedure',
    id: fact.id,
    status: fact.status,
    ...(fact.reason === undefined ? {} : { statusReason: codeable(pen, fact.reason) }),
    code: codeable(pen, fact.code),
    subject: pen.patient,
    ...encounterOf(pen, fact),
    ...performed(pen, fact),
    performer: [{ actor: pen.practitioner }],
  }
}

function performed(pen: Pen, fact: Act): Json {
  const start = dated(pen, fact)
  const end: Day | undefined = fact.end
  return end === undefined
    ? { performedDateTime: start }
    : { performedPeriod: { start, end: stamp(pen, end, fact.minute) } }
}

export function writePrescription(pen: Pen, fact: Prescription): Json {
  return {
    resourceType: 'MedicationRequest',
    id: fact.id,
    status: fact.status,
    intent: 'order',
    ...(fact.reason === undefined ? {} : { doNotPerform: true, reasonCode: [codeable(pen, fact.reason)] }),
    medicationCodeableConcept: codeable(pen, fact.code),
    subject: pen.patient,
    ...encounterOf(pen, fact),
    authoredOn: dated(pen, fact),
    requester: pen.practitioner,
    dosageInstruction: [
      {
        text: 'Take one daily',
        timing: {
          repeat: {
            boundsPeriod: { start: isoDay(fact.day), end: isoDay(fact.day + fact.supplyDays) },
            frequency: 1,
            period: 1,
            periodUnit: 'd',
          },
        },
      },
    ],
    dispenseRequest: {
      validityPeriod: { start: isoDay(fact.day), end: isoDay(fact.day + fact.supplyDays) },
      expectedSupplyDuration: { value: fact.supplyDays, unit: 'days', system: 'http://unitsofmeasure.org', code: 'd' },
    },
  }
}

export function writeOrder(pen: Pen, fact: Order): Json {
  const code = codeable(pen, fact.code)
  return {
    resourceType: fact.device ? 'DeviceRequest' : 'ServiceRequest',
    id: fact.id,
    status: fact.status,
    intent: 'order',
    ...(fact.refused === undefined ? {} : { doNotPerform: true, reasonCode: [codeable(pen, fact.refused)] }),
    ...(fact.device ? { codeCodeableConcept: code } : { code }),
    subject: pen.patient,
    ...encounterOf(pen, fact),
    authoredOn: dated(pen, fact),
    requester: pen.practitioner,
  }
}
