import { contentHash, type Diagnostic } from '../base/index.ts'
import type { LibraryClosure } from '../elm/index.ts'
import { type ProfileMatching, profileTestOf } from '../fhir/index.ts'
import type { InstalledMeasure } from './measure.ts'

/**
 * A measure whose retrieves by profile find resources in this way. What it says then is another thing, so that its hash
 * is one too; and where its logic retrieves by profile at all, results tell how that was taken.
 */
export function withProfiles(measure: InstalledMeasure, how: ProfileMatching): InstalledMeasure {
  const contentHashOf = how === 'inferred' ? measure.contentHash : contentHash(measure.contentHash, how)
  const marked = { ...measure, closure: { ...measure.closure, profiles: how }, contentHash: contentHashOf }
  const profiles = retrievedProfiles(measure.closure)
  return profiles.size === 0 ? marked : { ...marked, remarks: [...(measure.remarks ?? []), remarkOn(profiles, how)] }
}

const meanings: Readonly<Record<ProfileMatching, string>> = {
  declared: 'only resources whose meta.profile names it; plain data without profiles is not found',
  inferred: 'resources whose meta.profile names it, and plain ones by the elements that define it',
  ignored: 'all resources of the type',
}

const remarkOn = ({ size }: ReadonlySet<string>, how: ProfileMatching): Diagnostic => ({
  code: 'content/profile-matching',
  severity: 'information',
  message: `The logic retrieves by ${size} profile${size === 1 ? '' : 's'}; a retrieve found ${meanings[how]} (${how}).`,
  remedy: 'The configuration key "profiles" (declared, inferred, ignored) changes that.',
})

/** The profiles, beside FHIR's own resources, that any library of a closure retrieves by. */
function retrievedProfiles({ libraries }: LibraryClosure): ReadonlySet<string> {
  const found = new Set<string>()
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) for (const one of node) visit(one)
    else if (typeof node === 'object' && node !== null) {
      const { type, templateId } = node as { readonly type?: unknown; readonly templateId?: unknown }
      if (type === 'Retrieve' && typeof templateId === 'string' && profileTestOf(templateId) !== undefined)
        found.add(templateId)
      for (const one of Object.values(node)) visit(one)
    }
  }
  for (const library of libraries) visit(library.statements)
  return found
}
