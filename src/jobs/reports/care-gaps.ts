import { contentHash, type Diagnostic, fault } from '../../base/index.ts'
import type { InstalledMeasure } from '../../content/index.ts'
import type { PersonRecord, Resource } from '../../fhir/index.ts'
import type { MeasurementPeriod } from '../../measure/index.ts'
import {
  type GapStatusCode,
  type GapsSection,
  gapStatusCode,
  gapsBundle,
  operationOutcome,
} from '../../report/index.ts'
import type { Application } from '../application.ts'
import { measureKeyOf } from './individual-id.ts'
import { individualOf, type MadeReport, recordOf, reporterName } from './individual-reports.ts'
import { findSubjects, organizationNamed, type SubjectsAsked } from './subjects.ts'

/** A request for gaps in care. */
export interface CareGapsAsked {
  readonly measures: readonly InstalledMeasure[]
  /** Values that were given to parameters of the logic, as texts: reports say them. */
  readonly parameters: Readonly<Record<string, string>>
  readonly period: MeasurementPeriod
  readonly who: SubjectsAsked
  readonly statuses: readonly GapStatusCode[]
  readonly isDocument: boolean
  /** Where resources are said to be: an address that ends in a slash. */
  readonly base: string
  /** So many persons at most: all of them are in one answer. */
  readonly mostPersons: number
}

/**
 * Gaps in care (DEQM US 5.0.0, `$care-gaps`): Parameters with a Bundle for each person who has a gap of the statuses asked
 * for, evaluated now. What could not be evaluated is told in an OperationOutcome beside the Bundles: it is no gap, and not
 * the want of one. Faults: those of `findSubjects`, and `jobs/too-many-subjects`.
 */
export async function careGaps(application: Application, asked: CareGapsAsked): Promise<MadeReport> {
  const subjects = await findSubjects(application.store.session, asked.who)
  if (subjects.kind === 'everybody') {
    throw fault('usage', 'jobs/subject-needed', 'Name a subject, or an organization.', {
      place: { element: 'subject' },
    })
  }
  const pids = subjects.kind === 'person' ? [subjects.pid] : subjects.pids
  if (pids.length > asked.mostPersons) {
    throw fault(
      'input',
      'jobs/too-many-subjects',
      `Gaps are reported of at most ${asked.mostPersons} persons at a time.`,
      {
        place: { element: 'subject' },
        remedy: 'Ask for fewer, or with `Prefer: respond-async`.',
      },
    )
  }
  const organization = await reportingOrganization(application, asked.who)
  const parameter: object[] = []
  const failed: Diagnostic[] = subjects.kind === 'group' ? [...subjects.remarks] : []
  for (const pid of pids) {
    const record = await recordOf(application, pid)
    const made = await gapsOf(application, asked, record, organization)
    failed.push(...made.failed)
    if (made.bundle !== undefined) parameter.push({ name: 'return', resource: made.bundle })
  }
  if (failed.length > 0) {
    const issues = failed.map((diagnostic) => ({ code: 'incomplete' as const, diagnostic }))
    parameter.push({ name: 'outcome', resource: operationOutcome(issues) })
  }
  return { report: { resourceType: 'Parameters', ...(parameter.length === 0 ? {} : { parameter }) }, pids }
}

/** The organization that is asked for reports (DEQM); else we do. */
async function reportingOrganization(application: Application, who: SubjectsAsked): Promise<Resource> {
  const named = await organizationNamed(application.store.session, who)
  if (named === undefined) return { resourceType: 'Organization', id: 'reporter', active: true, name: reporterName }
  const { contained: _flattened, meta: _meta, ...organization } = named.resource
  const id = named.source === undefined ? 'reporter' : `${named.source}.${String(organization['id'])}`
  return { ...organization, resourceType: 'Organization', id }
}

async function gapsOf(
  application: Application,
  asked: CareGapsAsked,
  record: PersonRecord,
  organization: Resource,
): Promise<{ readonly bundle?: Resource; readonly failed: readonly Diagnostic[] }> {
  const { period } = asked
  const date = application.clock.now().toISOString()
  const given = Object.entries(asked.parameters).flat()
  const days = contentHash(period.start, period.end, period.timeZone, ...given).slice(0, 8)
  const sections: GapsSection[] = []
  const failed: Diagnostic[] = []
  for (const measure of asked.measures) {
    const { evaluation, gaps } = await application.evaluateMeasure(record, measure, period)
    if (evaluation.error !== undefined) {
      failed.push(unknownOf(measure, record, evaluation.error))
      continue
    }
    const id = `gaps-${measureKeyOf(measure.id)}.${days}.${record.pid}`
    // Only where something can be done or left undone (a numerator) there is a gap.
    const withGap = measure.groups.filter(({ populations }) => populations.some(({ code }) => code === 'numerator'))
    const own = gaps.filter(({ groupId }) => withGap.some((group) => group.id === groupId))
    const wanted = own.some((gap) => asked.statuses.some((status) => status === gapStatusCode(gap)))
    if (!wanted) continue
    const told = Object.keys(asked.parameters).length === 0 ? {} : { parameters: asked.parameters }
    const context = { measure, period, date, reporter: organization, id, ...told }
    const report = await individualOf(application, context, evaluation, record)
    const several = measure.groups.length > 1
    sections.push({
      title: measure.title,
      report,
      gaps: own.map((gap) => ({ gap, ...(several ? { groupId: gap.groupId } : {}) })),
    })
  }
  if (sections.length === 0) return { failed }
  const patient: Resource = { ...record.patient, resourceType: 'Patient' }
  const id = `gaps-${contentHash(...asked.measures.map((measure) => measure.id)).slice(0, 12)}.${days}.${record.pid}`
  const { base, isDocument } = asked
  const evidence = referredEntries(record, sections)
  return { bundle: gapsBundle({ id, patient, organization, date, base, sections, evidence, isDocument }), failed }
}

/** The resources of the record that the reports refer to, in its order. */
function referredEntries(record: PersonRecord, sections: readonly GapsSection[]): readonly Resource[] {
  const text = sections.map(({ report }) => JSON.stringify(report)).join('\n')
  const referred = new Set(
    [...text.matchAll(/"reference":"([A-Z][A-Za-z]+\/[^"]+)"/g)].map(([, reference]) => reference),
  )
  return record.entries
    .filter(({ type, resource }) => referred.has(`${type}/${resource.id ?? ''}`))
    .map(({ resource }) => resource)
}

/** A person is named by the id that reports give them, never by what the error quotes. */
function unknownOf(measure: InstalledMeasure, record: PersonRecord, error: Diagnostic): Diagnostic {
  return {
    code: error.code,
    severity: 'error',
    message: `Patient/${record.patient.id ?? ''} could not be evaluated for ${measure.id}: ${error.message}`,
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
  }
}
