import type { Zone } from './zone.ts'

/** One EHR and its habits: what sets its export apart from the others'. */
export interface Source {
  readonly name: string
  readonly title: string
  readonly zone: Zone
  readonly mrnSystem: string
  /** Whether moments are written in UTC, or locally with an offset. */
  readonly utc: boolean
  /** Share of people who are (also) seen here first, and as their second place. */
  readonly share: number
  readonly city: string
  readonly state: string
  readonly zip: string
  readonly areaCode: string
  /** What its codings call the systems now and then instead of the usual URI. */
  readonly aliases: Readonly<Record<string, string>>
  readonly aliasShare: number
  /** Whether resources say when they were last updated. */
  readonly lastUpdated: boolean
}

/** Shared by all sources: the only system whose equal values mean the same person. */
export const enterpriseSystem = 'urn:oid:2.16.840.1.113883.19.5.100'

export const sources: readonly Source[] = [
  {
    name: 'lakeside',
    title: 'Lakeside Health',
    zone: { name: 'America/Chicago', standardLag: 6 },
    mrnSystem: 'urn:oid:2.16.840.1.113883.19.5.1',
    utc: true,
    share: 0.45,
    city: 'Port Ellery',
    state: 'WI',
    zip: '530',
    areaCode: '414',
    aliases: {
      'http://hl7.org/fhir/sid/icd-10-cm': 'urn:oid:2.16.840.1.113883.6.90',
      'http://loinc.org': 'urn:oid:2.16.840.1.113883.6.1',
    },
    aliasShare: 0.06,
    lastUpdated: true,
  },
  {
    name: 'northgate',
    title: 'Northgate Clinics',
    zone: { name: 'America/New_York', standardLag: 5 },
    mrnSystem: 'https://northgate.example/fhir/mrn',
    utc: false,
    share: 0.33,
    city: 'Fenwick',
    state: 'OH',
    zip: '441',
    areaCode: '216',
    aliases: {
      'http://snomed.info/sct': 'urn:oid:2.16.840.1.113883.6.96',
      'http://www.nlm.nih.gov/research/umls/rxnorm': 'urn:oid:2.16.840.1.113883.6.88',
      'http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets': 'urn:oid:2.16.840.1.113883.6.285',
    },
    aliasShare: 0.06,
    lastUpdated: false,
  },
  {
    name: 'harbor',
    title: 'Harbor Medical Group',
    zone: { name: 'America/Los_Angeles', standardLag: 8 },
    mrnSystem: 'urn:oid:2.16.840.1.113883.19.5.3',
    utc: true,
    share: 0.22,
    city: 'Cape Sorrel',
    state: 'OR',
    zip: '970',
    areaCode: '503',
    aliases: {
      'http://loinc.org': 'https://loinc.org',
      'http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets': 'http://www.nlm.nih.gov/research/umls/hcpcs',
      'http://hl7.org/fhir/sid/icd-10-cm': 'https://hl7.org/fhir/sid/icd-10-cm',
    },
    aliasShare: 0.05,
    lastUpdated: true,
  },
]

/** The source at an index that is known to be good. */
export const sourceAt = (index: number): Source => sources[index] as Source
