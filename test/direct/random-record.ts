import { type Arbitrary, array, integer, nat, record } from 'fast-check'
import type { PersonRecord, Resource } from '../../src/fhir/index.ts'
import { casesOf, recordOf } from '../content/measure-case.ts'

// People who are made of the cases of a measure: some of them put together in one record, and some of it left out. Each
// case is about one condition of the logic, so that together they meet and miss many.

/** The resources of one case as those of a person who has others beside: ids of their own, the Patient left out. */
function renamed(resources: readonly Resource[], prefix: string): readonly Resource[] {
  const ids = new Set(resources.map(({ resourceType, id }) => `${resourceType}/${String(id)}`))
  const rename = (key: string, value: unknown): unknown =>
    key === 'reference' && typeof value === 'string' && ids.has(value) && !value.startsWith('Patient/')
      ? value.replace('/', `/${prefix}`)
      : value
  return resources
    .filter(({ resourceType }) => resourceType !== 'Patient')
    .map((resource) => {
      const copy = JSON.parse(JSON.stringify(resource, rename)) as Resource
      return { ...copy, id: `${prefix}${String(resource.id)}` }
    })
}

const chosen = record({
  /** Places in the list of cases: the first one's Patient is the person. */
  cases: array(nat(), { minLength: 1, maxLength: 4 }),
  /** Every resource whose place has a 0 here is left out. */
  kept: array(integer({ min: 0, max: 4 }), { minLength: 5, maxLength: 40 }),
})

/** A random person of a measure's cases over one period, and the period. */
export function randomRecord(measureId: string): Arbitrary<PersonRecord> {
  const cases = [...casesOf(measureId).values()].map(({ bundle }) => bundle.entry.map(({ resource }) => resource))
  return chosen.map(({ cases: places, kept }) => {
    const taken = places.map((place) => cases[place % cases.length] ?? [])
    const patient = taken[0]?.find(({ resourceType }) => resourceType === 'Patient')
    if (patient === undefined) throw new RangeError('a case has a Patient')
    const others = taken.flatMap((resources, index) => renamed(resources, `c${index}-`))
    return recordOf([patient, ...others.filter((_, index) => (kept[index % kept.length] ?? 1) > 0)])
  })
}
