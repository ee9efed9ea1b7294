import { type Diagnostic, fault, invariant, type Place } from '../../base/index.ts'
import type { PersonRecord, Resource } from '../../fhir/index.ts'
import { readPersonRecord } from '../../identity/index.ts'
import type { GroupEvaluation, PersonEvaluation } from '../../measure/index.ts'
import { individualReport, type ReportContext } from '../../report/index.ts'
import { type MeasureRun, readMeasureRun, readStoredError, readStoredResults } from '../../store/index.ts'
import type { Application } from '../application.ts'
import { individualReportId, measureKeyOf, parseReportId } from './individual-id.ts'
import { totalsOf } from './population-counts.ts'
import type { MeasureAsked } from './report-run.ts'
import { supplementEvaluator } from './supplement.ts'

/** A report with the persons that it tells of. */
export interface MadeReport {
  readonly report: Resource
  readonly pids: readonly number[]
}

/** The organization that reports name as their reporter. */
export const reporterName = 'caregap'

/** One person, evaluated now over all that every source holds of them. Fault: `jobs/no-subject`. */
export async function personReport(
  application: Application,
  asked: MeasureAsked,
  pid: number,
  context: Partial<ReportContext> = {},
): Promise<MadeReport> {
  const record = await recordOf(application, pid)
  const { evaluation } = await application.evaluatePerson(record, asked.measure.id, asked.period)
  const date = application.clock.now().toISOString()
  const report = await individualOf(
    application,
    { ...asked, date, reporter: reporterName, ...context },
    evaluation,
    record,
  )
  return { report, pids: [pid] }
}

/** What is held of a person. Fault: `jobs/no-subject`. */
export async function recordOf({ store }: Application, pid: number): Promise<PersonRecord> {
  const record = await readPersonRecord(store.session, pid)
  if (record !== undefined) return record
  throw fault('input', 'jobs/no-subject', 'There is no such person here.', {
    place: { element: 'subject' },
    remedy: 'Name a patient as Patient/<source>/<id>, or a person as Person/<key>.',
  })
}

/** One person's report from an evaluation that is at hand, with supplemental data. */
export async function individualOf(
  application: Application,
  context: ReportContext,
  evaluation: PersonEvaluation,
  record: PersonRecord,
): Promise<Resource> {
  const supplement = await supplementEvaluator(application, context)?.evaluate(record)
  return individualReport(context, evaluation, record, supplement)
}

/** What a run says of one person. Fault: `jobs/no-subject` where the run did not evaluate them. */
export async function storedPersonReport(
  application: Application,
  asked: MeasureAsked,
  run: MeasureRun,
  pid: number,
): Promise<MadeReport> {
  const evaluation = await storedEvaluation(application, asked, run, pid)
  if (evaluation === undefined) {
    throw fault('input', 'jobs/no-subject', `Run ${run.runId} did not evaluate that person.`, {
      place: { element: 'subject' },
    })
  }
  const record = await recordOf(application, pid)
  const held = new Set(record.entries.map(({ rid }) => rid))
  const gone = evaluation.evidence.filter(({ rid }) => !held.has(rid)).length
  const context: ReportContext = {
    ...asked,
    id: individualReportId(run.runId, asked.measure.id, pid),
    date: run.finishedAt,
    reporter: reporterName,
    remarks: gone === 0 ? [] : [evidenceGone(gone)],
  }
  return { report: await individualOf(application, context, evaluation, record), pids: [pid] }
}

/** The individual report that a subject list refers to. Fault: `jobs/no-report`. */
export async function readIndividualReport(application: Application, id: string): Promise<MadeReport> {
  const key = parseReportId(id)
  const measure = application.measures.find((candidate) => measureKeyOf(candidate.id) === key?.measureKey)
  const { session } = application.store
  const run =
    key === undefined || measure === undefined ? undefined : await readMeasureRun(session, key.runId, measure.id)
  if (key === undefined || measure === undefined || run === undefined || run.contentHash !== measure.contentHash) {
    throw fault('input', 'jobs/no-report', 'There is no such report here.', {
      remedy: 'Ask for the subject list again: its reports are of the newest run.',
    })
  }
  const period = { start: run.periodStart, end: run.periodEnd, timeZone: run.timeZone }
  return storedPersonReport(application, { measure, period }, run, key.pid)
}

/** The stored results of one person as an evaluation; undefined where the run has none of them. */
export async function storedEvaluation(
  { store }: Application,
  { measure }: MeasureAsked,
  { runId }: Pick<MeasureRun, 'runId'>,
  pid: number,
): Promise<PersonEvaluation | undefined> {
  const where = { runId, measureId: measure.id, pid }
  const base = { pid, measureId: measure.id }
  const failed = await readStoredError(store.session, where)
  if (failed !== undefined) {
    const place = failed.place === null ? {} : { place: JSON.parse(failed.place) as Place }
    const error: Diagnostic = { code: failed.code, severity: 'error', message: failed.message, ...place }
    return { ...base, groups: [], defines: '', evidence: [], error }
  }
  const rows = await readStoredResults(store.session, where)
  const [first] = rows
  if (first === undefined) return undefined
  const groups = measure.groups.map((group): GroupEvaluation => {
    const row = rows.find(({ groupId }) => groupId === group.id)
    invariant(row !== undefined, `run ${runId} has a result for each group`)
    return {
      groupId: group.id,
      populations: totalsOf(group, row.counts),
      ...(row.observations === null ? {} : { observations: JSON.parse(row.observations) as Record<string, number[]> }),
      ...(row.strata === null ? {} : { strata: JSON.parse(row.strata) as NonNullable<GroupEvaluation['strata']> }),
    }
  })
  return { ...base, groups, defines: first.defines, evidence: first.evidence }
}

const evidenceGone = (count: number): Diagnostic => ({
  code: 'jobs/evidence-gone',
  severity: 'warning',
  message: `${count} of the resources that the result rests on are no longer stored; they are not among evaluatedResource.`,
})
