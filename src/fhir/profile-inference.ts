import { foldSystem } from './code-systems.ts'
import { isObject, type Resource } from './resource.ts'

/** What tells that a resource meets a profile, as data: one engine reads it of JSON, another of columns. */
export type ProfileSign =
  | { readonly sign: 'status'; readonly status: string; readonly is: boolean }
  /** That something is not to be done. */
  | { readonly sign: 'prohibited'; readonly is: boolean }
  /** One of the categories has one of the codes; `without` says what a resource without a category is taken for. */
  | {
      readonly sign: 'category'
      readonly codes: readonly string[]
      readonly without: 'met' | 'met in a visit' | 'met outside visits'
    }
  | { readonly sign: 'code'; readonly system: string; readonly codes: readonly string[] }

/**
 * Whether a resource that names no profile meets one of QI-Core 6.0.0 or US Core 6.1.0, by the element that defines it:
 * a condition's category, that something was not done, an observation's kind. `name` is the last part of the profile's
 * canonical. A profile that nothing but its type defines is met by every resource of the type.
 */
export function inferProfile(resource: Resource, name: string): boolean {
  return profileSigns(name).every((sign) => shows(resource, sign))
}

/** What defines a profile, by the last part of its canonical: all of these must be seen. Nothing where only its type does. */
export function profileSigns(name: string): readonly ProfileSign[] {
  return signs[name] ?? []
}

function shows(resource: Resource, sign: ProfileSign): boolean {
  switch (sign.sign) {
    case 'status':
      return (resource['status'] === sign.status) === sign.is
    case 'prohibited':
      return isProhibited(resource) === sign.is
    case 'category':
      return showsCategory(resource, sign)
    case 'code':
      return codesOf(resource['code']).some(({ system, code }) => system === sign.system && sign.codes.includes(code))
  }
}

function showsCategory(resource: Resource, { codes, without }: Extract<ProfileSign, { sign: 'category' }>): boolean {
  const categories = codesOf(resource['category'])
  if (categories.length > 0) return categories.some(({ code }) => codes.includes(code))
  return without === 'met' || isObject(resource['encounter']) === (without === 'met in a visit')
}

/** Types that have no doNotPerform in R4: QI-Core gives them one by a modifier extension. */
const withoutProhibition: ReadonlySet<string> = new Set(['DeviceRequest'])
/** How the modifier extension's url ends. */
export const prohibitionUrl = 'doNotPerform'

function isProhibited({ resourceType, doNotPerform, modifierExtension }: Resource): boolean {
  if (doNotPerform === true && !withoutProhibition.has(resourceType)) return true
  const extensions: readonly unknown[] = Array.isArray(modifierExtension) ? modifierExtension : []
  return extensions.some(
    (one) => isObject(one) && String(one['url']).endsWith(prohibitionUrl) && one['valueBoolean'] === true,
  )
}

function codesOf(value: unknown): readonly { readonly system: string; readonly code: string }[] {
  const concepts: readonly unknown[] = Array.isArray(value) ? value : [value]
  return concepts.flatMap((concept) => {
    const codings = isObject(concept) && Array.isArray(concept['coding']) ? (concept['coding'] as unknown[]) : []
    return codings.flatMap((coding) =>
      isObject(coding) && typeof coding['code'] === 'string'
        ? [{ system: systemOf(coding), code: coding['code'] }]
        : [],
    )
  })
}

const systemOf = (coding: Readonly<Record<string, unknown>>) =>
  typeof coding['system'] === 'string' ? foldSystem(coding['system']) : ''

const statusIs = (status: string): ProfileSign => ({ sign: 'status', status, is: true })
const statusIsNot = (status: string): ProfileSign => ({ sign: 'status', status, is: false })
const prohibited: ProfileSign = { sign: 'prohibited', is: true }
const requested: ProfileSign = { sign: 'prohibited', is: false }
const done = statusIsNot('not-done')
const notDone = statusIs('not-done')
const observed = statusIsNot('cancelled')

/** An observation without a category is judged by its code alone. */
const ofCategory = (...codes: readonly string[]): ProfileSign => ({ sign: 'category', codes, without: 'met' })
/** Without a category, a condition that names its visit is the visit's diagnosis, any other a problem. */
const visitDiagnosis: ProfileSign = { sign: 'category', codes: ['encounter-diagnosis'], without: 'met in a visit' }
const problem: ProfileSign = {
  sign: 'category',
  codes: ['problem-list-item', 'health-concern'],
  without: 'met outside visits',
}
const ofLoinc = (...codes: readonly string[]): ProfileSign => ({ sign: 'code', system: 'http://loinc.org', codes })

const signs: Readonly<Record<string, readonly ProfileSign[]>> = {
  'qicore-condition-encounter-diagnosis': [visitDiagnosis],
  'us-core-condition-encounter-diagnosis': [visitDiagnosis],
  'qicore-condition-problems-health-concerns': [problem],
  'us-core-condition-problems-health-concerns': [problem],
  'qicore-servicerequest': [requested],
  'qicore-devicerequest': [requested],
  'qicore-medicationrequest': [requested],
  'qicore-communicationrequest': [requested],
  'qicore-servicenotrequested': [prohibited],
  'qicore-devicenotrequested': [prohibited],
  'qicore-medicationnotrequested': [prohibited],
  'qicore-procedure': [done],
  'qicore-procedurenotdone': [notDone],
  'qicore-immunization': [done],
  'qicore-immunizationnotdone': [notDone],
  'qicore-medicationadministration': [done],
  'qicore-medicationadministrationnotdone': [notDone],
  'qicore-communication': [done],
  'qicore-communicationnotdone': [notDone],
  'qicore-medicationdispense': [statusIsNot('declined')],
  'qicore-medicationdispensedeclined': [statusIs('declined')],
  'qicore-task': [statusIsNot('rejected')],
  'qicore-taskrejected': [statusIs('rejected')],
  'qicore-observationcancelled': [statusIs('cancelled')],
  'qicore-simple-observation': [observed],
  'qicore-observation-lab': [observed, ofCategory('laboratory')],
  'us-core-observation-lab': [ofCategory('laboratory')],
  'qicore-observation-screening-assessment': [
    observed,
    ofCategory('survey', 'sdoh', 'functional-status', 'disability-status'),
  ],
  'us-core-vital-signs': [ofCategory('vital-signs')],
  'us-core-blood-pressure': [ofLoinc('85354-9')],
  'us-core-bmi': [ofLoinc('39156-5')],
  'us-core-body-height': [ofLoinc('8302-2')],
  'us-core-body-weight': [ofLoinc('29463-7')],
  'us-core-body-temperature': [ofLoinc('8310-5')],
  'us-core-heart-rate': [ofLoinc('8867-4')],
  'us-core-respiratory-rate': [ofLoinc('9279-1')],
  'us-core-pulse-oximetry': [ofLoinc('2708-6', '59408-5')],
  'us-core-head-circumference': [ofLoinc('9843-4', '8287-5')],
  'us-core-smokingstatus': [ofLoinc('72166-2')],
  'pediatric-bmi-for-age': [ofLoinc('59576-9')],
  'pediatric-weight-for-height': [ofLoinc('77606-2')],
  'head-occipital-frontal-circumference-percentile': [ofLoinc('8289-1')],
}
