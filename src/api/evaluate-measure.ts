import type { Context } from 'hono'
import { z } from 'zod'
import { type RequestScope, seesEverybody } from '../access/index.ts'
import {
  type Application,
  type CompositeReportAsked,
  evaluatedNow,
  makeCompositeReport,
  makeReport,
  type ReportAsked,
} from '../jobs/index.ts'
import type { Issue } from '../report/index.ts'
import { answerLater, wantsToComeBack } from './answer-later.ts'
import { answerIssues, answerOutcome, answerResource } from './fhir-answer.ts'
import { findMeasure } from './measure-named.ts'
import { once, type ReadInput, readOperation, resourceOf, text } from './operation-input.ts'
import { periodEnd, periodStart } from './period-query.ts'
import { orRefusal } from './report-faults.ts'

/** A reference to a resource of the loaded data. */
export const place = (type: string) =>
  z.string().regex(new RegExp(`^${type}/[a-z0-9][a-z0-9-]*[/.].+$`), `must be ${type}/<source>/<id>`)

/** Who is asked for, as every operation on measures takes it. */
export const subjectParameters = {
  subject: once(
    z
      .string()
      .regex(
        /^((Patient|Group)\/[a-z0-9][a-z0-9-]*[/.].+|Person\/\d{1,9})$/,
        'must be Patient/<source>/<id>, Group/<source>/<id> or Person/<key>',
      ),
  ).optional(),
  subjectGroup: once(resourceOf('Group')).optional(),
  practitioner: once(place('Practitioner')).optional(),
}

/** The days of a measurement period. */
export const periodParameters = { periodStart: once(periodStart), periodEnd: once(periodEnd) }

export const endsAfterStart = ({ periodStart: start, periodEnd: end }: { periodStart: string; periodEnd: string }) =>
  start <= end

export const endBeforeStart = { path: ['periodEnd'], message: 'must not be before periodStart' }

const kinds = {
  subject: 'subject',
  individual: 'subject',
  'subject-list': 'subject-list',
  population: 'population',
  summary: 'population',
} as const

const parameters = z
  .strictObject({
    ...periodParameters,
    ...subjectParameters,
    measure: once(text).optional(),
    reportType: once(
      z.enum(['subject', 'individual', 'subject-list', 'population', 'summary']).transform((name) => kinds[name]),
    ).optional(),
    _format: once(text).optional(),
  })
  .refine(endsAfterStart, endBeforeStart)
  .refine(({ subject, subjectGroup }) => subject === undefined || subjectGroup === undefined, {
    path: ['subjectGroup'],
    message: 'is not taken together with subject',
  })
  .refine(
    ({ reportType, subject, subjectGroup, practitioner }) =>
      reportType !== 'subject' || [subject, subjectGroup, practitioner].some((one) => one !== undefined),
    { path: ['subject'], message: 'is needed for reportType=subject' },
  )

const notDone = {
  lastReceivedOn: 'is not done here: every report holds all the resources that it rests on',
  additionalData: 'is not done here: load data with POST /fhir',
  parameters: 'is not done here: measures are evaluated with their own parameters',
}

/**
 * `$evaluate-measure` (R4) on one measure, or on the type with the parameter `measure`: a person evaluated now; a group,
 * or everybody, as the newest finished run of exactly that period has it, or (respond-async) as a run of now does.
 */
export async function evaluateMeasure(
  context: Context,
  scope: RequestScope,
  application: Application,
): Promise<Response> {
  const asked = await readRequest(context, application)
  if (!asked.ok) return answerIssues(context, asked.status, asked.issues)
  const { value } = asked
  if (!seesEverybody(scope.principal) && isOfMany(value)) return refuseCounts(context, scope)
  const make = (own: Application, runs?: Parameters<typeof makeReport>[2]) =>
    'composite' in value ? makeCompositeReport(own, value, runs) : makeReport(own, value, runs)
  const measureId = 'composite' in value ? value.composite.id : value.measure.id
  if (wantsToComeBack(context)) {
    return answerLater(context, scope, application, measureId, (own, progress) => make(own, evaluatedNow(progress)))
  }
  return orRefusal(context, async () => {
    const { report, pids } = await make(application)
    scope.read({ pids, measureId })
    return answerResource(context, report)
  })
}

/** Exact counts of a population, or the list of it; of a person, and of people named one by one, the audit decides. */
const isOfMany = ({ kind, who }: ReportAsked | CompositeReportAsked): boolean =>
  kind !== 'subject' && !/^(Patient|Person)\//.test(who.subject ?? '')

function refuseCounts(context: Context, scope: RequestScope): Response {
  scope.read({ pids: [] })
  return answerOutcome(context, 403, 'forbidden', [
    {
      code: 'api/counts-refused',
      message: 'A report of a population tells small counts, which are for those who may see all of its people.',
      remedy:
        'Ask of one patient (subject=Patient/<source>/<id>), or read /api/scorecard, where small counts are hidden.',
    },
  ])
}

type Asked =
  | ReadInput<ReportAsked | CompositeReportAsked>
  | { readonly ok: false; readonly status: 404; readonly issues: readonly Issue[] }

async function readRequest(context: Context, application: Application): Promise<Asked> {
  const id = context.req.param('id')
  const { measures, composites = [] } = application
  const all = [...measures, ...composites]
  const named = id === undefined ? undefined : findMeasure(all, { id })
  if (named?.ok === false) return { ok: false, status: 404, issues: [named.issue] }
  const input = await readOperation(context, parameters, notDone)
  if (!input.ok) return input
  const { periodStart: start, periodEnd: end, reportType, measure, ...who } = input.value
  const found = findMeasure(all, { id, measure })
  if (!found.ok) return { ok: false, status: found.status, issues: [found.issue] }
  const period = { start, end, timeZone: application.config.timeZone }
  const { subject, subjectGroup, practitioner } = who
  const given = Object.fromEntries(
    Object.entries({ subject, subjectGroup, practitioner }).filter(([, value]) => value !== undefined),
  )
  const request = { period, who: given, kind: reportType }
  // A composite has no logic of its own.
  if (!('closure' in found.measure)) return { ok: true, value: { ...request, composite: found.measure } }
  return { ok: true, value: { ...request, measure: found.measure } }
}
