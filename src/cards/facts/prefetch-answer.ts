import { isObject, isResource, type Resource } from '../../fhir/index.ts'

/** What a client sent for one key: the resources, or why it cannot be relied on. */
export type PrefetchAnswer =
  | { readonly satisfied: true; readonly resources: readonly Resource[] }
  | { readonly satisfied: false; readonly reason: string }

/**
 * Reads the value of a prefetch key. A read is one resource of the type. A search is a Bundle that is whole;
 * null means the client has none. Absence is never inferred from a key that was not sent, an
 * OperationOutcome, a page of several, a total above what is there, or anything that is not FHIR.
 */
export function readPrefetchAnswer(prefetch: ReadonlyMap<string, unknown>, key: string, type: string): PrefetchAnswer {
  if (!prefetch.has(key)) return unsatisfied('was not sent')
  const value = prefetch.get(key)
  if (type === 'Patient') return readInstance(value, type)
  if (value === null) return { satisfied: true, resources: [] }
  if (!isResource(value)) return unsatisfied('is not a FHIR resource')
  if (value.resourceType === 'OperationOutcome') return unsatisfied('holds an OperationOutcome instead of data')
  return value.resourceType === 'Bundle' ? readBundle(value, type) : unsatisfied('is not a Bundle')
}

const unsatisfied = (reason: string): PrefetchAnswer => ({ satisfied: false, reason })

function readInstance(value: unknown, type: string): PrefetchAnswer {
  if (value === null) return unsatisfied('is null')
  if (!isResource(value)) return unsatisfied('is not a FHIR resource')
  if (value.resourceType === 'OperationOutcome') return unsatisfied('holds an OperationOutcome instead of data')
  if (value.resourceType !== type) return unsatisfied(`is not a ${type}`)
  return isPart(value) ? unsatisfied(partOnly) : { satisfied: true, resources: [value] }
}

function readBundle(bundle: Resource, type: string): PrefetchAnswer {
  const entries = bundle['entry'] ?? []
  if (!Array.isArray(entries)) return unsatisfied('is a broken Bundle')
  const read = (entries as unknown[]).map((entry) => (isObject(entry) ? entry : {}))
  const resources = read.map((entry) => entry['resource'])
  if (!resources.every(isResource)) return unsatisfied('has entries without a resource')
  if (resources.some((resource, index) => isFailure(resource, read[index] ?? {})))
    return unsatisfied('holds an OperationOutcome that reports an error')
  const facts = resources.filter((resource) => resource.resourceType !== 'OperationOutcome')
  if (facts.some(isPart)) return unsatisfied(partOnly)
  const matches = facts.filter((resource) => resource.resourceType === type).length
  const fault = incompleteness(bundle, matches)
  return fault === undefined ? { satisfied: true, resources: facts } : unsatisfied(fault)
}

const partOnly = 'holds a resource of which only a part was sent (its tag is SUBSETTED)'

/** What is missing of such a resource is there, and was left out. */
function isPart({ meta }: Resource): boolean {
  const tags = isObject(meta) && Array.isArray(meta['tag']) ? (meta['tag'] as unknown[]) : []
  return tags.some((tag) => isObject(tag) && tag['code'] === 'SUBSETTED')
}

function isFailure(resource: Resource, entry: Readonly<Record<string, unknown>>): boolean {
  if (resource.resourceType !== 'OperationOutcome') return false
  const search = entry['search']
  if (isObject(search) && search['mode'] === 'match') return true
  const issues = Array.isArray(resource['issue']) ? resource['issue'] : []
  return issues.some((issue) => isObject(issue) && (issue['severity'] === 'error' || issue['severity'] === 'fatal'))
}

/** Why a Bundle may be a part of the answer only: a next page, a total above its entries, a count that is full. */
function incompleteness(bundle: Resource, matches: number): string | undefined {
  const { link = [], total = null } = bundle
  if (!Array.isArray(link) || !link.every(isObject) || (total !== null && typeof total !== 'number'))
    return 'is a broken Bundle'
  const links = link as readonly Readonly<Record<string, unknown>>[]
  if (links.some((link) => link['relation'] === 'next')) return 'is only a page of the answer (it has a next link)'
  if (typeof total === 'number' && total > matches) return `holds ${matches} of ${total} resources`
  if (typeof total === 'number') return undefined
  const self = links.find((link) => link['relation'] === 'self')?.['url']
  const limit = typeof self === 'string' ? /[?&](?:_count|_maxresults)=(\d+)/.exec(self)?.[1] : undefined
  return limit !== undefined && matches >= Number(limit) ? `may be cut at its limit of ${limit}` : undefined
}
