import type { Fact } from './fact.ts'
import type { Person } from './person.ts'
import { writeCoverage } from './shapes/coverage.ts'
import { type PatientEntry, writePatient } from './shapes/patient.ts'
import { writeFact } from './shapes/write-fact.ts'
import type { Json, Pen } from './shapes/written.ts'
import { sourceAt } from './sources.ts'
import { cliniciansPerPractice, practiceOf } from './workforce.ts'
import { utcStamp } from './zone.ts'

/** A resource on its way into a source's export, and the fact that it shows. */
export interface Written {
  readonly type: string
  readonly resource: Json
  readonly fact: Fact | undefined
}

/** The pen that writes one person's record in one source. */
export function takePen(person: Person, home: number, patientId: string): Pen {
  const practice = practiceOf(person.index) + 1
  const clinician = (person.index % cliniciansPerPractice) + 1
  return {
    source: sourceAt(home),
    patientId,
    patient: { reference: `Patient/${patientId}` },
    practitioner: { reference: `Practitioner/pr-${practice}-${clinician}` },
    organization: { reference: `Organization/org-${practice}` },
    location: { reference: `Location/loc-${practice}` },
    aliased: false,
  }
}

/** The record of a person in one source: the patient, the coverage and each fact that has its home there. */
export function* writeRecord(
  pen: Pen,
  person: Person,
  entry: PatientEntry,
  facts: readonly Fact[],
): Generator<Written> {
  yield { type: 'Patient', resource: writePatient(pen, person, entry), fact: undefined }
  yield { type: 'Coverage', resource: writeCoverage(pen, person), fact: undefined }
  let number = 0
  for (const fact of facts) fact.id = `${pen.patientId}-${++number}`
  for (const fact of facts) {
    pen.aliased = fact.mess?.includes('code-system-alias') === true
    const resource = writeFact(pen, fact)
    if (pen.source.lastUpdated) resource.meta = { lastUpdated: utcStamp(pen.source.zone, fact.day, fact.minute + 90) }
    yield { type: String(resource.resourceType), resource, fact }
  }
}
