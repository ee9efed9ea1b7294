import { type Instance, type ProfileCondition, profileRules } from '../core/index.ts'
import { foldSystem, isObject } from '../fhir/index.ts'

/**
 * How a retrieve by profile finds its resources. `declared`: those whose `meta.profile` names it. `inferred`:
 * those too, and of resources that name no profile of the same guide those that hold what defines it (data of
 * EHRs names none, or US Core's). `ignored`: all of the type.
 */
export type ProfileMatching = 'declared' | 'inferred' | 'ignored'

const baseProfiles = 'http://hl7.org/fhir/StructureDefinition/'

/** The test that a profile asks of a resource; undefined where it asks none. */
export function profileTest(
  profile: string | undefined,
  matching: ProfileMatching,
): ((instance: Instance) => boolean) | undefined {
  if (profile === undefined || profile.startsWith(baseProfiles) || matching === 'ignored') return undefined
  if (matching === 'declared') return (instance) => declaredProfiles(instance).includes(profile)
  const guide = profile.slice(0, profile.indexOf('StructureDefinition/'))
  const conditions = profileRules[profile]?.conditions ?? []
  return (instance) => {
    const declared = declaredProfiles(instance)
    if (declared.includes(profile)) return true
    return !declared.some((one) => one.startsWith(guide)) && conditions.every((one) => meets(instance.data, one))
  }
}

function declaredProfiles(instance: Instance): readonly string[] {
  const meta = isObject(instance.data) ? instance.data['meta'] : undefined
  const profiles = isObject(meta) ? meta['profile'] : undefined
  if (!Array.isArray(profiles)) return []
  return profiles.flatMap((one) => (typeof one === 'string' ? [one.split('|')[0] ?? one] : []))
}

function meets(data: unknown, condition: ProfileCondition): boolean {
  const held = new Set(condition.path.split('.').reduce<readonly unknown[]>(step, [data]).flatMap(textsOf))
  return 'oneOf' in condition
    ? condition.oneOf.some((one) => held.has(one))
    : !condition.noneOf.some((one) => held.has(one))
}

function step(items: readonly unknown[], name: string): readonly unknown[] {
  return items.flatMap((item) => (isObject(item) && item[name] !== undefined ? [item[name]].flat() : []))
}

/** A plain value as text; of a coded element, `code` and `system|code` of each coding. */
function textsOf(item: unknown): readonly string[] {
  if (typeof item === 'string' || typeof item === 'boolean') return [String(item)]
  if (!isObject(item)) return []
  const codings: readonly unknown[] = Array.isArray(item['coding']) ? item['coding'] : [item]
  return codings.flatMap((coding) => {
    if (!isObject(coding) || typeof coding['code'] !== 'string') return []
    const system = typeof coding['system'] === 'string' ? foldSystem(coding['system']) : ''
    return [coding['code'], `${system}|${coding['code']}`]
  })
}
