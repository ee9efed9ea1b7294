import type { InstalledMeasure } from '../content/index.ts'
import type { Session } from '../duck/index.ts'
import type { GapMoment } from '../gaps/index.ts'
import type { AlikeEvaluator, KindAnswer, MeasurementPeriod } from '../measure/index.ts'
import {
  type KindGapRow,
  type KindResultRow,
  readKindPersons,
  storeKindGaps,
  storeKindResults,
} from '../store/index.ts'
import { answerOf } from './evaluator.ts'
import { rowsOf } from './result-rows.ts'

/** What kinds of persons are evaluated and stored with. */
export interface KindRun {
  readonly runId: number
  readonly measure: InstalledMeasure
  readonly alike: AlikeEvaluator
  /** Persons whom columns are known not to represent. */
  readonly irregular: ReadonlyMap<number, string>
  /** A session with the tables of the set, in a transaction. */
  readonly session: Session
  readonly period: MeasurementPeriod
  readonly moment: GapMoment
  /** The database has taken the measure's script. */
  onTaken(): void
}

/**
 * One measure of one chunk, persons who are alike at once: their results and due dates without passing through this thread,
 * and the gaps that tell of no facts. Returns those whom closures must evaluate, and why: they have no result yet. What was made
 * stands in the session, for those who are of no kind; where it fails it goes with the transaction.
 */
export async function evaluateKinds(run: KindRun): Promise<ReadonlyMap<number, string>> {
  const { session, alike, runId } = run
  const kinds = await alike.make(session)
  run.onTaken()
  const { odd, whole } = await storeResultsOf(run, kinds)
  const apart = whole.filter(({ concerned }) => !concerned)
  await storeKindGaps(session, runId, gapsOf(run, apart), { except: [...odd.keys()] })
  await alike.keepDueDates(session, whole)
  return odd
}

const isWhole = ({ irregular, evaluation }: KindAnswer): boolean =>
  irregular === undefined && evaluation.error === undefined

/** Why persons are evaluated by closures whom columns show. */
export const faultOfLogic = 'a fault of the logic'

/**
 * Stores the results of kinds. Returns the persons who have none, and why: whose columns do not show them, and whose logic fails,
 * for only closures know the clause and the line; and the kinds of all others.
 */
export async function storeResultsOf(
  { session, runId, alike, irregular }: Pick<KindRun, 'session' | 'runId' | 'alike' | 'irregular'>,
  kinds: readonly KindAnswer[],
): Promise<{ readonly odd: ReadonlyMap<number, string>; readonly whole: readonly KindAnswer[] }> {
  const failing = new Map(
    kinds.filter((one) => !isWhole(one)).map((one) => [one.kind, one.irregular ?? faultOfLogic] as const),
  )
  const persons = await readKindPersons(session, [...failing.keys()], [...irregular.keys()])
  const odd = new Map(
    persons.map(({ pid, kind }) => [pid, irregular.get(pid) ?? failing.get(kind) ?? faultOfLogic] as const),
  )
  const whole = kinds.filter(isWhole)
  await storeKindResults(session, runId, whole.flatMap(resultsOf), { except: [...odd.keys()], defines: alike.defines })
  return { odd, whole }
}

function resultsOf({ kind, concerned, evaluation }: KindAnswer): readonly KindResultRow[] {
  return rowsOf([{ pid: 0, answers: [{ evaluation, gaps: [] }] }]).results.map((row) => ({ ...row, kind, concerned }))
}

/** The gaps of kinds whom the measure is not about, in words that are everybody's; none of kinds whose gaps cannot be told. */
function gapsOf({ measure, period, moment }: KindRun, kinds: readonly KindAnswer[]): readonly KindGapRow[] {
  return kinds.flatMap(({ kind, evaluation }) => {
    const answer = answerOf(measure, evaluation, { entries: [] }, period, moment)
    if (answer.evaluation.error !== undefined) return []
    return rowsOf([{ pid: 0, answers: [answer] }]).gaps.map((row) => ({ ...row, kind }))
  })
}
