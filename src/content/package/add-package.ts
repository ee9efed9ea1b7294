import { basename } from 'node:path'
import { type Clock, contentHash, type Diagnostic, failure, type Result, success } from '../../base/index.ts'
import { insertPackage } from '../../store/index.ts'
import { isComposite, readComposite } from '../composite-measure.ts'
import { measureResource } from '../measure-resource.ts'
import { checkPackage } from './check-package.ts'
import { type Dependency, labelOf } from './dependencies.ts'
import { checkOptionsOf, type PackageContext } from './package-context.ts'
import { readPackageFiles } from './package-files.ts'
import { type ReadResources, readResources } from './package-resource.ts'
import type { Package, PackageResource } from './packaged.ts'
import { storedPackages } from './stored-packages.ts'

/** What became of a package that was added. */
export interface AddedPackage {
  readonly name: string
  readonly version: string
  readonly sha256: string
  /** `present`: the same content was there already, and nothing was changed. */
  readonly state: 'added' | 'present'
  readonly resources: readonly PackageResource[]
  readonly dependencies: readonly Dependency[]
}

/**
 * Adds a package to the store, as a whole or not at all: a Bundle, a folder of resources, or an IG's package.tgz. Adding
 * the same content again changes nothing. Failure names every fault, with file, resource and element; success
 * carries what was found beside: dependencies that are missing, value sets that are not whole, ELM that
 * differs from its CQL. Faults: a path that cannot be read.
 */
export async function addPackage(path: string, context: PackageContext, clock: Clock): Promise<Result<AddedPackage>> {
  const { origin, files } = readPackageFiles(path)
  const read = readResources(files)
  const candidate = { ...nameOf(read, basename(path)), resources: read.resources }
  const sha256 = hashOf(read.resources)
  const stored = await storedPackages(context.session)
  const twin = stored.find((one) => labelOf(one) === labelOf(candidate))
  const faults = [...read.diagnostics, ...emptyPackage(read, origin), ...clash(twin?.row.sha256, sha256, candidate)]
  if (faults.some(isError)) return failure(...faults)
  const packages = twin === undefined ? [...stored, candidate] : stored
  const asking = twin ?? candidate
  const checked = await checkPackage(asking, checkOptionsOf(packages, context))
  const found = [...faults, ...candidate.resources.flatMap(checkMeasure), ...checked.diagnostics]
  if (found.some(isError)) return failure(...found)
  if (twin === undefined) {
    const row = { name: candidate.name, version: candidate.version, origin, sha256, remarks: found }
    await insertPackage(context.session, row, read.resources.map(rowOf), clock.now())
  }
  const state = twin === undefined ? 'added' : 'present'
  return success({ ...candidate, sha256, state, dependencies: checked.dependencies }, found)
}

const isError = ({ severity }: Diagnostic) => severity === 'error'

const rowOf = ({ version, name, ...resource }: PackageResource) => ({
  ...resource,
  version: version ?? null,
  name: name ?? null,
})

/** The same content has the same hash, whatever its files are called. */
const hashOf = (resources: readonly PackageResource[]): string =>
  contentHash(...resources.flatMap(({ type, url, version = '', sha256 }) => [type, url, version, sha256]))

/** By package.json; else the name of the only Measure; else the file's, with the hash of the content as version. */
function nameOf({ manifest, resources }: ReadResources, file: string): Omit<Package, 'resources'> {
  if (manifest !== undefined) return manifest
  const [measure, ...others] = resources.filter(({ type }) => type === 'Measure')
  if (measure?.version !== undefined && others.length === 0) {
    return { name: measure.name ?? measure.url.split('/').at(-1) ?? measure.url, version: measure.version }
  }
  const name = file.replace(/(\.(tar|json|xml|ndjson|tgz|gz))+$/i, '')
  return { name: measure?.name ?? name, version: hashOf(resources).slice(0, 12) }
}

function emptyPackage({ resources }: ReadResources, origin: string): readonly Diagnostic[] {
  if (resources.length > 0) return []
  const message = 'There is no Measure, PlanDefinition, Library, ValueSet, CodeSystem, ConceptMap or model info here.'
  const remedy = 'Give a FHIR Bundle, a folder of resources or an IG package.'
  return [{ code: 'content/empty-package', severity: 'error', message, place: { file: origin }, remedy }]
}

function clash(stored: string | undefined, sha256: string, candidate: Package): readonly Diagnostic[] {
  if (stored === undefined || stored === sha256) return []
  const label = labelOf(candidate)
  const message = `Package ${label} is installed with other content.`
  const remedy = `Remove it first (caregap package remove '${label}'), or give the new one another version.`
  return [{ code: 'content/package-differs', severity: 'error', message, remedy }]
}

/** The elements of a Measure that are read must be there and of their type. */
function checkMeasure({ type, body, file, url }: PackageResource): readonly Diagnostic[] {
  if (type !== 'Measure') return []
  const resource: unknown = JSON.parse(body)
  if (isComposite(resource)) return readComposite(resource, file).diagnostics
  const parsed = measureResource.safeParse(resource)
  return (parsed.error?.issues ?? []).map((issue) => ({
    code: 'content/malformed-measure',
    severity: 'error',
    message: `This is no Measure that can be run: ${issue.message}.`,
    place: { file, resource: `Measure ${url}`, element: issue.path.join('.') },
    remedy: 'Correct the element.',
  }))
}
