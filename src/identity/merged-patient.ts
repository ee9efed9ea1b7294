import { compareText } from '../base/index.ts'
import { isObject, type Resource } from '../fhir/index.ts'

/** A Patient resource of one source, already qualified, with what decides its rank among the person's others. */
export interface PatientVersion {
  readonly source: string
  /** The id as the source gave it. */
  readonly id: string
  readonly resource: Resource
}

/** Elements of which a resource may hold one spelling only: a value taken from one version shuts out the others. */
const choices = ['multipleBirth'] as const

/**
 * One Patient of several: each element from the first version that has it, newest `meta.lastUpdated` first
 * (to the millisecond; without one last), then by source and id. Identifiers of all, each (system, value)
 * once; extensions by url. Deceased if any version says so, with the first date given. The id is the caller's.
 */
export function mergePatients(versions: readonly PatientVersion[], id: string): Resource {
  const ranked = rankVersions(versions)
  const merged: Record<string, unknown> = { resourceType: 'Patient' }
  for (const { resource } of ranked) {
    for (const [element, value] of Object.entries(resource)) {
      if (!(element in merged) && !isShutOut(element, merged)) merged[element] = value
    }
  }
  merged['id'] = id
  const identifiers = mergeLists(ranked, 'identifier', identifierKey)
  const extensions = mergeLists(ranked, 'extension', (item) => (isObject(item) ? String(item['url']) : undefined))
  if (identifiers.length > 0) merged['identifier'] = identifiers
  if (extensions.length > 0) merged['extension'] = extensions
  return { ...withDeath(merged, ranked), resourceType: 'Patient' }
}

/** Newest first, then by source, then by id. */
export function rankVersions(versions: readonly PatientVersion[]): PatientVersion[] {
  return [...versions].sort(
    (a, b) =>
      updatedMs(b.resource) - updatedMs(a.resource) || compareText(a.source, b.source) || compareText(a.id, b.id),
  )
}

function updatedMs(resource: Resource): number {
  const meta = resource['meta']
  const instant =
    isObject(meta) && typeof meta['lastUpdated'] === 'string' ? Date.parse(meta['lastUpdated']) : Number.NaN
  return Number.isNaN(instant) ? Number.MIN_SAFE_INTEGER : instant
}

function isShutOut(element: string, merged: Readonly<Record<string, unknown>>): boolean {
  return choices.some(
    (choice) => element.startsWith(choice) && Object.keys(merged).some((key) => key.startsWith(choice)),
  )
}

function mergeLists(
  ranked: readonly PatientVersion[],
  element: string,
  keyOf: (item: unknown) => string | undefined,
): unknown[] {
  const seen = new Map<string, number>()
  return ranked.flatMap(({ resource }, version) => {
    const items = resource[element]
    return (Array.isArray(items) ? (items as unknown[]) : []).filter((item) => {
      const key = keyOf(item)
      // A repeated key within one version is that source's own statement (two race extensions, say) and stays.
      if (key === undefined || (seen.get(key) ?? version) === version) {
        if (key !== undefined) seen.set(key, version)
        return true
      }
      return false
    })
  })
}

function identifierKey(item: unknown): string | undefined {
  if (!isObject(item) || typeof item['value'] !== 'string') return undefined
  return JSON.stringify([item['system'], item['value']])
}

function withDeath(merged: Readonly<Record<string, unknown>>, ranked: readonly PatientVersion[]) {
  const { deceasedBoolean: _said, deceasedDateTime: _when, ...rest } = merged
  const date = ranked.map(({ resource }) => resource['deceasedDateTime']).find((value) => value !== undefined)
  if (date !== undefined) return { ...rest, deceasedDateTime: date }
  const said = ranked.map(({ resource }) => resource['deceasedBoolean']).filter((value) => value !== undefined)
  return said.length === 0 ? rest : { ...rest, deceasedBoolean: said.includes(true) }
}
