import type { CompositeMeasure } from '../content/index.ts'
import { isObject, type Resource } from '../fhir/index.ts'
import type { CompositeScore } from '../measure/index.ts'
import { profileUrls } from './extension-urls.ts'
import { improvementConcept, inputParameters, parametersOf, reporterOf, scoringOf } from './measure-report.ts'
import type { ReportContext } from './report-context.ts'
import { withMessages } from './report-messages.ts'
import { type SupplementCount, summarySupplement } from './supplemental-data.ts'
import { listOf } from './written-measure.ts'

const populationSystem = 'http://terminology.hl7.org/CodeSystem/measure-population'

/** What a composite measure says of a population as a summary MeasureReport; counts are of people, or of opportunities. */
export function compositeReport(
  context: Omit<ReportContext, 'measure'>,
  measure: CompositeMeasure,
  { score, populations }: CompositeScore,
  supplement: readonly SupplementCount[],
): Resource {
  const parts = summarySupplement({ measure, period: context.period }, supplement)
  const [written = {}] = listOf(measure.resource['group'])
  const population = Object.entries(populations).map(([code, count]) => ({
    code: { coding: [{ system: populationSystem, code }] },
    count,
  }))
  const group = {
    ...(typeof written['id'] === 'string' ? { id: written['id'] } : {}),
    ...(isObject(written['code']) ? { code: written['code'] } : {}),
    ...(population.length === 0 ? {} : { population }),
    ...(score === undefined ? {} : { measureScore: { value: Math.round(score * 1e8) / 1e8 } }),
  }
  const report: Resource = {
    resourceType: 'MeasureReport',
    meta: { profile: [profileUrls.summary] },
    contained: [reporterOf(context), ...parametersOf(context), ...parts.contained],
    extension: [
      scoringOf('composite'),
      ...(context.parameters === undefined ? [] : [inputParameters]),
      ...parts.extension,
    ],
    status: 'complete',
    type: 'summary',
    measure: `${measure.url}|${measure.version}`,
    date: context.date,
    reporter: { reference: '#reporter' },
    period: { start: context.period.start, end: context.period.end },
    improvementNotation: improvementConcept(measure.improvementNotation),
    // A summary has a group (DEQM) also where there is nothing to count and no score.
    group: [Object.keys(group).length === 0 ? { code: { text: measure.title } } : group],
  }
  return withMessages(report, context.remarks ?? [])
}
