import type { PopulationCode } from '../content/index.ts'
import type { Resource } from '../fhir/index.ts'
import type { GroupCounts } from './counts.ts'
import { buildReport, type ReportContext } from './measure-report.ts'

/** The counts of a whole population as a summary MeasureReport. */
export function summaryReport(context: ReportContext, counts: readonly GroupCounts[]): Resource {
  return buildReport(context, 'summary', counts)
}

/** Patient ids (source-qualified) of the members of one population of one group. */
export interface PopulationMembers {
  readonly groupId: string
  readonly code: PopulationCode
  readonly patientIds: readonly string[]
}

/** As the summary, with a contained List of subjects for each population. */
export function subjectListReport(
  context: ReportContext,
  counts: readonly GroupCounts[],
  members: readonly PopulationMembers[],
): Resource {
  const idOf = (groupId: string, code: PopulationCode) =>
    `list-${members.findIndex((list) => list.groupId === groupId && list.code === code) + 1}`
  const report = buildReport(context, 'subject-list', counts, (groupId, code) => {
    const known = members.some((list) => list.groupId === groupId && list.code === code)
    return known ? { subjectResults: { reference: `#${idOf(groupId, code)}` } } : {}
  })
  const lists = members.map((list) => subjectList(idOf(list.groupId, list.code), list.patientIds))
  return { ...report, contained: [...((report['contained'] as readonly unknown[] | undefined) ?? []), ...lists] }
}

function subjectList(id: string, patientIds: readonly string[]): Resource {
  const entry = patientIds.map((patientId) => ({ item: { reference: `Patient/${patientId}` } }))
  return {
    resourceType: 'List',
    id,
    status: 'current',
    mode: 'snapshot',
    ...(entry.length === 0 ? { emptyReason: nobody } : { entry }),
  }
}

const nobody = {
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/list-empty-reason', code: 'nilknown' }],
  text: 'Nobody is in this population.',
}
