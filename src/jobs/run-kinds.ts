import { giveWay } from '../base/index.ts'
import type { InstalledMeasure } from '../content/index.ts'
import type { Session } from '../duck/index.ts'
import type { AlikeEvaluator, KindAnswer, SetAnswer } from '../measure/index.ts'
import {
  dropResults,
  type KindGapRow,
  type KindResultRow,
  readKindPersons,
  storeKindGaps,
  storeKindResults,
} from '../store/index.ts'
import type { PersonAnswer } from './application.ts'
import type { GapAnswers } from './gap-answers.ts'
import { rowsOf } from './result-rows.ts'

/** What kinds of persons are evaluated and stored with. */
export interface KindRun {
  readonly runId: number
  readonly measure: InstalledMeasure
  readonly alike: AlikeEvaluator
  /** Persons whom columns are known not to represent. */
  readonly irregular: ReadonlySet<number>
  /** A session with the tables of the set, in a transaction. */
  readonly session: Session
  readonly gaps: GapAnswers
  /** Rows of so many persons are handed on at a time. */
  readonly personsPerWrite: number
  /** The database has taken the measure's script. */
  onTaken(): void
  /** Stores gaps and errors of persons whose results are stored; the session streams meanwhile. */
  storeGaps(answers: readonly PersonAnswer[]): Promise<void>
}

/**
 * One measure of one chunk, persons who are alike at once: their results without passing through this thread, and one by
 * one only the gaps that tell of facts. Returns those whom closures must evaluate: they have no result yet. Where it fails
 * what it made goes with the transaction.
 */
export async function evaluateKinds(run: KindRun): Promise<readonly number[]> {
  const { session, alike, runId } = run
  const kinds = await alike.make(session)
  run.onTaken()
  const { odd, whole } = await storeResultsOf(run, kinds)
  const worded = await gapsOf(
    run,
    whole.filter(({ concerned }) => !concerned),
  )
  await storeKindGaps(session, runId, [...worded.values()].flat(), { except: odd })
  await tellGaps(
    run,
    whole.filter(({ kind }) => !worded.has(kind)),
    new Set(odd),
  )
  await alike.drop(session)
  return odd
}

const isWhole = ({ irregular, evaluation }: KindAnswer): boolean => !irregular && evaluation.error === undefined

/**
 * Stores the results of kinds. Returns the persons who have none: whose columns do not show them, and whose logic fails, for
 * only closures know the clause and the line; and the kinds of all others.
 */
export async function storeResultsOf(
  { session, runId, alike, irregular }: Pick<KindRun, 'session' | 'runId' | 'alike' | 'irregular'>,
  kinds: readonly KindAnswer[],
): Promise<{ readonly odd: readonly number[]; readonly whole: readonly KindAnswer[] }> {
  const failing = kinds.filter((one) => !isWhole(one)).map(({ kind }) => kind)
  const odd = await readKindPersons(session, failing, [...irregular])
  const whole = kinds.filter(isWhole)
  await storeKindResults(session, runId, whole.flatMap(resultsOf), { except: odd, defines: alike.defines })
  return { odd, whole }
}

function resultsOf({ kind, concerned, evaluation }: KindAnswer): readonly KindResultRow[] {
  return rowsOf([{ pid: 0, answers: [{ evaluation, gaps: [] }] }]).results.map((row) => ({ ...row, kind, concerned }))
}

/** The gaps of kinds whom the measure is not about, in words that are everybody's; without kinds whose gaps cannot be told. */
async function gapsOf(
  { gaps }: KindRun,
  kinds: readonly KindAnswer[],
): Promise<ReadonlyMap<number, readonly KindGapRow[]>> {
  const answers = await gaps.answers(kinds.map(({ irregular, evaluation }) => ({ pid: 0, irregular, evaluation })))
  return new Map(
    kinds.flatMap(({ kind }, index) => {
      const answer = answers[index]
      if (answer === undefined || answer.evaluation.error !== undefined) return []
      return [[kind, rowsOf([{ pid: 0, answers: [answer] }]).gaps.map((row) => ({ ...row, kind }))] as const]
    }),
  )
}

/** Gaps one by one: they tell of facts, and of a day of their own. */
async function tellGaps(run: KindRun, kinds: readonly KindAnswer[], left: ReadonlySet<number>): Promise<void> {
  const { session, alike, gaps, measure } = run
  const failed: number[] = []
  let waiting: SetAnswer[] = []
  const flush = async (): Promise<void> => {
    const answers = await gaps.answers(waiting)
    failed.push(...answers.flatMap(({ evaluation }) => (evaluation.error === undefined ? [] : [evaluation.pid])))
    await run.storeGaps(answers)
    waiting = []
  }
  if (kinds.length === 0) return
  for await (const members of alike.members(session, kinds)) {
    await giveWay()
    waiting.push(...members.filter(({ pid }) => !left.has(pid)))
    if (waiting.length >= run.personsPerWrite) await flush()
  }
  await flush()
  await dropResults(session, run.runId, measure.id, failed)
}
