import { isObject } from '../../src/fhir/index.ts'
import { reportFaults } from './deqm-invariants.ts'
import { at, codesOf, extensionsOf, faultsBy, type Json, list, references, resourceFaults } from './fhir-invariants.ts'

// What R4 asks of a document or collection Bundle, and what the gaps in care profiles of DEQM US 5.0.0 ask of the Bundle,
// its Composition and its DetectedIssues (gic-1, gic-2, fixed codes, cardinalities). Each fault is a sentence.

const deqm = 'http://hl7.org/fhir/us/davinci-deqm/StructureDefinition'
const statuses = ['open-gap', 'closed-gap', 'prospective-gap', 'not-applicable']

export const gapStatusOf = (issue: Json): unknown => {
  const own = list(issue['modifierExtension']).filter(({ url }) => url === `${deqm}/extension-gapStatus`)
  return own.length === 1 ? codesOf(own[0]?.['valueCodeableConcept'])[0] : undefined
}

/** The resources of a Bundle. */
export const resourcesOf = (bundle: Json): readonly Json[] =>
  list(bundle['entry']).map(({ resource }) => resource as Json)

export function gapsBundleFaults(bundle: Json): string[] {
  const resources = resourcesOf(bundle)
  const of = (type: string) => resources.filter(({ resourceType }) => resourceType === type)
  const compositions = of('Composition')
  const named = new Set(resources.map(({ resourceType, id }) => `${String(resourceType)}/${String(id)}`))
  const ours = [...compositions, ...of('DetectedIssue')]
  return [
    ...ours.flatMap((resource) => resourceFaults(resource)),
    ...of('MeasureReport').flatMap((report) => reportFaults(report)),
    ...faultsBy((must) => {
      must(
        (at(bundle, 'meta', 'profile') as readonly unknown[])[0] === `${deqm}/gaps-bundle-deqm`,
        'the Bundle claims its profile',
      )
      must(typeof at(bundle, 'identifier', 'system') === 'string', 'identifier.system is 1..1')
      must(
        /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/.test(
          String(at(bundle, 'identifier', 'value')),
        ),
        'identifier.value is a UUID',
      )
      must(typeof bundle['timestamp'] === 'string', 'bdl-10: timestamp')
      const urls = list(bundle['entry']).map(({ fullUrl }) => String(fullUrl))
      must(new Set(urls).size === urls.length, 'bdl-7: each fullUrl once')
      for (const [index, resource] of resources.entries())
        must(
          urls[index]?.endsWith(`/${String(resource['resourceType'])}/${String(resource['id'])}`) === true,
          'bdl-8: fullUrl is that of the resource',
        )
      must(compositions.length <= 1, 'at most one Composition')
      must(
        (compositions.length === 1) === (bundle['type'] === 'document'),
        'gic-1, gic-2: a document has a Composition, a collection none',
      )
      if (bundle['type'] === 'document')
        must(resources[0] === compositions[0], 'bdl-11: a document begins with the Composition')
      must(of('MeasureReport').length > 0 && of('DetectedIssue').length > 0, 'reports and issues are there')
      for (const resource of [...ours, ...of('MeasureReport')])
        for (const reference of references(resource))
          must(reference.startsWith('#') || named.has(reference), `${reference} is in the Bundle`)
      for (const issue of of('DetectedIssue')) {
        must(
          (at(issue, 'meta', 'profile') as readonly unknown[])[0] === `${deqm}/gaps-detectedissue-deqm`,
          'the DetectedIssue claims its profile',
        )
        must(statuses.includes(String(gapStatusOf(issue))), 'modifierExtension:gapStatus is 1..1')
        must(codesOf(issue['code']).includes('CAREGAP'), 'DetectedIssue.code is CAREGAP')
        must(isObject(issue['patient']), 'DetectedIssue.patient is 1..1')
        const evidence = list(issue['evidence'])
        must(evidence.length > 0, 'DetectedIssue.evidence is 1..*')
        for (const { detail } of evidence) {
          must(list(detail).length === 1, 'evidence.detail is 1..1')
          const [only] = list(detail)
          must(/^(MeasureReport|GuidanceResponse)\//.test(String(only?.['reference'])), 'evidence.detail is a report')
          must(
            extensionsOf(only, 'http://hl7.org/fhir/StructureDefinition/cqf-criteriaReference').length <= 1,
            'criteriaReference is 0..1',
          )
        }
      }
      for (const composition of compositions) {
        must(
          (at(composition, 'meta', 'profile') as readonly unknown[])[0] === `${deqm}/gaps-composition-deqm`,
          'the Composition claims its profile',
        )
        must(codesOf(composition['type']).includes('96315-7'), 'Composition.type is 96315-7')
        const subject = at(composition, 'subject', 'reference')
        const sections = list(composition['section'])
        must(sections.length > 0, 'Composition.section is 1..*')
        must(sections.length === of('MeasureReport').length, 'a section for each report')
        for (const section of sections) {
          must(
            String(at(section, 'focus', 'reference')).startsWith('MeasureReport/'),
            'section.focus is 1..1, a report',
          )
          const entries = list(section['entry']).map(({ reference }) => String(reference))
          must(
            entries.length > 0 && entries.every((one) => one.startsWith('DetectedIssue/')),
            'section.entry is 1..*, issues',
          )
        }
        for (const one of of('MeasureReport'))
          must(at(one, 'subject', 'reference') === subject, 'all reports are of the subject')
      }
    }),
  ]
}
