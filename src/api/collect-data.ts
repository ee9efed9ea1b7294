import type { Context } from 'hono'
import { z } from 'zod'
import type { RequestScope } from '../access/index.ts'
import { type Application, collectData } from '../jobs/index.ts'
import { endBeforeStart, endsAfterStart, periodParameters, subjectParameters } from './evaluate-measure.ts'
import { answerIssues, answerResource } from './fhir-answer.ts'
import { chooseMeasures, measureParameters } from './measures-chosen.ts'
import { once, readOperation, text } from './operation-input.ts'
import { orRefusal } from './report-faults.ts'

const parameters = z
  .strictObject({ ...periodParameters, ...subjectParameters, ...measureParameters, _format: once(text).optional() })
  .refine(endsAfterStart, endBeforeStart)

const notDone = {
  lastReceivedOn: 'is not done here: all data of the measure are collected each time',
  organizationResource: 'is not done here: name an Organization of the loaded data for $care-gaps',
  measureResource: 'is not done here: install the measure with caregap package add',
  validateResources: 'is not done here: resources are given as their sources wrote them',
}

/** `$collect-data` (DEQM US 5.0.0): the data that measures read of a person, a Group, or a practitioner's people. */
export async function collectDataOf(
  context: Context,
  scope: RequestScope,
  application: Application,
): Promise<Response> {
  const input = await readOperation(context, parameters, notDone)
  if (!input.ok) return answerIssues(context, input.status, input.issues)
  const { periodStart: start, periodEnd: end, subject, subjectGroup, practitioner } = input.value
  const chosen = chooseMeasures(application.measures, context.req.param('id'), input.value)
  if (!chosen.ok) return answerIssues(context, chosen.status, [chosen.issue])
  const period = { start, end, timeZone: application.config.timeZone }
  const who = Object.fromEntries(
    Object.entries({ subject, subjectGroup, practitioner }).filter(([, value]) => value !== undefined),
  )
  return orRefusal(context, async () => {
    const asked = chosen.measures.map((measure) => ({ measure, period }))
    const { report, pids } = await collectData(application, asked, who)
    scope.read({ pids, ...(asked.length === 1 && asked[0] !== undefined ? { measureId: asked[0].measure.id } : {}) })
    return answerResource(context, report)
  })
}
