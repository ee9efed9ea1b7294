import { type Diagnostic, failure, fault, type Result, success } from '../../base/index.ts'
import { countPackageResources, deletePackage, type PackageRow, readPackages } from '../../store/index.ts'
import { checkPackage } from './check-package.ts'
import { type Dependency, labelOf, logicDependencies } from './dependencies.ts'
import { checkOptionsOf, type PackageContext } from './package-context.ts'
import { canonicalOf, hashOfBody, type Package, type PackageType } from './packaged.ts'
import { Shelf } from './shelf.ts'
import { type StoredPackage, storedPackages } from './stored-packages.ts'

/** A package as a list shows it. */
export interface PackageSummary {
  readonly name: string
  readonly version: string
  readonly origin: string
  readonly sha256: string
  readonly addedAt: string
  /** How many resources of each type. */
  readonly contents: Readonly<Partial<Record<PackageType, number>>>
}

/** A package with what it holds and needs. */
export interface PackageDetail extends PackageSummary {
  readonly resources: readonly { readonly type: PackageType; readonly canonical: string; readonly sha256: string }[]
  readonly dependencies: readonly Dependency[]
  /** What was found when it was added. */
  readonly remarks: readonly Diagnostic[]
}

/** Every installed package, in the order in which they were added. */
export async function listPackages({ session }: PackageContext): Promise<readonly PackageSummary[]> {
  const counts = await countPackageResources(session)
  return (await readPackages(session)).map((row) => {
    const own = counts.filter(({ packageId }) => packageId === row.packageId)
    return summaryOf(row, Object.fromEntries(own.map(({ type, count }) => [type, count])))
  })
}

/** One package, by `name` or `name|version`. Fault: `content/no-such-package`, also where a name is ambiguous. */
export async function showPackage(wanted: string, context: PackageContext): Promise<PackageDetail> {
  const stored = await storedPackages(context.session)
  const found = findPackage(wanted, stored)
  const { dependencies } = await checkPackage(found, checkOptionsOf(stored, context))
  return {
    ...summaryOf(found.row, contentsOf(found)),
    resources: found.resources.map((one) => ({ type: one.type, canonical: canonicalOf(one), sha256: one.sha256 })),
    dependencies,
    remarks: found.row.remarks as readonly Diagnostic[],
  }
}

/**
 * Checks an installed package anew: that every text still has its hash, that what it needs is there, and that its logic
 * translates. All that is found, warnings too. Fault: `content/no-such-package`.
 */
export async function verifyPackage(wanted: string, context: PackageContext): Promise<readonly Diagnostic[]> {
  const stored = await storedPackages(context.session)
  const found = findPackage(wanted, stored)
  const damaged = found.resources
    .filter(({ type, body, sha256 }) => hashOfBody(type, body) !== sha256)
    .map((one): Diagnostic => {
      const message = `${one.type} ${canonicalOf(one)} is not what was stored: its hash differs.`
      const remedy = 'Remove the package and add it again.'
      return { code: 'content/damaged', severity: 'error', message, place: { file: one.file }, remedy }
    })
  const { diagnostics } = await checkPackage(found, checkOptionsOf(stored, context))
  return [...damaged, ...diagnostics]
}

/**
 * Takes a package away. Failure where another package needs a library or model that only it has, unless forced.
 * Fault: `content/no-such-package`.
 */
export async function removePackage(
  wanted: string,
  context: PackageContext,
  force: boolean,
): Promise<Result<PackageSummary>> {
  const stored = await storedPackages(context.session)
  const found = findPackage(wanted, stored)
  const rest = stored.filter((one) => one !== found)
  const needing = force ? [] : newlyMissing(stored, rest)
  if (needing.length > 0) return failure(...needing)
  await deletePackage(context.session, found.row.packageId)
  return success(summaryOf(found.row, contentsOf(found)))
}

/** What packages that stay would lack, and do not lack now. */
function newlyMissing(stored: readonly Package[], rest: readonly Package[]): readonly Diagnostic[] {
  return rest.flatMap((one) => {
    const lackedBefore = new Set(lacking(stored, one))
    return lacking(rest, one)
      .filter((name) => !lackedBefore.has(name))
      .map((name): Diagnostic => {
        const message = `Package ${labelOf(one)} needs ${name} of it.`
        return {
          code: 'content/still-needed',
          severity: 'error',
          message,
          remedy: 'Remove that first, or use --force.',
        }
      })
  })
}

const lacking = (packages: readonly Package[], asking: Package): readonly string[] =>
  logicDependencies(new Shelf(packages, []), asking)
    .filter(({ foundIn }) => foundIn === undefined)
    .map(({ kind, name }) => `${kind} ${name}`)

function findPackage(wanted: string, stored: readonly StoredPackage[]): StoredPackage {
  const matching = stored.filter((one) => one.name === wanted || labelOf(one) === wanted)
  const [first] = matching
  if (first !== undefined && matching.length === 1) return first
  const labels = (matching.length > 1 ? matching : stored).map(labelOf).join(', ')
  const message =
    matching.length > 1 ? `There are ${matching.length} packages ${wanted}.` : `There is no package ${wanted}.`
  throw fault('usage', 'content/no-such-package', message, {
    remedy: labels === '' ? 'None is installed: caregap package add PATH.' : `Name one of: ${labels}.`,
  })
}

function summaryOf(row: PackageRow, contents: PackageSummary['contents']): PackageSummary {
  const { name, version, origin, sha256, addedAt } = row
  return { name, version, origin, sha256, addedAt, contents }
}

function contentsOf({ resources }: Package): PackageSummary['contents'] {
  const types = [...new Set(resources.map(({ type }) => type))].sort()
  return Object.fromEntries(types.map((type) => [type, resources.filter((one) => one.type === type).length]))
}
