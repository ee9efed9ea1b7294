import type { InstalledMeasure } from '../../src/content/index.ts'
import { isObject } from '../../src/fhir/index.ts'
import { at, codesOf, extensionsOf, faultsBy, type Json, list, type Must, resourceFaults } from './fhir-invariants.ts'

// What R4 and the profiles of DEQM US 5.0.0 ask of a MeasureReport: fixed values, cardinalities and invariants (mrp-1,
// mrp-2, deqm-0 to deqm-9), and that what the Measure names is echoed. Each fault is a sentence.

const deqm = 'http://hl7.org/fhir/us/davinci-deqm/StructureDefinition'
const core = 'http://hl7.org/fhir/StructureDefinition'
const scoringUrl = `${deqm}/extension-measureScoring`
const directionUrl = `${deqm}/extension-groupImprovementNotation`
const updateTypeUrl = `${deqm}/extension-submitDataUpdateType`
const supplementUrl = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-MeasureReport.supplementalData'

const profiles: Readonly<Record<string, string>> = {
  individual: `${deqm}/indv-measurereport-deqm`,
  summary: `${deqm}/summary-measurereport-deqm`,
  'subject-list': `${deqm}/subjectlist-measurereport-deqm`,
  'data-collection': `${deqm}/datax-measurereport-deqm`,
}
const individualList = `${deqm}/indv-measurereport-list`
const scorings = ['proportion', 'ratio', 'continuous-variable', 'cohort', 'composite']
const withDirection = ['proportion', 'ratio', 'continuous-variable']

/** The faults of a MeasureReport by the profile of its type; with the measure, also those of what must be echoed. */
export function reportFaults(report: Json, measure?: InstalledMeasure): string[] {
  return [
    ...resourceFaults(report),
    ...faultsBy((must) => {
      checkHead(report, must)
      if (report['type'] === 'data-collection') checkDataCollection(report, must)
      else checkMeasured(report, must)
      if (measure !== undefined) checkEcho(report, measure, must)
    }),
  ]
}

function checkHead(report: Json, must: Must): void {
  const type = String(report['type'])
  const status = String(report['status'])
  must(['complete', 'pending', 'error'].includes(status), `status ${status}`)
  must(type in profiles, `type ${type}`)
  const claimed = at(report, 'meta', 'profile')
  // An error has no populations, which deqm-5 asks for: it claims no profile.
  if (status === 'error') must(claimed === undefined, 'an error claims no profile')
  else must(Array.isArray(claimed) && claimed[0] === profiles[type], 'meta.profile is that of the type')
  const measure = String(report['measure'])
  must(
    measure.includes('|') && measure.slice(measure.indexOf('|') + 1).length > 0,
    'deqm-0: the canonical has a version',
  )
  must(typeof report['date'] === 'string', 'date is 1..1')
  must(isObject(report['reporter']), 'reporter is 1..1')
  for (const end of ['start', 'end']) {
    must(/^\d{4}-\d\d-\d\d/.test(String(at(report, 'period', end))), `deqm-1: period.${end} is at least of a day`)
  }
  for (const name of ['cqf-messages', 'cqf-inputParameters', 'measurereport-category'])
    must(extensionsOf(report, `${core}/${name}`).length <= 1, `${name} is 0..1`)
  for (const supplement of extensionsOf(report, supplementUrl)) {
    const reference = supplement['valueReference']
    must(isObject(reference), 'supplemental data are references')
    must(extensionsOf(reference, `${core}/cqf-criteriaReference`).length > 0, 'supplemental data name their criteria')
  }
  for (const stratifier of list(report['group']).flatMap((group) => list(group['stratifier'])))
    for (const stratum of list(stratifier['stratum']))
      must(isObject(stratum['value']) !== Array.isArray(stratum['component']), 'mrp-2: value or components')
}

function checkDataCollection(report: Json, must: Must): void {
  must(report['group'] === undefined, 'mrp-1: no group in data collection')
  must(isObject(report['subject']), 'subject is 1..1')
  const updates = extensionsOf(report, updateTypeUrl).map(({ valueCode }) => valueCode)
  must(updates.length === 1 && ['incremental', 'snapshot'].includes(String(updates[0])), 'update type is 1..1')
}

const scoringOf = (element: unknown): unknown => {
  const [extension] = extensionsOf(element, scoringUrl)
  return codesOf(extension?.['valueCodeableConcept'])[0]
}

function checkMeasured(report: Json, must: Must): void {
  const groups = list(report['group'])
  const type = report['type']
  const root = scoringOf(report)
  const own = groups.map(scoringOf)
  must(
    (root !== undefined && own.every((one) => one === undefined)) !==
      (root === undefined && own.every((one) => one !== undefined)),
    'deqm-3: scoring on the root or on every group',
  )
  for (const scoring of [root, ...own].filter((one) => one !== undefined))
    must(
      scorings.some((one) => one === scoring),
      `scoring ${JSON.stringify(scoring)}`,
    )
  if (withDirection.includes(String(root))) must(isObject(report['improvementNotation']), 'deqm-2: improvementNotation')
  if (type === 'individual') must(isObject(report['subject']), 'subject is 1..1')
  if (type === 'summary') must(report['subject'] === undefined, 'subject is 0..0')
  if (type !== 'individual') {
    must(groups.length > 0, 'group is 1..*')
    must(report['evaluatedResource'] === undefined, 'evaluatedResource is 0..0')
  }
  const isComposite = root === 'composite' || own.includes('composite')
  const counted = groups.flatMap((group) => list(group['population'])).length
  must(report['status'] === 'error' || isComposite || counted > 0, 'deqm-5: populations')
  for (const group of groups) checkGroup(report, group, root ?? scoringOf(group), must)
  for (const used of list(report['evaluatedResource'])) {
    must(typeof used['reference'] === 'string', 'evaluatedResource is a reference')
    const known = extensionsOf(used, `${core}/cqf-criteriaReference`)
    must(list(used['extension']).length === known.length, 'evaluatedResource has criteria references alone')
  }
}

function checkGroup(report: Json, group: Json, scoring: unknown, must: Must): void {
  if (scoringOf(group) !== undefined && withDirection.includes(String(scoring)))
    must(extensionsOf(group, directionUrl).length === 1, 'deqm-4: the group has a direction')
  const score = at(group, 'measureScore', 'value')
  // DEQM 5.0.0 writes deqm-6 without regard to a score that is absent, which the guide itself asks for; a later version mends it.
  if (scoring === 'proportion' && score !== undefined)
    must(typeof score === 'number' && score >= 0 && score <= 1, 'deqm-6: a proportion lies within 0 and 1')
  for (const population of list(group['population'])) checkPopulation(report, population, 'deqm-8', must)
  for (const stratifier of list(group['stratifier'])) {
    const strata = list(stratifier['stratum'])
    const components = strata.flatMap((stratum) => list(stratum['component']))
    must(
      (stratifier['code'] !== undefined) !== components.some((one) => one['code'] !== undefined),
      'deqm-7: a code of the stratifier or of its components',
    )
    for (const component of components)
      must(isObject(component['code']) && isObject(component['value']), 'a component has code and value')
    for (const stratum of strata)
      for (const population of list(stratum['population'])) checkPopulation(report, population, 'deqm-9', must)
  }
}

function checkPopulation(report: Json, population: Json, invariant: string, must: Must): void {
  const quantities = extensionsOf(population, `${core}/measurereport-countQuantity`).length
  const { count } = population
  must((quantities === 1) !== (count !== undefined), `${invariant}: count or countQuantity`)
  must(count === undefined || (Number.isInteger(count) && Number(count) >= 0), 'a count is a whole number')
  must(codesOf(population['code']).length > 0, 'population.code is 1..1')
  const results = at(population, 'subjectResults', 'reference')
  if (report['type'] !== 'subject-list') {
    must(results === undefined, 'subjectResults is 0..0')
    return
  }
  const isObservation = codesOf(population['code']).includes('measure-observation')
  must(isObservation || typeof results === 'string', 'subjectResults is 1..1')
  const contained = list(report['contained']).find(({ id }) => `#${String(id)}` === results)
  if (results !== undefined) {
    must(contained?.['resourceType'] === 'List', 'subjectResults is a contained List')
    must(
      (at(contained, 'meta', 'profile') as readonly unknown[] | undefined)?.[0] === individualList,
      'the List claims its profile',
    )
  }
  for (const entry of list(contained?.['entry']))
    must(
      String(at(entry, 'item', 'reference')).startsWith('MeasureReport/'),
      'the List holds individual MeasureReports',
    )
}

const each = (elements: unknown, name: string) => JSON.stringify(list(elements).map((element) => element[name]))

/** Groups, populations and stratifiers in the Measure's order with its ids and codes, where it gives them. */
function checkEcho(report: Json, measure: InstalledMeasure, must: Must): void {
  must(report['measure'] === `${measure.url}|${measure.version}`, 'the canonical is the measure and its version')
  if (report['type'] === 'data-collection' || report['status'] === 'error') return
  const written = list(measure.resource['group'])
  const groups = list(report['group'])
  must(groups.length === measure.groups.length, 'each group is reported')
  for (const [index, group] of groups.entries()) {
    const wanted = written[index] ?? {}
    must(group['id'] === wanted['id'], `group ${index} has the id of the measure`)
    must(JSON.stringify(group['code']) === JSON.stringify(wanted['code']), `group ${index} has the code of the measure`)
    const same = (reported: unknown, asked: unknown, what: string) => {
      must(each(reported, 'id') === each(asked, 'id'), `group ${index} echoes the ids of its ${what}`)
    }
    if (wanted['population'] !== undefined) {
      same(group['population'], wanted['population'], 'populations')
      must(
        each(group['population'], 'code') === each(wanted['population'], 'code'),
        `group ${index} echoes the codes of its populations`,
      )
    }
    same(group['stratifier'], wanted['stratifier'], 'stratifiers')
  }
}
