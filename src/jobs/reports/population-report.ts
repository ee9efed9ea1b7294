import type { Diagnostic } from '../../base/index.ts'
import type { InstalledMeasure, MeasureGroup } from '../../content/index.ts'
import type { Session } from '../../duck/index.ts'
import type { PopulationTotals } from '../../measure/index.ts'
import { type PopulationMembers, type ReportContext, subjectListReport, summaryReport } from '../../report/index.ts'
import {
  countReportErrors,
  type MeasureRun,
  type ResultsAsked,
  readConcernedPids,
  readMemberPids,
} from '../../store/index.ts'
import type { Application } from '../application.ts'
import { individualReportId } from './individual-id.ts'
import { type MadeReport, reporterName } from './individual-reports.ts'
import { readGroupCounts, totalsOf, withInitialPopulations } from './population-counts.ts'
import type { MeasureAsked } from './report-run.ts'
import type { Subjects } from './subjects.ts'
import { populationSupplement } from './supplement.ts'

export type PopulationReportType = 'summary' | 'subject-list'

/** Whom a report counts beside the measure, and how it says so. */
export interface PopulationAsked extends MeasureAsked {
  readonly subjects: Exclude<Subjects, { readonly kind: 'person' }>
  /** The parameters that chose them. */
  readonly parameters?: Readonly<Record<string, string>>
  readonly type: PopulationReportType
}

/** What a run says of everybody, or of a group of persons, as a summary or a list of subjects. */
export async function populationReport(
  application: Application,
  asked: PopulationAsked,
  run: MeasureRun,
): Promise<MadeReport> {
  const { session } = application.store
  const { measure, subjects } = asked
  const pids = subjects.kind === 'group' ? subjects.pids : undefined
  const results: ResultsAsked = { runId: run.runId, measureId: measure.id, ...(pids === undefined ? {} : { pids }) }
  const concerned = await readConcernedPids(session, results)
  const supplement = await populationSupplement(application, asked, run, concerned)
  const plain = await readGroupCounts(session, measure, results)
  const counts = withInitialPopulations(measure, plain, supplement.initialPopulations)
  const errors = await countReportErrors(session, results)
  const context: ReportContext = {
    measure,
    period: asked.period,
    date: run.finishedAt,
    reporter: reporterName,
    ...(asked.parameters === undefined ? {} : { parameters: asked.parameters }),
    remarks: [
      ...notEvaluated(errors, run.runId),
      ...(subjects.kind === 'group' ? subjects.remarks : []),
      ...supplement.remarks,
      ...(measure.remarks ?? []),
    ],
  }
  if (asked.type === 'summary') {
    // The counts of a small group tell of its members: who may not see them may not have the counts.
    return { report: summaryReport(context, counts, supplement.counts), pids: pids ?? [] }
  }
  const members = await membersOf(session, measure, results)
  return { report: subjectListReport(context, counts, members, supplement.counts), pids: pids ?? concerned }
}

async function membersOf(
  session: Session,
  measure: InstalledMeasure,
  asked: ResultsAsked,
): Promise<readonly PopulationMembers[]> {
  const lists: PopulationMembers[] = []
  for (const group of measure.groups) {
    const persons = (await readMemberPids(session, asked, group.id)).map(({ pid, counts, strata }) => ({
      report: `MeasureReport/${individualReportId(asked.runId, measure.id, pid)}`,
      whole: totalsOf(group, counts),
      strata: JSON.parse(strata ?? '{}') as Readonly<Record<string, PopulationTotals>>,
    }))
    lists.push(...listsOf(group, persons))
  }
  return lists
}

interface Member {
  readonly report: string
  readonly whole: PopulationTotals
  readonly strata: Readonly<Record<string, PopulationTotals>>
}

function listsOf(group: MeasureGroup, persons: readonly Member[]): readonly PopulationMembers[] {
  const codes = [...new Set(group.populations.map(({ code }) => code))]
  const keys = [...new Set(persons.flatMap(({ strata }) => Object.keys(strata)))].sort()
  return codes.flatMap((code) => {
    const inside = (totals: PopulationTotals | undefined) => (totals?.[code] ?? 0) > 0
    return [
      { groupId: group.id, code, reports: reportsOf(persons, ({ whole }) => inside(whole)) },
      ...keys.map((stratum) => ({
        groupId: group.id,
        code,
        stratum,
        reports: reportsOf(persons, ({ strata }) => inside(strata[stratum])),
      })),
    ]
  })
}

const reportsOf = (persons: readonly Member[], keep: (member: Member) => boolean) =>
  persons.filter(keep).map(({ report }) => report)

/** People who could not be evaluated are in no count: a report that does not say so would be wrong. */
function notEvaluated(errors: number, runId: number): readonly Diagnostic[] {
  if (errors === 0) return []
  const message = `${errors} persons could not be evaluated and are in none of the counts (run ${runId}).`
  return [{ code: 'jobs/persons-not-evaluated', severity: 'warning', message }]
}
