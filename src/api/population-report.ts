import type { Context } from 'hono'
import type { Diagnostic } from '../base/index.ts'
import { type InstalledMeasure, type PopulationCode, populationCodes } from '../content/index.ts'
import type { Resource } from '../fhir/index.ts'
import {
  type GroupCounts,
  type PopulationMembers,
  type ReportContext,
  subjectListReport,
  summaryReport,
  withMessages,
} from '../report/index.ts'
import {
  findPublishedRun,
  type MemberColumn,
  type PublishedMeasureRun,
  readPopulationMembers,
  readScorecardCounts,
  type ScorecardCounts,
} from '../store/index.ts'
import { type Evaluation, reporterName } from './evaluation.ts'
import { answerOutcome, answerResource } from './fhir-answer.ts'

/** Everybody, as the last published run of exactly this period has it; 404 where there is none, 409 where the measure changed since. */
export async function answerPopulation(
  context: Context,
  evaluation: Evaluation,
  type: 'summary' | 'subject-list',
): Promise<Response> {
  const { application, measure, period, scope } = evaluation
  const run = await findPublishedRun(application.store.session, measure.id, period)
  if (run === undefined) return answerOutcome(context, 404, 'not-found', [noRun(evaluation)])
  if (run.contentHash !== measure.contentHash) return answerOutcome(context, 409, 'processing', [changed(evaluation)])
  const rows = await readScorecardCounts(application.store.session, run.runId)
  const counts = rows.filter(({ measureId }) => measureId === measure.id).map((row) => countsOf(measure, row))
  const report: ReportContext = { measure, period, date: run.finishedAt, reporter: reporterName }
  if (type === 'summary') {
    scope.read({ pids: [], measureId: measure.id })
    return answerResource(context, noted(summaryReport(report, counts), run, measure))
  }
  const members = await membersOf(evaluation, run)
  return answerResource(context, noted(subjectListReport(report, counts, members), run, measure))
}

/** A population that the group does not have is absent, not zero. */
function countsOf(measure: InstalledMeasure, row: ScorecardCounts): GroupCounts {
  const counts: Readonly<Record<PopulationCode, number | null>> = {
    'initial-population': row.initialPopulation,
    denominator: row.denominator,
    'denominator-exclusion': row.denominatorExclusion,
    'denominator-exception': row.denominatorException,
    numerator: row.numerator,
    'numerator-exclusion': row.numeratorExclusion,
    'measure-population': row.measurePopulation,
    'measure-population-exclusion': null,
  }
  const group = measure.groups.find(({ id }) => id === row.groupId)
  const has = (code: PopulationCode) => group?.populations.some((population) => population.code === code) === true
  const present = populationCodes.flatMap((code) =>
    has(code) && counts[code] !== null ? [[code, counts[code]] as const] : [],
  )
  return { groupId: row.groupId, populations: Object.fromEntries(present) }
}

const columns: Readonly<Record<PopulationCode, MemberColumn>> = {
  'initial-population': 'initial_population',
  denominator: 'denominator',
  'denominator-exclusion': 'denominator_exclusion',
  'denominator-exception': 'denominator_exception',
  numerator: 'numerator',
  'numerator-exclusion': 'numerator_exclusion',
  'measure-population': 'measure_population',
  'measure-population-exclusion': 'measure_population_exclusion',
}

async function membersOf(evaluation: Evaluation, run: PublishedMeasureRun): Promise<PopulationMembers[]> {
  const { application, measure, scope } = evaluation
  const lists: PopulationMembers[] = []
  const pids = new Set<number>()
  for (const group of measure.groups) {
    for (const { code } of group.populations) {
      const where = { runId: run.runId, measureId: measure.id, groupId: group.id, column: columns[code] }
      const rows = await readPopulationMembers(application.store.session, where)
      for (const row of rows) pids.add(row.pid)
      lists.push({ groupId: group.id, code, patientIds: rows.map((row) => `${row.source}.${row.patientId}`) })
    }
  }
  scope.read({ pids: [...pids], measureId: measure.id })
  return lists
}

/** People who could not be evaluated are in no count: a report that does not say so would be wrong. */
function noted(report: Resource, run: PublishedMeasureRun, { remarks = [] }: InstalledMeasure): Resource {
  const missing: Diagnostic = {
    code: 'api/persons-not-evaluated',
    severity: 'warning',
    message: `${run.errors} persons could not be evaluated and are in none of the counts (run ${run.runId}).`,
  }
  return withMessages(report, [...(run.errors > 0 ? [missing] : []), ...remarks])
}

const command = ({ measure, period }: Evaluation) =>
  `Run \`caregap evaluate --measure ${measure.id} --period ${period.start}..${period.end}\`.`

const noRun = (evaluation: Evaluation) => ({
  code: 'api/no-run',
  message: `No published run has this measure from ${evaluation.period.start} to ${evaluation.period.end}.`,
  remedy: command(evaluation),
})

const changed = (evaluation: Evaluation) => ({
  code: 'api/measure-changed',
  message: 'The measure or its value sets changed since the last run of this period.',
  remedy: command(evaluation),
})
