import type { Package, PackageResource } from './packaged.ts'

/** A Measure of a package with the id by which it is asked for. */
export interface NamedMeasure {
  readonly id: string
  readonly owner: Package
  readonly resource: PackageResource
}

/**
 * The ids of packaged measures: that of the resource. Of several versions of one id the highest has the plain id, the
 * others `id-version`; so has one whose id a shipped measure has. The same Measure in two packages is one: that of
 * the package which was added last.
 */
export function measureIds(packages: readonly Package[], taken: readonly string[]): readonly NamedMeasure[] {
  const byVersion = new Map<string, NamedMeasure>()
  for (const owner of packages) {
    for (const resource of owner.resources.filter(({ type }) => type === 'Measure')) {
      const id = (JSON.parse(resource.body) as { readonly id?: string }).id ?? resource.name ?? resource.url
      byVersion.set(`${id} ${resource.version ?? ''}`, { id, owner, resource })
    }
  }
  const used = new Set(taken)
  const newestFirst = [...byVersion.values()].sort((a, b) =>
    a.id === b.id ? compareVersions(versionOf(b), versionOf(a)) : a.id < b.id ? -1 : 1,
  )
  return newestFirst.map((measure) => {
    const id = used.has(measure.id) ? `${measure.id}-${versionOf(measure)}` : measure.id
    used.add(id)
    // An id of FHIR holds letters, digits, hyphens and dots.
    return { ...measure, id: id.replace(/[^A-Za-z0-9.-]+/g, '-') }
  })
}

const versionOf = ({ resource }: NamedMeasure): string => resource.version ?? '0'

/** Numbers by size, all else by text, part by part. */
function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}
