import type { InstalledMeasure, MeasureGroup } from '../content/index.ts'
import { isObject, type Resource } from '../fhir/index.ts'
import { scoreGroup } from '../measure/index.ts'
import type { GroupCounts } from './counts.ts'
import { extensionUrls, profileUrls } from './extension-urls.ts'
import type { PopulationDetail, ReportContext, ReportType } from './report-context.ts'
import { withMessages } from './report-messages.ts'
import { reportPopulations } from './report-populations.ts'
import { reportStratifiers } from './report-stratifiers.ts'
import { scoreQuantity } from './score-quantity.ts'
import { echoOf, writtenGroup } from './written-measure.ts'

const scoringSystem = 'http://terminology.hl7.org/CodeSystem/measure-scoring'
const improvementSystem = 'http://terminology.hl7.org/CodeSystem/measure-improvement-notation'

/** What a kind of report has beside the counts. */
export interface ReportParts {
  /** Extra contained resources, in order. */
  readonly contained?: readonly Resource[]
  readonly extension?: readonly object[]
  readonly detail?: PopulationDetail
}

/**
 * A MeasureReport (R4, by DEQM US 5.0.0): ids, linkIds and codes of groups, populations and stratifiers echoed from the
 * Measure, versioned canonical, period in days, scoring and direction on the root where all groups share them and on
 * every group otherwise, a score only where there is one. `reporter` is a contained Organization.
 */
export function buildReport(
  context: ReportContext,
  type: ReportType,
  counts: readonly GroupCounts[],
  { contained = [], extension = [], detail = () => ({}) }: ReportParts = {},
): Resource {
  const { measure, period } = context
  const shared = sharedScoring(measure)
  const reporter = reporterOf(context)
  const extensions = [
    ...(shared === undefined ? [] : [scoringOf(shared.scoring)]),
    ...(context.parameters === undefined ? [] : [inputParameters]),
    ...extension,
  ]
  const report: Resource = {
    resourceType: 'MeasureReport',
    ...(context.id === undefined ? {} : { id: context.id }),
    meta: { profile: [profileUrls[type]] },
    contained: [reporter, ...parametersOf(context), ...contained],
    ...(extensions.length === 0 ? {} : { extension: extensions }),
    status: 'complete',
    type,
    measure: `${measure.url}|${measure.version}`,
    date: context.date,
    reporter: { reference: '#reporter', ...displayOf(reporter) },
    period: { start: period.start, end: period.end },
    ...improvementOf(shared),
    ...(counts.length === 0
      ? {}
      : { group: counts.map((group) => reportGroup(measure, group, shared === undefined, detail)) }),
  }
  return withMessages(report, context.remarks ?? [])
}

/** The organization that reports, as a contained resource that itself contains nothing. */
export function reporterOf({ reporter }: Pick<ReportContext, 'reporter'>): Resource {
  if (typeof reporter === 'string') {
    return { resourceType: 'Organization', id: 'reporter', active: true, name: reporter }
  }
  const { contained: _flattened, ...organization } = reporter
  return { ...organization, resourceType: 'Organization', id: 'reporter' }
}

const displayOf = ({ name }: Resource) => (typeof name === 'string' ? { display: name } : {})

/** Says that the report's contained Parameters limit whom it counts. */
export const inputParameters = { url: extensionUrls.inputParameters, valueReference: { reference: '#parameters' } }

/** What limits whom a report counts, as contained Parameters. */
export function parametersOf({ parameters }: Pick<ReportContext, 'parameters'>): readonly Resource[] {
  if (parameters === undefined) return []
  const parameter = Object.entries(parameters).map(([name, valueString]) => ({ name, valueString }))
  return [{ resourceType: 'Parameters', id: 'parameters', parameter }]
}

/** The extension that says how a measure is scored. */
export const scoringOf = (scoring: string) => ({
  url: extensionUrls.scoring,
  valueCodeableConcept: { coding: [{ system: scoringSystem, code: scoring }] },
})

/** A direction as a concept. */
export const improvementConcept = (notation: string) => ({ coding: [{ system: improvementSystem, code: notation }] })

/** Groups of a cohort have no direction. */
const notationOf = (group: MeasureGroup): string | undefined =>
  group.scoring === 'cohort' ? undefined : group.improvementNotation

type Shared = { readonly scoring: string; readonly notation: string | undefined }

/** Scoring and direction where all groups have the same: then they stand on the root (deqm-2, deqm-3). */
function sharedScoring(measure: InstalledMeasure): Shared | undefined {
  const [first] = measure.groups
  if (first === undefined) return undefined
  const shared = { scoring: first.scoring, notation: notationOf(first) }
  const same = measure.groups.every(
    (group) => group.scoring === shared.scoring && notationOf(group) === shared.notation,
  )
  return same ? shared : undefined
}

function improvementOf(shared: Shared | undefined): Readonly<Record<string, unknown>> {
  return shared?.notation === undefined ? {} : { improvementNotation: improvementConcept(shared.notation) }
}

function reportGroup(measure: InstalledMeasure, counts: GroupCounts, ownScoring: boolean, detail: PopulationDetail) {
  const group = measure.groups.find(({ id }) => id === counts.groupId)
  if (group === undefined) return { id: counts.groupId }
  const written = writtenGroup(measure, group)
  const { extension = [], ...echo } = echoOf(written, 'group') as { readonly extension?: readonly object[] }
  const notation = notationOf(group)
  const extensions = [
    ...(ownScoring ? [scoringOf(group.scoring)] : []),
    ...(ownScoring && notation !== undefined
      ? [{ url: extensionUrls.groupImprovementNotation, valueCodeableConcept: improvementConcept(notation) }]
      : []),
    ...extension,
  ]
  const stratifier = reportStratifiers(measure, group, counts.strata ?? [], detail)
  return {
    ...echo,
    ...(extensions.length === 0 ? {} : { extension: extensions }),
    ...(isObject(written['code']) ? { code: written['code'] } : {}),
    population: reportPopulations(measure, group, counts, 'group.population', detail),
    ...scoreQuantity(scoreGroup(group, counts.populations, counts.observed)),
    ...(stratifier.length === 0 ? {} : { stratifier }),
  }
}
