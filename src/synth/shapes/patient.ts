import { ageOn, type Day, isoDay } from '../calendar.ts'
import type { Person } from '../person.ts'
import { enterpriseSystem } from '../sources.ts'
import { type Json, type Pen, stamp } from './written.ts'

const usCore = 'http://hl7.org/fhir/us/core/StructureDefinition'
const raceSystem = 'urn:oid:2.16.840.1.113883.6.238'

/** How the patient of one source differs from the person. */
export interface PatientEntry {
  readonly enterpriseId: string | undefined
  readonly mrn: string
  readonly birth: Day
  readonly sex: 'female' | 'male'
  readonly died: Day | undefined
  /** Some records only say that somebody has died, not when. */
  readonly deathDateKnown: boolean
}

const maritalStatus: Json = {
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-MaritalStatus', code: 'UNK', display: 'unknown' }],
}

/** A US Core Patient. */
export function writePatient(pen: Pen, person: Person, entry: PatientEntry): Json {
  return {
    resourceType: 'Patient',
    id: pen.patientId,
    extension: [raceOf(person), ethnicityOf(person), sexOf(entry)],
    identifier: identifiersOf(pen, entry),
    active: true,
    name: [{ use: 'official', family: person.family, given: [person.given, person.middle] }],
    telecom: [{ system: 'phone', value: `${pen.source.areaCode}-${person.phone}`, use: 'home' }],
    gender: entry.sex,
    birthDate: isoDay(entry.birth),
    ...deceasedOf(pen, entry),
    address: [
      {
        use: 'home',
        line: [person.street],
        city: pen.source.city,
        state: pen.source.state,
        postalCode: `${pen.source.zip}${String(person.index % 90).padStart(2, '0')}`,
        country: 'US',
      },
    ],
    ...(ageOn(entry.birth, 20818) < 18 ? {} : { maritalStatus }),
    communication: [{ language: { coding: [{ system: 'urn:ietf:bcp:47', code: person.language }] }, preferred: true }],
    generalPractitioner: [pen.practitioner],
    managingOrganization: pen.organization,
  }
}

function deceasedOf(pen: Pen, entry: PatientEntry): Json {
  if (entry.died === undefined) return {}
  return entry.deathDateKnown ? { deceasedDateTime: stamp(pen, entry.died, 615) } : { deceasedBoolean: true }
}

function identifiersOf(pen: Pen, entry: PatientEntry): Json[] {
  const mrn = {
    use: 'usual',
    type: {
      coding: [
        { system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR', display: 'Medical record number' },
      ],
    },
    system: pen.source.mrnSystem,
    value: entry.mrn,
  }
  if (entry.enterpriseId === undefined) return [mrn]
  return [mrn, { use: 'secondary', system: enterpriseSystem, value: entry.enterpriseId }]
}

function raceOf(person: Person): Json {
  const { code, display } = person.race
  const known = code !== 'UNK'
  const system = known ? raceSystem : 'http://terminology.hl7.org/CodeSystem/v3-NullFlavor'
  return {
    extension: [
      { url: 'ombCategory', valueCoding: { system, code, display } },
      { url: 'text', valueString: display },
    ],
    url: `${usCore}/us-core-race`,
  }
}

function ethnicityOf(person: Person): Json {
  const [code, display] = person.hispanic ? ['2135-2', 'Hispanic or Latino'] : ['2186-5', 'Not Hispanic or Latino']
  return {
    extension: [
      { url: 'ombCategory', valueCoding: { system: raceSystem, code, display } },
      { url: 'text', valueString: display },
    ],
    url: `${usCore}/us-core-ethnicity`,
  }
}

const sexOf = (entry: PatientEntry): Json => ({
  url: `${usCore}/us-core-sex`,
  valueCode: entry.sex === 'female' ? '248152002' : '248153007',
})
