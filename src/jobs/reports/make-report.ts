import { type Diagnostic, fault, type Progress } from '../../base/index.ts'
import type { CompositeMeasure } from '../../content/index.ts'
import type { Resource } from '../../fhir/index.ts'
import type { MeasurementPeriod } from '../../measure/index.ts'
import { operationOutcome } from '../../report/index.ts'
import { type MeasureRun, readRunPersons } from '../../store/index.ts'
import type { Application } from '../application.ts'
import { checkPeriod } from '../run-request.ts'
import { compositeSummary } from './composite.ts'
import { type MadeReport, personReport, storedPersonReport } from './individual-reports.ts'
import { populationReport } from './population-report.ts'
import { type MeasureAsked, runOfReport } from './report-run.ts'
import { findSubjects, type Subjects, type SubjectsAsked } from './subjects.ts'

/** R4's report types. */
export type ReportKind = 'subject' | 'subject-list' | 'population'

/** A request for a report. Without a kind: of its subject where one is given, else of the population. */
export interface ReportAsked extends MeasureAsked {
  readonly who: SubjectsAsked
  readonly kind?: ReportKind | undefined
}

/** Where the run comes from that a population's report is made of. */
export type RunSource = (application: Application, asked: MeasureAsked) => Promise<MeasureRun>

/** So many individual reports are made for one request. */
const mostSubjects = 1000

/**
 * The report that is asked for. One person is evaluated now; everything else is what a run says: the newest finished one
 * of exactly that period. Faults: those of `findSubjects` and `runOfReport`.
 */
export async function makeReport(
  application: Application,
  asked: ReportAsked,
  runSource: RunSource = runOfReport,
): Promise<MadeReport> {
  checkPeriod(asked.period)
  const { who } = asked
  const subjects = await findSubjects(application.store.session, who)
  const kind = asked.kind ?? (who.subject === undefined && who.subjectGroup === undefined ? 'population' : 'subject')
  if (kind === 'subject') {
    if (subjects.kind === 'person') return personReport(application, asked, subjects.pid)
    if (subjects.kind === 'group') return groupReports(application, asked, subjects, runSource)
    throw fault('usage', 'jobs/subject-needed', 'A report of reportType=subject needs a subject.', {
      place: { element: 'subject' },
    })
  }
  const run = await runSource(application, asked)
  const counted = subjects.kind === 'person' ? { kind: 'group' as const, pids: [subjects.pid], remarks: [] } : subjects
  const type = kind === 'population' ? 'summary' : kind
  const parameters = parametersOf(who)
  return populationReport(
    application,
    { ...asked, subjects: counted, type, ...(parameters === undefined ? {} : { parameters }) },
    run,
  )
}

function parametersOf({ subject, practitioner, organization }: SubjectsAsked) {
  const given = Object.entries({ subject, practitioner, organization }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  return given.length === 0 ? undefined : Object.fromEntries(given)
}

/** An individual report for each member of a group, as a collection. */
async function groupReports(
  application: Application,
  asked: ReportAsked,
  { pids, remarks }: Extract<Subjects, { readonly kind: 'group' }>,
  runSource: RunSource,
): Promise<MadeReport> {
  if (pids.length > mostSubjects) {
    throw fault('input', 'jobs/too-many-subjects', `The group has more than ${mostSubjects} members.`, {
      place: { element: 'subject' },
      remedy: 'Ask for reportType=subject-list, whose members have individual reports that can be read one by one.',
    })
  }
  const run = await runSource(application, asked)
  const evaluated = new Set(await readRunPersons(application.store.session, run.runId))
  const present = pids.filter((pid) => evaluated.has(pid))
  const reports: Resource[] = []
  for (const pid of present) reports.push((await storedPersonReport(application, asked, run, pid)).report)
  const told = [...remarks, ...absent(pids.length - present.length, run.runId)]
  const issues = told.map((diagnostic) => ({ code: 'incomplete' as const, diagnostic }))
  const resources = [...reports, ...(issues.length === 0 ? [] : [operationOutcome(issues)])]
  const entry = resources.map((resource) => ({ resource }))
  const report: Resource = { resourceType: 'Bundle', type: 'collection', ...(entry.length === 0 ? {} : { entry }) }
  return { report, pids: present }
}

function absent(count: number, runId: number): readonly Diagnostic[] {
  if (count === 0) return []
  const message = `${count} members of the group are not in run ${runId}; nothing is said of them.`
  return [{ code: 'jobs/not-in-run', severity: 'warning', message }]
}

/** A request for a report of a composite measure. */
export interface CompositeReportAsked {
  readonly composite: CompositeMeasure
  readonly period: MeasurementPeriod
  readonly who: SubjectsAsked
  readonly kind?: ReportKind | undefined
}

/** The summary of a composite. Fault: `jobs/composite-kind` for reports of one person or lists of them. */
export async function makeCompositeReport(
  application: Application,
  asked: CompositeReportAsked,
  runSource: RunSource = runOfReport,
): Promise<MadeReport> {
  const { composite, period, who } = asked
  checkPeriod(period)
  if ((asked.kind ?? 'population') !== 'population') {
    throw fault('usage', 'jobs/composite-kind', 'A composite measure is reported of populations only.', {
      place: { element: 'reportType' },
      remedy: 'Ask for reportType=population, or for reports of its components.',
    })
  }
  const found = await findSubjects(application.store.session, who)
  const subjects = found.kind === 'person' ? { kind: 'group' as const, pids: [found.pid], remarks: [] } : found
  const parameters = parametersOf(who)
  const request = { composite, period, subjects, ...(parameters === undefined ? {} : { parameters }) }
  return compositeSummary(application, request, async (measures) => {
    const runs: MeasureRun[] = []
    for (const measure of measures) runs.push(await runSource(application, { measure, period }))
    return runs
  })
}

/** A run of just this measure and period over the facts of now; it changes nothing of what pages show. */
export const evaluatedNow =
  (progress: Progress): RunSource =>
  async (application, asked) => {
    const { measure, period } = asked
    const request = { measures: [measure.id], period, engine: 'sql' as const, reuse: true, unlisted: true }
    await application.evaluateRun(request, progress)
    return runOfReport(application, asked)
  }
