import { isObject, type Resource } from '../fhir/index.ts'

/** What a measure wants told of each member beside the result. */
export interface SupplementalDatum {
  /** The id in the Measure; its define's name where the Measure gives none. */
  readonly id: string
  readonly define: string
  /** A variable by which scores are adjusted for risk is marked as such. */
  readonly usage: 'supplemental-data' | 'risk-adjustment-factor'
}

/** The supplemental data and risk adjustment variables of a Measure, in its order; those without an expression are none. */
export function supplementalDataOf(measure: Resource): readonly SupplementalDatum[] {
  const listed: readonly unknown[] = Array.isArray(measure['supplementalData']) ? measure['supplementalData'] : []
  return listed.filter(isObject).flatMap((datum) => {
    const criteria = datum['criteria']
    const define = isObject(criteria) ? criteria['expression'] : undefined
    if (typeof define !== 'string' || define === '') return []
    const isRisk = JSON.stringify(datum['usage'] ?? []).includes('"risk-adjustment-factor"')
    const id = typeof datum['id'] === 'string' ? datum['id'] : define
    return [{ id, define, usage: isRisk ? 'risk-adjustment-factor' : 'supplemental-data' }]
  })
}
