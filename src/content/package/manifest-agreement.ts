import { type Diagnostic, failure, type Result, success } from '../../base/index.ts'
import type { Session } from '../../duck/index.ts'
import { isObject } from '../../fhir/index.ts'
import type { ValueSets } from '../../terminology/index.ts'
import type { InstalledMeasure } from '../measure.ts'
import { labelOf } from './dependencies.ts'
import { type Demands, demandsOf, isManifest, type Json } from './manifest-demands.ts'
import { canonicalOf, type PackageResource } from './packaged.ts'
import { type StoredPackage, storedPackages } from './stored-packages.ts'
import { type UsedContent, usedContent } from './used-content.ts'

/**
 * Whether measures are evaluated as a version manifest asks: a Library of type `asset-collection` in an installed package,
 * with the versions of measures, libraries, value sets and code systems, and the parameters of expansions. Measures read what
 * they were installed with, so a manifest is held against that; what it says of content that they do not use is no matter.
 * Failure names all that differs (`content/manifest-differs`) and all that cannot be told (`content/manifest-unknown`); or it
 * is that no such manifest is installed (`content/no-manifest`), or several (`content/several-manifests`).
 */
export async function checkManifest(
  session: Session,
  canonical: string,
  measures: readonly InstalledMeasure[],
  valueSets: ValueSets,
): Promise<Result<undefined>> {
  const packages = await storedPackages(session)
  const found = findManifest(packages, canonical)
  if (!found.ok) return found
  const faults = faultsOf(demandsOf(found.value), usedContent(measures, valueSets, packages))
  return faults.length === 0 ? success(undefined) : failure(...faults)
}

function findManifest(packages: readonly StoredPackage[], canonical: string): Result<Json> {
  const [url = '', version] = canonical.split('|')
  const found = new Map<string, { readonly resource: PackageResource; readonly owner: string }>()
  for (const owner of packages) {
    for (const resource of owner.resources) {
      const isAsked = resource.type === 'Library' && resource.url === url
      if (!isAsked || (version !== undefined && resource.version !== version)) continue
      found.set(resource.sha256, { resource, owner: labelOf(owner) })
    }
  }
  const [only, ...others] = found.values()
  if (only === undefined) {
    const message = 'No installed package has a Library of this canonical.'
    return failure(fault('no-manifest', message, 'Install the package of the manifest: caregap package add PATH.'))
  }
  if (others.length > 0) {
    const names = [...found.values()].map(({ resource, owner }) => `${canonicalOf(resource)} of ${owner}`).join(', ')
    return failure(fault('several-manifests', `There are several: ${names}.`, 'Name one as url|version.'))
  }
  const value: unknown = JSON.parse(only.resource.body)
  if (isObject(value) && isManifest(value)) return success(value)
  const message = `${canonicalOf(only.resource)} is no manifest: its type is not asset-collection.`
  return failure(fault('no-manifest', message, 'Name a Library of type asset-collection.'))
}

function faultsOf(demands: Demands, used: UsedContent): readonly Diagnostic[] {
  const versions = demands.versions.flatMap(({ url, version }) => {
    const other = used.versionsOf(url).filter((one) => one !== version)
    return [...new Set(other)].map((one) => differs(url, version, one))
  })
  const systems = demands.systems.flatMap(({ url, version }) => {
    const { told, untold } = used.systemVersions(url)
    const other = [...told].filter((one) => one !== version)
    const unknown = `The manifest wants ${url}|${version}. Of these value sets it is not told which version they were expanded with: ${untold.join(', ')}.`
    return [
      ...other.map((one) => differs(url, version, one)),
      ...(untold.length === 0 ? [] : [fault('manifest-unknown', unknown, askFor)]),
    ]
  })
  const parameters = demands.parameters.flatMap(({ name, value }) => {
    const untold = used.expandedWithout(name, value)
    const unknown = `The manifest wants expansions with ${name}. Of these value sets it is not told that they were made so: ${untold.join(', ')}.`
    return untold.length === 0 ? [] : [fault('manifest-unknown', unknown, askFor)]
  })
  const unread = demands.unread.map((what) =>
    fault('manifest-unknown', `The manifest cannot be read: ${what}.`, askFor),
  )
  return [...versions, ...systems, ...parameters, ...unread]
}

const askFor = 'Ask without the manifest, or install value sets whose expansion tells of it.'

function differs(url: string, wanted: string, used: string): Diagnostic {
  const is = used === '' ? 'one without a version' : used
  const message = `The manifest wants ${url}|${wanted}; measures are evaluated with ${is}.`
  return fault('manifest-differs', message, 'Install the measures with what the manifest names, or ask without it.')
}

const fault = (code: string, message: string, remedy: string): Diagnostic => ({
  code: `content/${code}`,
  severity: 'error',
  message,
  remedy,
})
