import type { Context } from 'hono'
import { z } from 'zod'
import { addressOf, type RequestScope } from '../access/index.ts'
import { withParameters } from '../content/index.ts'
import { type Application, type CareGapsAsked, careGaps } from '../jobs/index.ts'
import { gapStatusCodes, type Issue } from '../report/index.ts'
import { answerLater, wantsToComeBack } from './answer-later.ts'
import { ndjsonTypes } from './bulk-answer.ts'
import { endBeforeStart, endsAfterStart, periodParameters, place, subjectParameters } from './evaluate-measure.ts'
import { answerIssues, answerResource } from './fhir-answer.ts'
import { readLogicParameters } from './logic-parameters.ts'
import { manifestRefusal } from './manifest-asked.ts'
import { chooseMeasures, measureParameters } from './measures-chosen.ts'
import { flag, once, readOperation, repeated, resourceOf, text } from './operation-input.ts'
import { orRefusal } from './report-faults.ts'

/** NDJSON, as DEQM has it, or one Bundle as the other operations answer. */
const bundleType = 'application/fhir+json'
const outputFormats = [...ndjsonTypes, bundleType] as const

const parameters = z
  .strictObject({
    ...periodParameters,
    ...subjectParameters,
    ...measureParameters,
    topic: repeated(text).optional(),
    program: repeated(text).optional(),
    organization: once(place('Organization')).optional(),
    organizationResource: once(resourceOf('Organization')).optional(),
    status: repeated(z.enum(gapStatusCodes, `must be one of ${gapStatusCodes.join(', ')}`)).min(1),
    isDocument: once(flag).optional(),
    measureResource: repeated(resourceOf('Measure')).optional(),
    parameters: once(resourceOf('Parameters')).optional(),
    manifest: once(text).optional(),
    _outputFormat: once(z.enum(outputFormats, `must be one of ${outputFormats.join(', ')}`)).optional(),
    _format: once(text).optional(),
  })
  .refine(endsAfterStart, endBeforeStart)
  .refine(({ subject, subjectGroup }) => subject === undefined || subjectGroup === undefined, {
    path: ['subjectGroup'],
    message: 'is not taken together with subject',
  })
  .refine(
    ({ organization, organizationResource }) => organization === undefined || organizationResource === undefined,
    {
      path: ['organizationResource'],
      message: 'is not taken together with organization',
    },
  )
  .refine(
    ({ subject, subjectGroup, organization, organizationResource }) =>
      [subject, subjectGroup, organization, organizationResource].some((one) => one !== undefined),
    { path: ['subject'], message: 'is needed, or an organization, or a practitioner with an organization' },
  )

const notDone = {
  nonDocument: 'is no parameter of DEQM US 5.0.0: it has isDocument=false',
}

const onlyLater: Issue = {
  code: 'value',
  diagnostic: {
    code: 'api/invalid-parameter',
    message: '_outputFormat: is of answers that are made while nobody waits.',
    remedy: 'Send `Prefer: respond-async` with it, or leave it out.',
  },
  expression: ['_outputFormat'],
}

/** So many persons are evaluated while the caller waits, and while it does not. */
const mostAtOnce = 100
const mostLater = 5000

/** `$care-gaps` (DEQM US 5.0.0): the gaps of a person, a Group, an organization's or a practitioner's people. */
export async function careGapsOf(context: Context, scope: RequestScope, application: Application): Promise<Response> {
  const input = await readOperation(context, parameters, notDone)
  if (!input.ok) return answerIssues(context, input.status, input.issues)
  const { periodStart: start, periodEnd: end, status, isDocument = true, _outputFormat: format, ...rest } = input.value
  if (format !== undefined && !wantsToComeBack(context)) return answerIssues(context, 400, [onlyLater])
  const chosen = chooseMeasures(application.measures, context.req.param('id'), rest)
  if (!chosen.ok) return answerIssues(context, chosen.status, [chosen.issue])
  const period = { start, end, timeZone: application.config.timeZone }
  const logic = readLogicParameters(rest.parameters, chosen.measures, period)
  if (logic.issues.length > 0) return answerIssues(context, 400, logic.issues)
  const refused = await manifestRefusal(context, application, rest.manifest, chosen.measures)
  if (refused !== undefined) return refused
  const { subject, subjectGroup, practitioner, organization, organizationResource } = rest
  const given = { subject, subjectGroup, practitioner, organization, organizationResource }
  const asked: Omit<CareGapsAsked, 'mostPersons'> = {
    measures: chosen.measures.map((measure) => withParameters(measure, logic.values)),
    parameters: logic.told,
    period,
    who: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    statuses: status,
    isDocument,
    base: new URL('/fhir/', addressOf(context)).href,
  }
  const [only, ...others] = chosen.measures
  const measureId = others.length === 0 && only !== undefined ? only.id : undefined
  if (wantsToComeBack(context)) {
    const work = (own: Application) => careGaps(own, { ...asked, mostPersons: mostLater })
    return answerLater(context, scope, application, measureId, work, format === bundleType ? 'bundle' : 'ndjson')
  }
  return orRefusal(context, async () => {
    const { report, pids } = await careGaps(application, { ...asked, mostPersons: mostAtOnce })
    scope.read({ pids, ...(measureId === undefined ? {} : { measureId }) })
    return answerResource(context, report)
  })
}
