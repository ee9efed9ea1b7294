import type { PopulationCode } from '../content/index.ts'
import type { Resource } from '../fhir/index.ts'
import type { GroupCounts } from './counts.ts'
import { profileUrls } from './extension-urls.ts'
import { buildReport } from './measure-report.ts'
import type { ReportContext } from './report-context.ts'
import { type SupplementCount, summarySupplement } from './supplemental-data.ts'

/** The counts of a whole population as a summary MeasureReport. */
export function summaryReport(
  context: ReportContext,
  counts: readonly GroupCounts[],
  supplement: readonly SupplementCount[] = [],
): Resource {
  return buildReport(context, 'summary', counts, summarySupplement(context, supplement))
}

/** The members of one population of one group, or of what of it lies in a stratum, by their individual reports. */
export interface PopulationMembers {
  readonly groupId: string
  readonly code: PopulationCode
  readonly stratum?: string
  /** References to the members' individual MeasureReports. */
  readonly reports: readonly string[]
}

/** As the summary, with a contained List of the members' individual reports for each population, also in strata. */
export function subjectListReport(
  context: ReportContext,
  counts: readonly GroupCounts[],
  members: readonly PopulationMembers[],
  supplement: readonly SupplementCount[] = [],
): Resource {
  const ids = new Map(members.map((list, at) => [keyOf(list.groupId, list.code, list.stratum), `list-${at + 1}`]))
  const parts = summarySupplement(context, supplement)
  const lists = members.map((list, at) => subjectList(`list-${at + 1}`, list.reports))
  return buildReport(context, 'subject-list', counts, {
    extension: parts.extension,
    contained: [...parts.contained, ...lists],
    detail: (groupId, code, stratum) => {
      const id = ids.get(keyOf(groupId, code, stratum))
      return id === undefined ? {} : { subjectResults: { reference: `#${id}` } }
    },
  })
}

const keyOf = (groupId: string, code: PopulationCode, stratum?: string) => JSON.stringify([groupId, code, stratum])

function subjectList(id: string, reports: readonly string[]): Resource {
  const entry = reports.map((reference) => ({ item: { reference } }))
  return {
    resourceType: 'List',
    id,
    meta: { profile: [profileUrls.individualList] },
    status: 'current',
    mode: 'snapshot',
    ...(entry.length === 0 ? { emptyReason: nobody } : { entry }),
  }
}

const nobody = {
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/list-empty-reason', code: 'nilknown' }],
  text: 'Nobody is in this population.',
}
