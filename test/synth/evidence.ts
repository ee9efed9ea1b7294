import { type Json, type Sourced, sourceZones } from './demo.ts'
import { type SetName, samples } from './value-set-samples.ts'

/** First and last day that a recorded date may mean; a moment is read in the zone of its source. */
export interface Days {
  readonly first: string
  readonly last: string
}

export const period: Days = { first: '2026-01-01', last: '2026-12-31' }

export const isDuring = (days: Days | undefined, span: Days = period): boolean =>
  days !== undefined && days.first >= span.first && days.last <= span.last

export const overlaps = (days: Days | undefined, span: Days = period): boolean =>
  days !== undefined && days.first <= span.last && days.last >= span.first

export const endsBy = (days: Days | undefined, day: string): boolean => days !== undefined && days.last <= day

const formats = new Map<string, Intl.DateTimeFormat>()

/** The civil day of a moment in a source's zone, by the platform's zone tables. */
function localDay(source: string, moment: string): string {
  const zone = sourceZones[source] ?? 'UTC'
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' })
    formats.set(zone, format)
  }
  return format.format(new Date(moment))
}

export function daysOf(source: string, date: unknown): Days | undefined {
  if (typeof date !== 'string') return undefined
  if (date.length === 4) return { first: `${date}-01-01`, last: `${date}-12-31` }
  if (date.length === 7) return { first: `${date}-01`, last: `${date}-31` }
  const day = date.length === 10 ? date : localDay(source, date)
  return { first: day, last: day }
}

export function periodOf(source: string, value: unknown): Days | undefined {
  const { start, end } = (value ?? {}) as { start?: string; end?: string }
  const from = daysOf(source, start)
  const to = daysOf(source, end)
  return from === undefined || to === undefined ? undefined : { first: from.first, last: to.last }
}

const aliases: Readonly<Record<string, string>> = {
  'urn:oid:2.16.840.1.113883.6.90': 'icd10',
  'http://hl7.org/fhir/sid/icd-10-cm': 'icd10',
  'https://hl7.org/fhir/sid/icd-10-cm': 'icd10',
  'http://www.cms.gov/Medicare/Coding/ICD10': 'icd10pcs',
  'urn:oid:2.16.840.1.113883.6.1': 'loinc',
  'http://loinc.org': 'loinc',
  'https://loinc.org': 'loinc',
  'urn:oid:2.16.840.1.113883.6.96': 'snomed',
  'http://snomed.info/sct': 'snomed',
  'urn:oid:2.16.840.1.113883.6.88': 'rxnorm',
  'http://www.nlm.nih.gov/research/umls/rxnorm': 'rxnorm',
  'http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets': 'hcpcs',
  'http://www.nlm.nih.gov/research/umls/hcpcs': 'hcpcs',
  'urn:oid:2.16.840.1.113883.6.285': 'hcpcs',
}

/** The codes of a concept that stand in a published system, whichever of its URIs names it. */
export function codesOf(concept: unknown): string[] {
  const { coding = [] } = (concept ?? {}) as { coding?: { system?: string; code?: string }[] }
  return coding.filter((one) => aliases[one.system ?? ''] !== undefined).map((one) => one.code ?? '')
}

export const isIn = (concept: unknown, set: SetName): boolean =>
  codesOf(concept).some((code) => (samples[set] as readonly string[]).includes(code))

export const isCode = (concept: unknown, code: string): boolean => codesOf(concept).includes(code)

/** All that the sources hold about one person. */
export class Evidence {
  readonly birthDate: string
  readonly sexCode: string
  private readonly byType = new Map<string, Sourced[]>()

  constructor(resources: readonly Sourced[]) {
    for (const one of resources) {
      const type = String(one.resource.resourceType)
      this.byType.set(type, [...(this.byType.get(type) ?? []), one])
    }
    const patient = this.byType.get('Patient')?.[0]?.resource ?? {}
    this.birthDate = String(patient.birthDate)
    const extensions = (patient.extension ?? []) as { url: string; valueCode?: string }[]
    this.sexCode = extensions.find((one) => one.url.endsWith('/us-core-sex'))?.valueCode ?? ''
  }

  of(type: string): readonly Sourced[] {
    return this.byType.get(type) ?? []
  }

  /** Whole years at a day. */
  ageAt(day: string): number {
    const years = Number(day.slice(0, 4)) - Number(this.birthDate.slice(0, 4))
    return day.slice(5) < this.birthDate.slice(5) ? years - 1 : years
  }

  /** Finished visits with a type of the set, and their days. */
  visits(set: SetName): Days[] {
    return this.of('Encounter')
      .filter(
        ({ resource }) => resource.status === 'finished' && (resource.type as Json[]).some((type) => isIn(type, set)),
      )
      .flatMap(({ source, resource }) => periodOf(source, resource.period) ?? [])
  }

  /** Conditions of the set that are not refuted or withdrawn: from onset to abatement, open where it goes on. */
  conditions(set: SetName, wanted: (resource: Json) => boolean = () => true): Days[] {
    return this.of('Condition')
      .filter(({ resource }) => isIn(resource.code, set) && isVerified(resource) && wanted(resource))
      .flatMap(({ source, resource }) => {
        const from = daysOf(source, resource.onsetDateTime)
        const to = daysOf(source, resource.abatementDateTime)
        return from === undefined ? [] : [{ first: from.first, last: to?.last ?? '9999-12-31' }]
      })
  }

  /** Days by which procedures of the set were done. */
  procedures(set: SetName): Days[] {
    return this.of('Procedure')
      .filter(({ resource }) => resource.status === 'completed' && isIn(resource.code, set))
      .flatMap(
        ({ source, resource }) =>
          daysOf(source, resource.performedDateTime) ?? periodOf(source, resource.performedPeriod) ?? [],
      )
  }

  /** Final, amended or corrected observations of a kind. */
  observations(wanted: (resource: Json) => boolean): Observation[] {
    return this.of('Observation')
      .filter(({ resource }) => ['final', 'amended', 'corrected'].includes(String(resource.status)) && wanted(resource))
      .flatMap(({ source, resource }) => {
        const days = daysOf(source, resource.effectiveDateTime)
        return days === undefined ? [] : [{ days, resource, source }]
      })
  }
}

export interface Observation {
  readonly days: Days
  readonly resource: Json
  readonly source: string
}

function isVerified(resource: Json): boolean {
  const { coding = [] } = (resource.verificationStatus ?? {}) as { coding?: { code?: string }[] }
  return ['confirmed', 'unconfirmed', 'provisional', 'differential'].includes(coding[0]?.code ?? 'confirmed')
}

export const hasCategory = (resource: Json, code: string): boolean =>
  ((resource.category ?? []) as { coding?: { code?: string }[] }[]).some((one) =>
    one.coding?.some((c) => c.code === code),
  )
