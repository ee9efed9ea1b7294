import type { Session } from '../../duck/index.ts'
import { type PackageRow, readPackageContents, readPackages } from '../../store/index.ts'
import { type Package, type PackageResource, packageTypes } from './packaged.ts'

/** A package of the store, with the row that says when and from where it came. */
export interface StoredPackage extends Package {
  readonly row: PackageRow
}

/** Every installed package with what it holds, in the order in which they were added. */
export async function storedPackages(session: Session): Promise<readonly StoredPackage[]> {
  const rows = await readPackages(session)
  const contents = rows.length === 0 ? [] : await readPackageContents(session)
  return rows.map((row) => ({
    name: row.name,
    version: row.version,
    row,
    resources: contents
      .filter(({ packageId }) => packageId === row.packageId)
      .flatMap(({ type, url, version, name, file, body, sha256 }): readonly PackageResource[] => {
        const known = packageTypes.find((one) => one === type)
        const names = { ...(version === null ? {} : { version }), ...(name === null ? {} : { name }) }
        return known === undefined ? [] : [{ type: known, url, ...names, file, body, sha256 }]
      }),
  }))
}
