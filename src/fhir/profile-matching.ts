import { inferProfile, type ProfileSign, profileSigns } from './profile-inference.ts'
import { isObject, type Resource } from './resource.ts'

const folder = '/StructureDefinition/'

/**
 * How a retrieve by profile finds its resources. `declared`: those whose `meta.profile` names it. `inferred`:
 * those too, and of resources that name none of the guide those that hold what defines it, for data of EHRs names
 * none. `ignored`: all of the type.
 */
export type ProfileMatching = 'declared' | 'inferred' | 'ignored'

/** How a retrieve by a profile finds resources, as data; undefined where it takes all of its type. */
export interface ProfileTest {
  /** Found where `meta.profile` names it. */
  readonly profile: string
  /** Not found where `meta.profile` names, instead, another that begins with one of these. */
  readonly publishers: readonly string[]
  /** Of all others, what they must show. */
  readonly signs: readonly ProfileSign[]
}

/** What `matchesProfile` asks of a resource, for engines that read columns. */
export function profileTestOf(profile: string): ProfileTest | undefined {
  const publisher = publisherOf(profile)
  if (publisher === 'http://hl7.org/fhir') return undefined
  return {
    profile: withoutVersion(profile),
    publishers: [`${publisher}/`, qiCore],
    signs: profileSigns(profile.slice(publisher.length + folder.length).split('|')[0] ?? ''),
  }
}

/** `http://hl7.org/fhir/us/qicore` of a profile's canonical: who published it. */
function publisherOf(profile: string): string {
  const at = profile.indexOf(folder)
  return at === -1 ? profile : profile.slice(0, at)
}

const withoutVersion = (canonical: string): string => canonical.split('|')[0] ?? canonical

/**
 * Whether a retrieve by profile (ELM's templateId) finds a resource of its type. A resource that names profiles of the
 * retrieve's publisher, or QI-Core's, which measures are written in, is believed: one of them must be the profile. Of
 * any other, as EHRs send them, it is inferred from what defines the profile (`inferProfile`).
 */
export function matchesProfile(resource: Resource, profile: string, how: ProfileMatching = 'inferred'): boolean {
  const publisher = publisherOf(profile)
  if (publisher === 'http://hl7.org/fhir' || how === 'ignored') return true
  const declared = declaredProfiles(resource)
  if (declared.includes(withoutVersion(profile))) return true
  if (how === 'declared') return false
  const isTagged = declared.some((one) => one.startsWith(`${publisher}/`) || one.startsWith(qiCore))
  return isTagged ? false : inferProfile(resource, profile.slice(publisher.length + folder.length).split('|')[0] ?? '')
}

const qiCore = 'http://hl7.org/fhir/us/qicore/'

function declaredProfiles({ meta }: Resource): readonly string[] {
  const profiles = isObject(meta) ? meta['profile'] : undefined
  return Array.isArray(profiles) ? profiles.filter((one) => typeof one === 'string').map(withoutVersion) : []
}
