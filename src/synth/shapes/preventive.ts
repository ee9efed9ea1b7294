import { isoDay } from '../calendar.ts'
import type { Booking, Intolerance, Report, Vaccination } from '../fact.ts'
import { dated, encounterOf } from './clinical.ts'
import { codeable, hl7, type Json, type Pen, stamp } from './written.ts'

export function writeVaccination(pen: Pen, fact: Vaccination): Json {
  return {
    resourceType: 'Immunization',
    id: fact.id,
    status: fact.refused ? 'not-done' : 'completed',
    ...(fact.refused ? { statusReason: hl7('v3-ActReason', 'PATOBJ', 'patient objection') } : {}),
    vaccineCode: codeable(pen, fact.code),
    patient: pen.patient,
    ...encounterOf(pen, fact),
    occurrenceDateTime: dated(pen, fact),
    primarySource: true,
  }
}

export function writeIntolerance(pen: Pen, fact: Intolerance): Json {
  return {
    resourceType: 'AllergyIntolerance',
    id: fact.id,
    clinicalStatus: hl7('allergyintolerance-clinical', 'active', 'Active'),
    verificationStatus: hl7('allergyintolerance-verification', 'confirmed', 'Confirmed'),
    code: codeable(pen, fact.code),
    patient: pen.patient,
    recordedDate: isoDay(fact.day),
  }
}

export function writeReport(pen: Pen, fact: Report): Json {
  return {
    resourceType: 'DiagnosticReport',
    id: fact.id,
    status: 'final',
    category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: fact.group }] }],
    code: codeable(pen, fact.code),
    subject: pen.patient,
    ...encounterOf(pen, fact),
    effectiveDateTime: dated(pen, fact),
    issued: stamp(pen, fact.day, fact.minute + 30),
    performer: [pen.organization],
    result: fact.results.map((observed) => ({ reference: `Observation/${observed.id}` })),
  }
}

const checkUp = hl7('v2-0276', 'CHECKUP', 'A routine check-up, such as an annual physical')
const routine = hl7('v2-0276', 'ROUTINE', 'Routine appointment')

export function writeBooking(pen: Pen, fact: Booking): Json {
  return {
    resourceType: 'Appointment',
    id: fact.id,
    status: fact.status,
    appointmentType: fact.status === 'booked' ? checkUp : routine,
    start: stamp(pen, fact.day, fact.minute),
    end: stamp(pen, fact.day, fact.minute + fact.kind.minutes),
    participant: [
      { actor: pen.patient, status: 'accepted' },
      { actor: pen.practitioner, status: 'accepted' },
      { actor: pen.location, status: 'accepted' },
    ],
  }
}
