import type { Diagnostic } from '../base/index.ts'
import type { PopulationCode } from '../content/index.ts'
import type { PersonRecord, Resource } from '../fhir/index.ts'
import { type EvidenceUse, evidenceByPopulation } from '../gaps/index.ts'
import type { PersonEvaluation } from '../measure/index.ts'
import { buildReport, type ReportContext } from './measure-report.ts'
import { withMessages } from './report-messages.ts'

const criteriaExtension = 'http://hl7.org/fhir/us/davinci-deqm/StructureDefinition/extension-criteriaReference'

/**
 * What a measure says of one person as an individual MeasureReport: the subject, the counts, and as
 * evaluatedResource each resource that a population's defines held, with the ids of these populations. An
 * evaluation with an error gives status `error`, no group, and the reason as a contained OperationOutcome.
 */
export function individualReport(context: ReportContext, evaluation: PersonEvaluation, record: PersonRecord): Resource {
  const report = buildReport(context, 'individual', evaluation.error === undefined ? evaluation.groups : [])
  const subject = { reference: `Patient/${record.patient.id ?? ''}` }
  if (evaluation.error !== undefined) return failedReport({ ...report, subject }, evaluation.error)
  const uses = evidenceByPopulation(context.measure, evaluation)
  const evaluated = evaluatedResources(context, record, uses)
  const told = { ...report, subject, ...(evaluated.length === 0 ? {} : { evaluatedResource: evaluated }) }
  return withMessages(told, context.measure.remarks ?? [])
}

function failedReport(report: Resource, error: Diagnostic): Resource {
  const { group: _none, ...rest } = report
  return withMessages({ ...rest, resourceType: 'MeasureReport', status: 'error' }, [error])
}

function evaluatedResources(context: ReportContext, record: PersonRecord, uses: readonly EvidenceUse[]) {
  const idsByRid = new Map<string, Set<string>>()
  for (const use of uses) {
    const id = populationId(context, use.groupId, use.code)
    const ids = idsByRid.get(use.rid) ?? new Set()
    if (id !== undefined) ids.add(id)
    idsByRid.set(use.rid, ids)
  }
  return record.entries.flatMap((entry) => {
    const ids = idsByRid.get(entry.rid)
    if (ids === undefined) return []
    const extension = [...ids].map((id) => ({ url: criteriaExtension, valueString: id }))
    const reference = `${entry.type}/${entry.resource.id ?? entry.id}`
    return [{ ...(extension.length === 0 ? {} : { extension }), reference }]
  })
}

function populationId(context: ReportContext, groupId: string, code: PopulationCode): string | undefined {
  const group = context.measure.groups.find((candidate) => candidate.id === groupId)
  return group?.populations.find((population) => population.code === code)?.id
}
