import type { Diagnostic } from '../base/index.ts'
import { type InstalledMeasure, type PopulationCode, supplementalDataOf } from '../content/index.ts'
import type { PersonRecord, Resource } from '../fhir/index.ts'
import { type EvidenceUse, evidenceByPopulation } from '../gaps/index.ts'
import type { GroupEvaluation, PersonEvaluation, PersonSupplement, PopulationTotals } from '../measure/index.ts'
import type { GroupCounts, StratumTotals } from './counts.ts'
import { extensionUrls } from './extension-urls.ts'
import { buildReport } from './measure-report.ts'
import type { ReportContext } from './report-context.ts'
import { withMessages } from './report-messages.ts'
import { stratumObservations } from './stratum-observations.ts'
import { individualSupplement, type SupplementParts } from './supplemental-data.ts'

/**
 * What a measure says of one person as an individual MeasureReport: the subject, the counts, supplemental data, and as
 * evaluatedResource each resource that a population's defines held, with the ids of these populations. An evaluation with
 * an error gives status `error`, no group, and the reason as a contained OperationOutcome; such a report claims no
 * profile, for DEQM's asks for populations.
 */
export function individualReport(
  context: ReportContext,
  evaluation: PersonEvaluation,
  record: PersonRecord,
  supplement?: PersonSupplement,
): Resource {
  const subject = { reference: `Patient/${record.patient.id ?? ''}` }
  const remarks = [...(context.remarks ?? []), ...(context.measure.remarks ?? [])]
  if (evaluation.error !== undefined) return failedReport(context, subject, [evaluation.error, ...remarks])
  const data = supplementalDataOf(context.measure.resource)
  const none: SupplementParts = { contained: [], extension: [] }
  const parts = supplement === undefined ? none : individualSupplement(context, data, supplement, record)
  const missing = supplement === undefined ? [] : Object.values(supplement.faults)
  const counts = evaluation.groups.map((group) => countsOf(context.measure, group, supplement))
  const report = buildReport({ ...context, remarks: [...remarks, ...missing] }, 'individual', counts, parts)
  const evaluated = evaluatedResources(context, record, evidenceByPopulation(context.measure, evaluation))
  return { ...report, subject, ...(evaluated.length === 0 ? {} : { evaluatedResource: evaluated }) }
}

/** One person's result as counts of a report. */
function countsOf(measure: InstalledMeasure, result: GroupEvaluation, supplement?: PersonSupplement): GroupCounts {
  const { groupId, populations, observations, strata, stratumObservations: parts = {} } = result
  const byId = supplement?.initialPopulations ?? {}
  const group = measure.groups.find(({ id }) => id === groupId)
  const totalsOf = (key: string, inside: PopulationTotals): StratumTotals => {
    const observed =
      observations === undefined || group === undefined
        ? undefined
        : stratumObservations(group, populations, inside, { observed: observations, part: parts[key] })
    return { key, populations: inside, ...(observed === undefined ? {} : { observed }) }
  }
  return {
    groupId,
    populations,
    ...(Object.keys(byId).length === 0 ? {} : { byId }),
    ...(observations === undefined ? {} : { observed: observations }),
    ...(strata === undefined ? {} : { strata: Object.entries(strata).map(([key, inside]) => totalsOf(key, inside)) }),
  }
}

function failedReport(context: ReportContext, subject: object, errors: readonly Diagnostic[]): Resource {
  const { meta: _none, ...report } = buildReport({ ...context, remarks: [] }, 'individual', [])
  return withMessages({ ...report, resourceType: 'MeasureReport', subject, status: 'error' }, errors)
}

function evaluatedResources(context: ReportContext, record: PersonRecord, uses: readonly EvidenceUse[]) {
  const idsByRid = new Map<string, Set<string>>()
  for (const use of uses) {
    const ids = idsByRid.get(use.rid) ?? new Set()
    for (const id of populationIds(context, use.groupId, use.code)) ids.add(id)
    idsByRid.set(use.rid, ids)
  }
  return record.entries.flatMap((entry) => {
    const ids = idsByRid.get(entry.rid)
    if (ids === undefined) return []
    const extension = [...ids].map((id) => ({ url: extensionUrls.criteriaReference, valueString: id }))
    const reference = `${entry.type}/${entry.resource.id ?? entry.id}`
    return [{ ...(extension.length === 0 ? {} : { extension }), reference }]
  })
}

function populationIds(context: ReportContext, groupId: string, code: PopulationCode): readonly string[] {
  const group = context.measure.groups.find((candidate) => candidate.id === groupId)
  const found = group?.populations.find((population) => population.code === code)?.id
  return found === undefined ? [] : [found]
}
