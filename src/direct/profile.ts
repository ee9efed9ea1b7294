import type { Instance } from '../core/index.ts'
import { isResource, matchesProfile } from '../fhir/index.ts'

/**
 * How a retrieve by profile finds its resources. `declared`: those whose `meta.profile` names it. `inferred`:
 * those too, and of resources that name none of the guide those that hold what defines it (`matchesProfile`), for
 * data of EHRs names none. `ignored`: all of the type.
 */
export type ProfileMatching = 'declared' | 'inferred' | 'ignored'

const baseProfiles = 'http://hl7.org/fhir/StructureDefinition/'

/** The test that a profile asks of a resource; undefined where it asks none. */
export function profileTest(
  profile: string | undefined,
  matching: ProfileMatching,
): ((instance: Instance) => boolean) | undefined {
  if (profile === undefined || profile.startsWith(baseProfiles) || matching === 'ignored') return undefined
  if (matching === 'declared') return ({ data }) => declares(data, profile)
  return ({ data }) => isResource(data) && matchesProfile(data, profile)
}

function declares(data: unknown, profile: string): boolean {
  const meta = isResource(data) ? (data['meta'] as { readonly profile?: unknown } | undefined) : undefined
  const profiles: readonly unknown[] = Array.isArray(meta?.profile) ? meta.profile : []
  return profiles.some((one) => typeof one === 'string' && one.split('|')[0] === profile)
}
