import { giveWay } from '../base/index.ts'
import type { InstalledMeasure } from '../content/index.ts'
import type { Session } from '../duck/index.ts'
import type { AlikeEvaluator, KindAnswer, SetAnswer } from '../measure/index.ts'
import { dropResults, type KindGapRow, type KindResultRow, readKindPersons, storeKinds } from '../store/index.ts'
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
 * one only the gaps that tell of facts. Returns those whom closures must evaluate: they have no result yet.
 */
export async function evaluateKinds(run: KindRun): Promise<readonly number[]> {
  const { session, alike } = run
  try {
    const kinds = await alike.make(session)
    run.onTaken()
    // Whose logic fails is asked again too: only closures know the clause and the line.
    const failing = kinds.filter((one) => one.irregular || one.evaluation.error !== undefined)
    const odd = await readKindPersons(session, kindsOf(failing), [...run.irregular])
    const whole = kinds.filter((one) => !failing.includes(one))
    const others = whole.filter((one) => !one.concerned)
    await storeKinds(session, run.runId, {
      results: whole.flatMap(resultsOf),
      gaps: (await Promise.all(others.map((one) => gapsOf(run, one)))).flat(),
      except: odd,
      defines: alike.defines,
    })
    await tellGaps(
      run,
      whole.filter((one) => one.concerned),
      new Set(odd),
    )
    return odd
  } finally {
    await alike.drop(session).catch(() => undefined)
  }
}

const kindsOf = (answers: readonly KindAnswer[]) => answers.map(({ kind }) => kind)

/** Gaps of persons whom the measure is about: they tell of facts, and of a day of their own. */
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
  if (kinds.length > 0)
    for await (const members of alike.members(session, kinds)) {
      await giveWay()
      waiting.push(...members.filter(({ pid }) => !left.has(pid)))
      if (waiting.length >= run.personsPerWrite) await flush()
    }
  await flush()
  await dropResults(session, run.runId, measure.id, failed)
}

function resultsOf({ kind, concerned, evaluation }: KindAnswer): readonly KindResultRow[] {
  return rowsOf([{ pid: 0, answers: [{ evaluation, gaps: [] }] }]).results.map((row) => ({ ...row, kind, concerned }))
}

async function gapsOf({ gaps }: KindRun, { kind, irregular, evaluation }: KindAnswer): Promise<readonly KindGapRow[]> {
  const answers = await gaps.answers([{ pid: 0, irregular, evaluation }])
  return rowsOf(answers.map((answer) => ({ pid: 0, answers: [answer] }))).gaps.map((row) => ({ ...row, kind }))
}
