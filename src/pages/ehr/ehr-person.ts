import type { CdsService } from '../../cards/index.ts'
import { isObject, type PersonRecord, type Resource } from '../../fhir/index.ts'

/** A stored person as an EHR of one source would send them: in the source's own ids. */
export interface EhrPatient {
  readonly patientId: string
  readonly resources: readonly Resource[]
}

/** What the first source that has the patient holds of them; undefined where none has a Patient. */
export function ehrPatient(record: PersonRecord): EhrPatient | undefined {
  const own = record.entries.find(({ type }) => type === 'Patient')
  if (own === undefined) return undefined
  const { source, id: patientId } = own
  const entries = record.entries.filter((entry) => entry.source === source)
  const resources = entries.map((entry) => unqualified(entry.resource, entry.id, source, patientId))
  return { patientId, resources }
}

function unqualified(resource: Resource, id: string, source: string, patientId: string): Resource {
  const text = JSON.stringify({ ...resource, id }, (key, value: unknown) => {
    if (key !== 'reference' || typeof value !== 'string') return value
    return value.startsWith('Patient/') ? `Patient/${patientId}` : value.replace(`/${source}.`, '/')
  })
  return JSON.parse(text) as Resource
}

/** The whole answers of an EHR to the prefetch templates of a service. */
export function prefetchFor(service: CdsService, { resources }: EhrPatient): Readonly<Record<string, unknown>> {
  const referred = new Set([...service.plan.referred.values()].flatMap((types) => [...types]))
  return Object.fromEntries(
    [...service.plan.types].map(([key, type]) => {
      const found = resources.filter(({ resourceType }) => resourceType === type)
      if (type === 'Patient') return [key, found[0] ?? null]
      const along = resources.filter((one) => referred.has(one.resourceType) && isNamed(one, found))
      const entry = [
        ...found.map((resource) => ({ resource, search: { mode: 'match' } })),
        ...along.map((resource) => ({ resource, search: { mode: 'include' } })),
      ]
      return [key, { resourceType: 'Bundle', type: 'searchset', total: found.length, entry }]
    }),
  )
}

function isNamed({ resourceType, id }: Resource, by: readonly Resource[]): boolean {
  const reference = `${resourceType}/${id ?? ''}`
  return by.some((one) => Object.values(one).some((value) => isObject(value) && value['reference'] === reference))
}
