import { fault, messageOf } from '../base/index.ts'
import { isObject } from '../fhir/index.ts'
import { type ByteRange, itemsOf, membersOf, skipSpace } from './json-ranges.ts'
import { judgeLine } from './judge-line.ts'
import { nestingDepth } from './nesting-depth.ts'

/** Bundle types that are a way in: their entries are loaded. Others (a document, a search result) are resources. */
const openedTypes = ['transaction', 'batch', 'collection'] as const

/** A Bundle that was taken apart. */
export interface OpenedBundle {
  readonly type: (typeof openedTypes)[number]
  /** The bytes of each entry's resource, as they stand in the Bundle. */
  readonly resources: readonly Buffer[]
  readonly deletions: readonly { readonly type: string; readonly id: string }[]
  /** `Type/id` by the entry's fullUrl, where that is a URN: references in the Bundle use it. */
  readonly urns: ReadonlyMap<string, string>
  /** What became of each entry, in their order: `Type/id` that is written or deleted. */
  readonly entries: readonly { readonly method: 'PUT' | 'DELETE'; readonly reference: string }[]
}

const deepest = 500
const anyReference = /(?:^|\/)([A-Z][A-Za-z]{1,63})\/([A-Za-z0-9.-]{1,64})$/

/** True where a parsed file is a Bundle whose entries are to be loaded. */
export function isOpenedBundle(value: unknown): boolean {
  return isObject(value) && value['resourceType'] === 'Bundle' && openedTypes.some((type) => type === value['type'])
}

/**
 * Takes a Bundle apart; a resource's raw text is its own bytes of the Bundle. It is one thing: an entry that cannot be
 * taken refuses all. Faults: `ingest/bundle-broken`, `ingest/bundle-entry` (which entry, and why).
 */
export function openBundle(bytes: Buffer, file: string): OpenedBundle {
  const value = parse(bytes, file)
  if (!isOpenedBundle(value)) throw broken(file, `a Bundle of type ${openedTypes.join(', ')} is needed`)
  const type = (value as { type: OpenedBundle['type'] }).type
  const entryRange = membersOf(bytes, skipSpace(bytes, start(bytes))).get('entry')
  const resources: Buffer[] = []
  const deletions: OpenedBundle['deletions'][number][] = []
  const entries: OpenedBundle['entries'][number][] = []
  const urns = new Map<string, string>()
  const items = entryRange === undefined ? [] : itemsOf(bytes, entryRange.start)
  for (const [index, item] of items.entries()) {
    const entry = readEntry(bytes, item, file, index)
    if ('deleted' in entry) {
      deletions.push(entry.deleted)
      entries.push({ method: 'DELETE', reference: `${entry.deleted.type}/${entry.deleted.id}` })
      continue
    }
    resources.push(entry.resource)
    entries.push({ method: 'PUT', reference: `${entry.type}/${entry.id}` })
    const reference = `${entry.type}/${entry.id}`
    if (entry.fullUrl?.startsWith('urn:') === true && anyReference.test(reference)) urns.set(entry.fullUrl, reference)
  }
  return { type, resources, deletions, urns, entries }
}

/** Behind a byte order mark. */
const start = (bytes: Buffer): number => (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0)

type Entry =
  | { readonly deleted: { readonly type: string; readonly id: string } }
  | { readonly resource: Buffer; readonly type: string; readonly id: string; readonly fullUrl: string | undefined }

function readEntry(bytes: Buffer, item: ByteRange, file: string, index: number): Entry {
  if (bytes[item.start] !== 0x7b) throw badEntry(file, index, 'it is no object')
  const members = membersOf(bytes, item.start)
  const read = (name: string): unknown => {
    const range = members.get(name)
    return range === undefined ? undefined : JSON.parse(bytes.toString('utf8', range.start, range.end))
  }
  const request = read('request')
  const method = isObject(request) ? String(request['method']).toUpperCase() : 'PUT'
  if (method === 'DELETE') {
    const [, type, id] = anyReference.exec(isObject(request) ? String(request['url']) : '') ?? []
    if (type === undefined || id === undefined) throw badEntry(file, index, 'its DELETE names no Type/id')
    return { deleted: { type, id } }
  }
  if (method !== 'PUT' && method !== 'POST') throw badEntry(file, index, `its method ${method} writes nothing`)
  const range = members.get('resource')
  if (range === undefined) throw badEntry(file, index, 'it has no resource')
  const text = bytes.toString('utf8', range.start, range.end)
  const verdict = judgeLine(text, false)
  if (verdict !== undefined) throw badEntry(file, index, verdict.reason.replace(/\.$/, ''))
  const { resourceType: type, id } = JSON.parse(text) as { resourceType: string; id: string }
  const fullUrl = read('fullUrl')
  return {
    resource: bytes.subarray(range.start, range.end),
    type,
    id,
    fullUrl: typeof fullUrl === 'string' ? fullUrl : undefined,
  }
}

function parse(bytes: Buffer, file: string): unknown {
  if (nestingDepth(bytes, 0, bytes.length, deepest) > deepest)
    throw broken(file, `nested deeper than ${deepest} levels`)
  try {
    return JSON.parse(bytes.toString('utf8', start(bytes)))
  } catch (thrown) {
    throw broken(file, messageOf(thrown).replace(/"[^"]*"/g, '…'))
  }
}

function broken(file: string, reason: string) {
  return fault('input', 'ingest/bundle-broken', `The Bundle cannot be used: ${reason}.`, {
    place: { file },
    remedy: 'Nothing of it was loaded; correct it and give it again.',
  })
}

function badEntry(file: string, index: number, reason: string) {
  return fault('input', 'ingest/bundle-entry', `Entry ${index} of the Bundle cannot be taken: ${reason}.`, {
    place: { file, element: `Bundle.entry[${index}]` },
    remedy:
      'Nothing of the Bundle was loaded: each entry needs a resource with its type and id, or a DELETE of Type/id.',
  })
}
