import type { PersonRecord, RecordEntry, Resource } from '../fhir/index.ts'
import { extensionUrls, profileUrls } from './extension-urls.ts'
import { reporterOf } from './measure-report.ts'
import type { ReportContext } from './report-context.ts'

/**
 * The data that a measure reads of one person, as a collection: a MeasureReport of type data-collection that refers to
 * every resource of it, and the resources (DEQM, Data Exchange MeasureReport).
 */
export function collectedData(context: ReportContext, record: PersonRecord, entries: readonly RecordEntry[]): Resource {
  const { measure, period } = context
  const patient = { ...record.patient, resourceType: 'Patient' }
  const others = entries.filter(({ type, resource }) => type !== 'Patient' || resource.id !== patient.id)
  const resources: readonly Resource[] = [patient, ...others.map(({ resource }) => resource)]
  const reporter = reporterOf(context)
  const report: Resource = {
    resourceType: 'MeasureReport',
    ...(context.id === undefined ? {} : { id: context.id }),
    meta: { profile: [profileUrls['data-collection']] },
    contained: [reporter],
    extension: [{ url: extensionUrls.updateType, valueCode: 'snapshot' }],
    status: 'complete',
    type: 'data-collection',
    measure: `${measure.url}|${measure.version}`,
    subject: { reference: `Patient/${patient.id ?? ''}` },
    date: context.date,
    reporter: { reference: '#reporter' },
    period: { start: period.start, end: period.end },
    evaluatedResource: resources.map(({ resourceType, id = '' }) => ({ reference: `${resourceType}/${id}` })),
  }
  const entry = [report, ...resources].map((resource) => ({ resource }))
  return { resourceType: 'Bundle', type: 'collection', entry }
}
