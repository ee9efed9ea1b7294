import type { Session } from '../duck/index.ts'
import { streamPersonParts } from '../identity/index.ts'
import { type PersonSelection, storeResults } from '../store/index.ts'
import type { PersonAnswers } from './evaluator.ts'
import { rowsOf } from './result-rows.ts'
import { evaluateInOrder } from './run-persons.ts'
import type { EvaluationPool } from './worker-pool.ts'

/** How many persons there are, and how many of them have an error. */
export interface Totals {
  readonly persons: number
  readonly personErrors: number
}

/** What a run by closures works with. */
export interface ClosureRun {
  readonly runId: number
  readonly selection: PersonSelection
  readonly pool: EvaluationPool
  readonly reading: Session
  readonly writing: Session
  /** Rows that are being taken over by `writing` meanwhile. */
  readonly carrying: Promise<unknown>
  onPersons(persons: number): void
}

/** Rows of so many persons are stored in one transaction. */
const personsPerWrite = 512

/** Evaluates persons by closures, with their gaps, and stores what is found as it comes. */
export async function evaluateByClosures(run: ClosureRun): Promise<Totals> {
  let [persons, personErrors, waiting]: [number, number, PersonAnswers[]] = [0, 0, []]
  const flush = async () => {
    await run.carrying
    await storeResults(run.writing, run.runId, rowsOf(waiting))
    waiting = []
  }
  for await (const answers of evaluateInOrder(streamPersonParts(run.reading, run.selection), run.pool)) {
    waiting.push(...answers)
    persons += answers.length
    personErrors += answers.filter(hasError).length
    run.onPersons(answers.length)
    if (waiting.length >= personsPerWrite) await flush()
  }
  await flush()
  return { persons, personErrors }
}

const hasError = (person: PersonAnswers) => person.answers.some(({ evaluation }) => evaluation.error !== undefined)
