import { foldSystem } from './code-systems.ts'
import { isObject, type Resource } from './resource.ts'

type Test = (resource: Resource) => boolean

/**
 * Whether a resource that names no profile meets one of QI-Core 6.0.0 or US Core 6.1.0, by the element that defines it:
 * a condition's category, that something was not done, an observation's kind. `name` is the last part of the profile's
 * canonical. A profile that nothing but its type defines is met by every resource of the type.
 */
export function inferProfile(resource: Resource, name: string): boolean {
  return tests[name]?.(resource) ?? true
}

const isObservation: Test = ({ status }) => status !== 'cancelled'
const isDone: Test = ({ status }) => status !== 'not-done'
const isNotDone: Test = ({ status }) => status === 'not-done'

/** DeviceRequest has no doNotPerform in R4: QI-Core gives it one by a modifier extension. */
function isProhibited({ doNotPerform, modifierExtension }: Resource): boolean {
  if (doNotPerform === true) return true
  const extensions: readonly unknown[] = Array.isArray(modifierExtension) ? modifierExtension : []
  return extensions.some(
    (one) => isObject(one) && String(one['url']).endsWith('doNotPerform') && one['valueBoolean'] === true,
  )
}
const isRequested: Test = (resource) => !isProhibited(resource)

function codesOf(value: unknown): readonly string[] {
  const concepts: readonly unknown[] = Array.isArray(value) ? value : [value]
  return concepts.flatMap((concept) => {
    const codings = isObject(concept) && Array.isArray(concept['coding']) ? (concept['coding'] as unknown[]) : []
    return codings.flatMap((coding) =>
      isObject(coding) && typeof coding['code'] === 'string' ? [`${systemOf(coding)}|${coding['code']}`] : [],
    )
  })
}

const systemOf = (coding: Readonly<Record<string, unknown>>) =>
  typeof coding['system'] === 'string' ? foldSystem(coding['system']) : ''

/** True where one of the categories has one of the codes. An observation without a category is judged by its code alone. */
function hasCategory(resource: Resource, ...codes: readonly string[]): boolean {
  const categories = codesOf(resource['category'])
  return categories.length === 0 || categories.some((one) => codes.includes(one.slice(one.lastIndexOf('|') + 1)))
}

/** Without a category, a condition that names its visit is the visit's diagnosis, any other a problem. */
function isVisitDiagnosis(resource: Resource): boolean {
  const categories = codesOf(resource['category'])
  if (categories.length === 0) return isObject(resource['encounter'])
  return categories.some((one) => one.endsWith('|encounter-diagnosis'))
}

function isProblem(resource: Resource): boolean {
  const categories = codesOf(resource['category'])
  if (categories.length === 0) return !isObject(resource['encounter'])
  return categories.some((one) => one.endsWith('|problem-list-item') || one.endsWith('|health-concern'))
}

const hasLoinc =
  (...codes: readonly string[]): Test =>
  (resource) =>
    codesOf(resource['code']).some((one) => codes.some((code) => one === `http://loinc.org|${code}`))

const tests: Readonly<Record<string, Test>> = {
  'qicore-condition-encounter-diagnosis': isVisitDiagnosis,
  'us-core-condition-encounter-diagnosis': isVisitDiagnosis,
  'qicore-condition-problems-health-concerns': isProblem,
  'us-core-condition-problems-health-concerns': isProblem,
  'qicore-servicerequest': isRequested,
  'qicore-devicerequest': isRequested,
  'qicore-medicationrequest': isRequested,
  'qicore-communicationrequest': isRequested,
  'qicore-servicenotrequested': isProhibited,
  'qicore-devicenotrequested': isProhibited,
  'qicore-medicationnotrequested': isProhibited,
  'qicore-procedure': isDone,
  'qicore-procedurenotdone': isNotDone,
  'qicore-immunization': isDone,
  'qicore-immunizationnotdone': isNotDone,
  'qicore-medicationadministration': isDone,
  'qicore-medicationadministrationnotdone': isNotDone,
  'qicore-communication': isDone,
  'qicore-communicationnotdone': isNotDone,
  'qicore-medicationdispense': ({ status }) => status !== 'declined',
  'qicore-medicationdispensedeclined': ({ status }) => status === 'declined',
  'qicore-task': ({ status }) => status !== 'rejected',
  'qicore-taskrejected': ({ status }) => status === 'rejected',
  'qicore-observationcancelled': ({ status }) => status === 'cancelled',
  'qicore-simple-observation': isObservation,
  'qicore-observation-lab': (resource) => isObservation(resource) && hasCategory(resource, 'laboratory'),
  'us-core-observation-lab': (resource) => hasCategory(resource, 'laboratory'),
  'qicore-observation-screening-assessment': (resource) =>
    isObservation(resource) && hasCategory(resource, 'survey', 'sdoh', 'functional-status', 'disability-status'),
  'us-core-vital-signs': (resource) => hasCategory(resource, 'vital-signs'),
  'us-core-blood-pressure': hasLoinc('85354-9'),
  'us-core-bmi': hasLoinc('39156-5'),
  'us-core-body-height': hasLoinc('8302-2'),
  'us-core-body-weight': hasLoinc('29463-7'),
  'us-core-body-temperature': hasLoinc('8310-5'),
  'us-core-heart-rate': hasLoinc('8867-4'),
  'us-core-respiratory-rate': hasLoinc('9279-1'),
  'us-core-pulse-oximetry': hasLoinc('2708-6', '59408-5'),
  'us-core-head-circumference': hasLoinc('9843-4', '8287-5'),
  'us-core-smokingstatus': hasLoinc('72166-2'),
  'pediatric-bmi-for-age': hasLoinc('59576-9'),
  'pediatric-weight-for-height': hasLoinc('77606-2'),
  'head-occipital-frontal-circumference-percentile': hasLoinc('8289-1'),
}
