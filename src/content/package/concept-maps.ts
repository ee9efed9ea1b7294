import type { Session } from '../../duck/index.ts'
import { labelOf } from './dependencies.ts'
import { storedPackages } from './stored-packages.ts'

/** A ConceptMap of an installed package. */
export interface PackagedConceptMap {
  /** `name|version` of the package. */
  readonly package: string
  readonly file: string
  readonly url: string
  readonly resource: unknown
}

/** The ConceptMaps of all packages, or of those with this name (or `name|version`). */
export async function packagedConceptMaps(session: Session, name?: string): Promise<readonly PackagedConceptMap[]> {
  const packages = (await storedPackages(session)).filter(
    (one) => name === undefined || one.name === name || labelOf(one) === name,
  )
  return packages.flatMap((owner) =>
    owner.resources
      .filter(({ type }) => type === 'ConceptMap')
      .map(({ file, url, body }) => ({ package: labelOf(owner), file, url, resource: JSON.parse(body) as unknown })),
  )
}
