import type { SupplementalDatum } from '../content/index.ts'
import type { Coding, PersonRecord, Resource } from '../fhir/index.ts'
import type { PersonSupplement, SupplementValue } from '../measure/index.ts'
import { extensionUrls } from './extension-urls.ts'
import type { ReportContext } from './report-context.ts'

/** What the Observations of a report name: its measure and period. */
interface Named {
  readonly measure: Pick<ReportContext['measure'], 'url' | 'version'>
  readonly period: ReportContext['period']
}

const usageSystem = 'http://terminology.hl7.org/CodeSystem/measure-data-usage'

/** The contained resources and extensions by which a report tells supplemental data. */
export interface SupplementParts {
  readonly contained: readonly Resource[]
  readonly extension: readonly object[]
}

/**
 * One person's supplemental data: a reference to each resource that the logic gave, and a contained Observation for each
 * other value. Both name the data that they are of; risk adjustment variables are marked by their usage.
 */
export function individualSupplement(
  context: Named,
  data: readonly SupplementalDatum[],
  supplement: PersonSupplement,
  record: PersonRecord,
): SupplementParts {
  const contained: Resource[] = []
  const ids = new Map<string, string[]>()
  const refer = (reference: string, id: string) => ids.set(reference, [...(ids.get(reference) ?? []), id])
  const entries = new Map(record.entries.map((entry) => [entry.rid, entry]))
  for (const datum of data) {
    for (const value of supplement.values[datum.id] ?? []) {
      if (value.kind === 'resource') {
        const entry = entries.get(value.rid)
        if (entry !== undefined) refer(`${entry.type}/${entry.resource.id ?? entry.id}`, datum.id)
        continue
      }
      const id = `supplement-${contained.length + 1}`
      const code = { coding: [{ system: usageSystem, code: datum.usage }] }
      const subject = { reference: `Patient/${record.patient.id ?? ''}` }
      contained.push({ ...observation(context, id), code, subject, ...observedValue(value) })
      refer(`#${id}`, datum.id)
    }
  }
  return { contained, extension: [...ids].map(([reference, of]) => supplementExtension(reference, of)) }
}

/** How many persons have a value of a datum. */
export interface SupplementCount {
  readonly datum: SupplementalDatum
  readonly value: Exclude<SupplementValue, { readonly kind: 'resource' }>
  readonly persons: number
}

/** A population's supplemental data: a contained Observation for each value, with how many have it. */
export function summarySupplement(context: Named, counts: readonly SupplementCount[]): SupplementParts {
  const contained = counts.map(({ value, persons }, index): Resource => {
    const code = value.kind === 'codes' ? conceptOf(value.codings) : { text: value.text }
    return { ...observation(context, `supplement-${index + 1}`), code, valueInteger: persons }
  })
  const extension = counts.map(({ datum }, index) => supplementExtension(`#supplement-${index + 1}`, [datum.id]))
  return { contained, extension }
}

const supplementExtension = (reference: string, ids: readonly string[]) => ({
  url: extensionUrls.supplementalData,
  valueReference: {
    extension: ids.map((id) => ({ url: extensionUrls.criteriaReference, valueString: id })),
    reference,
  },
})

function observation({ measure, period }: Named, id: string): Resource {
  const valueCanonical = `${measure.url}|${measure.version}`
  return {
    resourceType: 'Observation',
    id,
    extension: [{ url: extensionUrls.measureInfo, extension: [{ url: 'measure', valueCanonical }] }],
    status: 'final',
    effectivePeriod: { start: period.start, end: period.end },
    performer: [{ reference: '#reporter' }],
  }
}

const observedValue = (value: SupplementCount['value']) =>
  value.kind === 'codes' ? { valueCodeableConcept: conceptOf(value.codings) } : { valueString: value.text }

const conceptOf = (coding: readonly Coding[]) => ({ coding })
