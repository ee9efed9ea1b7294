import type { CompositeGroup, CompositeMeasure } from '../content/index.ts'
import { isObject, type Resource } from '../fhir/index.ts'
import type { CompositeScore } from '../measure/index.ts'
import { extensionUrls, profileUrls } from './extension-urls.ts'
import { improvementConcept, inputParameters, parametersOf, reporterOf, scoringOf } from './measure-report.ts'
import type { ReportContext } from './report-context.ts'
import { withMessages } from './report-messages.ts'
import { type SupplementCount, summarySupplement } from './supplemental-data.ts'
import { echoOf, listOf, type Written } from './written-measure.ts'

const populationSystem = 'http://terminology.hl7.org/CodeSystem/measure-population'

/**
 * What a composite measure says of a population as a summary MeasureReport, a group for each of its scores; counts are of
 * people, or of opportunities. The direction stands on the report where all groups share it, else on every group.
 */
export function compositeReport(
  context: Omit<ReportContext, 'measure'>,
  measure: CompositeMeasure,
  scores: readonly CompositeScore[],
  supplement: readonly SupplementCount[],
): Resource {
  const parts = summarySupplement({ measure, period: context.period }, supplement)
  const [first] = measure.groups
  const shared = measure.groups.every((one) => one.improvementNotation === first?.improvementNotation)
  const written = listOf(measure.resource['group'])
  const group = measure.groups.map((one, index) => reportGroup(one, written[index] ?? {}, scores[index], !shared))
  const report: Resource = {
    resourceType: 'MeasureReport',
    meta: { profile: [profileUrls.summary] },
    contained: [reporterOf(context), ...parametersOf(context), ...parts.contained],
    extension: [
      ...(shared ? [scoringOf('composite')] : []),
      ...(context.parameters === undefined ? [] : [inputParameters]),
      ...parts.extension,
    ],
    status: 'complete',
    type: 'summary',
    measure: `${measure.url}|${measure.version}`,
    date: context.date,
    reporter: { reference: '#reporter' },
    period: { start: context.period.start, end: context.period.end },
    ...(shared && first !== undefined ? { improvementNotation: improvementConcept(first.improvementNotation) } : {}),
    // A summary has a group (DEQM) also where there is nothing to count and no score.
    group: group.map((one) => (Object.keys(one).length === 0 ? { code: { text: measure.title } } : one)),
  }
  return withMessages(report, context.remarks ?? [])
}

function reportGroup(
  { improvementNotation }: CompositeGroup,
  written: Written,
  { score, populations }: CompositeScore = { populations: {} },
  ownScoring: boolean,
) {
  const { extension = [], ...echo } = echoOf(written, 'group') as { readonly extension?: readonly object[] }
  const direction = {
    url: extensionUrls.groupImprovementNotation,
    valueCodeableConcept: improvementConcept(improvementNotation),
  }
  const extensions = [...(ownScoring ? [scoringOf('composite'), direction] : []), ...extension]
  const population = Object.entries(populations).map(([code, count]) => ({
    code: { coding: [{ system: populationSystem, code }] },
    count,
  }))
  return {
    ...echo,
    ...(extensions.length === 0 ? {} : { extension: extensions }),
    ...(isObject(written['code']) ? { code: written['code'] } : {}),
    ...(population.length === 0 ? {} : { population }),
    ...(score === undefined ? {} : { measureScore: { value: Math.round(score * 1e8) / 1e8 } }),
  }
}
