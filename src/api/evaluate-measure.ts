import type { Context } from 'hono'
import { z } from 'zod'
import type { RequestScope } from '../access/index.ts'
import { readPersonRecord } from '../identity/index.ts'
import type { Application } from '../jobs/index.ts'
import { individualReport, type ReportContext } from '../report/index.ts'
import { findPid } from '../store/index.ts'
import { type Evaluation, reporterName } from './evaluation.ts'
import { answerOutcome, answerResource } from './fhir-answer.ts'
import { periodEnd, periodStart } from './period-query.ts'
import { answerPopulation } from './population-report.ts'

const query = z
  .strictObject({
    periodStart,
    periodEnd,
    subject: z
      .string()
      .regex(/^(Patient\/[a-z0-9][a-z0-9-]*[/.].+|Person\/\d{1,9})$/, 'must be Patient/<source>/<id> or Person/<key>')
      .optional(),
    reportType: z.enum(['subject', 'subject-list', 'population']).optional(),
    _format: z.string().optional(),
  })
  .refine(({ periodStart, periodEnd }) => periodStart <= periodEnd, {
    path: ['periodEnd'],
    message: 'must not be before periodStart',
  })
  .refine(
    ({ subject, reportType }) => (reportType === 'subject') === (subject !== undefined) || reportType === undefined,
    {
      path: ['subject'],
      message: 'is needed for reportType=subject, and taken for no other',
    },
  )

/**
 * `Measure/{id}/$evaluate-measure` (R4): a person evaluated now, or a population as the last published run of
 * exactly that period has it. Faults of the query 400, unknown measure, person or run 404.
 */
export async function evaluateMeasure(
  context: Context,
  scope: RequestScope,
  application: Application,
): Promise<Response> {
  const id = context.req.param('id') ?? ''
  const measure = application.measures.find((candidate) => candidate.id === id)
  if (measure === undefined) return answerOutcome(context, 404, 'not-found', [noMeasure(id)])
  const parsed = query.safeParse(context.req.query())
  if (!parsed.success) return answerOutcome(context, 400, 'invalid', parsed.error.issues.map(queryFault))
  const { subject, reportType } = parsed.data
  const period = { start: parsed.data.periodStart, end: parsed.data.periodEnd, timeZone: application.config.timeZone }
  const evaluation: Evaluation = { application, measure, period, scope }
  if (subject !== undefined) return answerSubject(context, evaluation, subject)
  return answerPopulation(context, evaluation, reportType === 'subject-list' ? 'subject-list' : 'summary')
}

async function answerSubject(context: Context, evaluation: Evaluation, subject: string): Promise<Response> {
  const { application, measure, period, scope } = evaluation
  const pid = await pidOf(application, subject)
  const record = pid === undefined ? undefined : await readPersonRecord(application.store.session, pid)
  if (pid === undefined || record === undefined) return answerOutcome(context, 404, 'not-found', [noSubject])
  scope.read({ pids: [pid], measureId: measure.id })
  const answer = await application.evaluatePerson(record, measure.id, period)
  const report: ReportContext = {
    measure,
    period,
    date: application.clock.now().toISOString(),
    reporter: reporterName,
  }
  return answerResource(context, individualReport(report, answer.evaluation, record))
}

/** Source and id may be parted by a slash or, as in the reports, by a point: source names hold neither. */
async function pidOf(application: Application, subject: string): Promise<number | undefined> {
  if (subject.startsWith('Person/')) return Number(subject.slice('Person/'.length))
  const [, source = '', patientId = ''] = /^Patient\/([a-z0-9-]+)[/.](.+)$/.exec(subject) ?? []
  return findPid(application.store.session, source, patientId)
}

export const noMeasure = (id: string) => ({
  code: 'api/no-measure',
  message: `There is no measure "${id.slice(0, 100)}" here.`,
  remedy: 'GET /fhir/Measure lists those that are installed.',
})

const noSubject = {
  code: 'api/no-subject',
  message: 'There is no such person here.',
  place: { element: 'subject' },
  remedy: 'Name a patient as Patient/<source>/<id>, or a person as Person/<key>.',
}

/** A fault of a query as a diagnostic: the parameter and what is wrong with it, never its value. */
export function queryFault(issue: z.core.$ZodIssue) {
  const element = issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : issue.path.map(String).join('.')
  const message = issue.code === 'unrecognized_keys' ? 'is not known here' : issue.message
  return { code: 'api/invalid-query', message: `${element}: ${message}.`, place: { element } }
}
