import { familyNames, femaleNames, maleNames } from './names.ts'
import { npiOf } from './npi.ts'
import { Random } from './random.ts'
import type { Json } from './shapes/written.ts'
import { sourceAt } from './sources.ts'

/** How many people share one practice of a source, and how many clinicians it has. */
const panel = 400
export const cliniciansPerPractice = 4

/** A practice of a source: its organization, its place and its clinicians. */
export interface Practice {
  readonly source: number
  readonly number: number
  readonly name: string
  readonly tin: string
  readonly clinicians: readonly Clinician[]
}

export interface Clinician {
  readonly id: string
  readonly npi: string
  readonly given: string
  readonly family: string
  readonly from: string
  readonly to: string
}

const districts = 'East,Hill,Station,Market,Garden,Bay,North,College,Bridge,Orchard'.split(',')

/** The number of practices that a population of a size has in every source. */
export const practiceCount = (patients: number): number => Math.max(1, Math.ceil(patients / panel))

/** Which practice a person belongs to: the neighbours share it. */
export const practiceOf = (index: number): number => Math.floor(index / panel)

/** A practice by its number. Its first clinician also works in the next source: the same NPI in two EHRs. */
export function createPractice(seed: number, source: number, number: number): Practice {
  const clinicians = Array.from({ length: cliniciansPerPractice }, (_, place) =>
    createClinician(seed, source, number, place),
  )
  const district = districts[number % districts.length] ?? ''
  const suffix = number < districts.length ? '' : ` ${Math.floor(number / districts.length) + 1}`
  return {
    source,
    number,
    name: `${sourceAt(source).title} ${district}${suffix}`,
    tin: String(910000000 + source * 1000000 + number),
    clinicians,
  }
}

function createClinician(seed: number, source: number, practice: number, place: number): Clinician {
  const shared = place === 0 && source > 0
  const owner = shared ? source - 1 : source
  const seat = shared ? cliniciansPerPractice - 1 : place
  const random = new Random(seed, 7001, owner, practice, seat)
  const names = random.chance(0.5) ? femaleNames : maleNames
  const serial = 100000000 + ((owner * 20000000 + practice * 10 + seat) % 99999999)
  return {
    id: `pr-${practice + 1}-${place + 1}`,
    npi: npiOf(String(serial)),
    given: random.pick(names),
    family: random.pick(familyNames),
    from: random.chance(0.2) ? '2026-04-01' : '2021-01-01',
    to: random.chance(0.1) ? '2026-09-30' : '',
  }
}

/** The Organization, Location, Practitioner and PractitionerRole resources of a practice. */
export function writePractice(practice: Practice): Json[] {
  const source = sourceAt(practice.source)
  const org = `org-${practice.number + 1}`
  const organization: Json = {
    resourceType: 'Organization',
    id: org,
    identifier: [{ system: 'urn:oid:2.16.840.1.113883.4.4', value: practice.tin }],
    active: true,
    type: [
      {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/organization-type',
            code: 'prov',
            display: 'Healthcare Provider',
          },
        ],
      },
    ],
    name: practice.name,
    partOf: { reference: 'Organization/system' },
  }
  const location: Json = {
    resourceType: 'Location',
    id: `loc-${practice.number + 1}`,
    status: 'active',
    name: practice.name,
    address: { city: source.city, state: source.state, postalCode: `${source.zip}01`, country: 'US' },
    managingOrganization: { reference: `Organization/${org}` },
  }
  return [
    organization,
    location,
    ...practice.clinicians.flatMap((one) => writeClinician(one, org, `loc-${practice.number + 1}`)),
  ]
}

function writeClinician(one: Clinician, org: string, location: string): Json[] {
  return [
    {
      resourceType: 'Practitioner',
      id: one.id,
      identifier: [{ system: 'http://hl7.org/fhir/sid/us-npi', value: one.npi }],
      active: true,
      name: [{ family: one.family, given: [one.given], suffix: ['MD'] }],
    },
    {
      resourceType: 'PractitionerRole',
      id: `${one.id}-role`,
      active: one.to === '',
      period: { start: one.from, ...(one.to === '' ? {} : { end: one.to }) },
      practitioner: { reference: `Practitioner/${one.id}` },
      organization: { reference: `Organization/${org}` },
      code: [
        {
          coding: [
            { system: 'http://nucc.org/provider-taxonomy', code: '207Q00000X', display: 'Family Medicine Physician' },
          ],
        },
      ],
      location: [{ reference: `Location/${location}` }],
    },
  ]
}

/** The health system itself and the payer that Coverage points at. */
export function writeSystem(source: number): Json[] {
  return [
    { resourceType: 'Organization', id: 'system', active: true, name: sourceAt(source).title },
    { resourceType: 'Organization', id: 'payer', active: true, name: 'Payers' },
  ]
}
