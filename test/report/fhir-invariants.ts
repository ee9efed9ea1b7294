import { isObject } from '../../src/fhir/index.ts'

// Invariants of R4 that hold of any resource and of the types that our reports are made of. Each fault is a sentence with
// the path. Written from the specification, apart from the code that makes the reports.

export type Json = Readonly<Record<string, unknown>>

export const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isObject) : [])
export const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), value)
export const codesOf = (concept: unknown): readonly unknown[] => list(at(concept, 'coding')).map(({ code }) => code)
export const extensionsOf = (element: unknown, url: string): readonly Json[] =>
  list(at(element, 'extension')).filter((extension) => extension['url'] === url)

export type Must = (holds: boolean, sentence: string) => void

/** Collects the faults of a check. */
export function faultsBy(check: (must: Must) => void): string[] {
  const faults: string[] = []
  check((holds, sentence) => {
    if (!holds) faults.push(sentence)
  })
  return faults
}

/** ele-1 and ext-1 anywhere, dom-2 to dom-5, the forms of ids and references, and what each known type asks for. */
export function resourceFaults(resource: Json, path = String(resource['resourceType'])): string[] {
  return faultsBy((must) => {
    const contained = list(resource['contained'])
    const ids = contained.map(({ id }) => String(id))
    const referred = new Set(references({ ...resource, contained: undefined }))
    const within = new Set(contained.flatMap((one) => references(one)))
    must(new Set(ids).size === ids.length, `${path}: contained ids differ`)
    for (const one of contained) {
      const name = `${path}.contained(${String(one['id'])})`
      must(one['contained'] === undefined, `${name}: dom-2, nothing contained in contained`)
      must(referred.has(`#${String(one['id'])}`) || within.has(`#${String(one['id'])}`), `${name}: dom-3, referred to`)
      must(at(one, 'meta', 'versionId') === undefined, `${name}: dom-4, no version`)
      must(at(one, 'meta', 'lastUpdated') === undefined, `${name}: dom-4, no lastUpdated`)
      must(at(one, 'meta', 'security') === undefined, `${name}: dom-5, no security label`)
      for (const fault of typeFaults(one, name)) must(false, fault)
    }
    for (const reference of [...referred, ...within]) {
      if (reference.startsWith('#')) must(ids.includes(reference.slice(1)), `${path}: ${reference} is contained`)
      else
        must(
          /^([A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64}|https?:.+|urn:.+)$/.test(reference),
          `${path}: ${reference} is a reference`,
        )
    }
    for (const fault of [...typeFaults(resource, path), ...elementFaults(resource, path)]) must(false, fault)
  })
}

/** Every reference text in a resource. */
export function references(value: unknown): string[] {
  if (Array.isArray(value)) return (value as readonly unknown[]).flatMap(references)
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([name, inner]) =>
    name === 'reference' && typeof inner === 'string' ? [inner] : references(inner),
  )
}

function elementFaults(value: unknown, path: string): string[] {
  if (Array.isArray(value)) {
    const items = value as readonly unknown[]
    return [
      ...(items.length === 0 ? [`${path}: ele-1, no empty list`] : []),
      ...items.flatMap((item, index) => elementFaults(item, `${path}[${index}]`)),
    ]
  }
  if (value === null || value === '') return [`${path}: ele-1, nothing empty`]
  if (!isObject(value)) return []
  const own: string[] = []
  if (Object.keys(value).length === 0) own.push(`${path}: ele-1, no empty element`)
  for (const extension of [...list(value['extension']), ...list(value['modifierExtension'])]) {
    const values = Object.keys(extension).filter((name) => name.startsWith('value'))
    const inner = extension['extension'] === undefined ? 0 : 1
    if (values.length + inner !== 1) own.push(`${path}.extension(${String(extension['url'])}): ext-1`)
  }
  const { id } = value
  if (
    id !== undefined &&
    isObject(value) &&
    value['resourceType'] !== undefined &&
    !/^[A-Za-z0-9.-]{1,64}$/.test(typeof id === 'string' ? id : '')
  )
    own.push(`${path}: the id has the form of one`)
  return [...own, ...Object.entries(value).flatMap(([name, inner]) => elementFaults(inner, `${path}.${name}`))]
}

const typeChecks: Readonly<Record<string, (resource: Json, must: Must, path: string) => void>> = {
  List(resource, must, path) {
    const entries = list(resource['entry'])
    must(
      resource['emptyReason'] === undefined || entries.length === 0,
      `${path}: lst-1, a reason only where it is empty`,
    )
    must(resource['status'] === 'current' && resource['mode'] === 'snapshot', `${path}: status and mode`)
    for (const entry of entries) must(isObject(entry['item']), `${path}: each entry has an item`)
  },
  Observation(resource, must, path) {
    must(resource['status'] !== undefined && isObject(resource['code']), `${path}: status and code`)
    const values = Object.keys(resource).filter((name) => name.startsWith('value'))
    must(values.length <= 1, `${path}: one value`)
  },
  Organization(resource, must, path) {
    must(
      resource['name'] !== undefined || resource['identifier'] !== undefined,
      `${path}: org-1, a name or an identifier`,
    )
  },
  OperationOutcome(resource, must, path) {
    must(list(resource['issue']).length > 0, `${path}: an issue`)
    for (const issue of list(resource['issue']))
      must(issue['severity'] !== undefined && issue['code'] !== undefined, `${path}: severity and code of the issue`)
  },
  Parameters(resource, must, path) {
    for (const parameter of list(resource['parameter'])) {
      const values = Object.keys(parameter).filter((name) => /^(value|resource$|part$)/.test(name))
      must(typeof parameter['name'] === 'string' && values.length === 1, `${path}: inv-1, a name and one value`)
    }
  },
  Composition(resource, must, path) {
    for (const name of ['status', 'type', 'date', 'author', 'title'])
      must(resource[name] !== undefined, `${path}: ${name} is there`)
    for (const section of list(resource['section'])) {
      const has = (name: string) => section[name] !== undefined
      must(has('text') || has('entry') || has('section'), `${path}: cmp-1, a section has something`)
      must(!has('emptyReason') || !has('entry'), `${path}: cmp-2, a reason only where it is empty`)
    }
  },
  DetectedIssue(resource, must, path) {
    must(resource['status'] !== undefined, `${path}: status`)
  },
}

function typeFaults(resource: Json, path: string): string[] {
  const check = typeChecks[String(resource['resourceType'])]
  return check === undefined ? [] : faultsBy((must) => check(resource, must, path))
}
