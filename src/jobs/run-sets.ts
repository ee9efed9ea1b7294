import { CaregapError, compareText, giveWay, invariant, messageOf } from '../base/index.ts'
import { dropSharedTables, makeSharedTables } from '../compile/index.ts'
import type { Session } from '../duck/index.ts'
import { streamPersonParts, streamPersonRecords } from '../identity/index.ts'
import type { MeasurementPeriod, PersonEvaluation } from '../measure/index.ts'
import {
  addDueDates,
  openDueDates,
  type PersonSelection,
  type RunEngineRow,
  type SetSlices,
  storeResults,
} from '../store/index.ts'
import type { ValueSets } from '../terminology/index.ts'
import { createEvaluator, type PersonAnswers } from './evaluator.ts'
import { rowsOf } from './result-rows.ts'
import { evaluateKinds, faultOfLogic } from './run-kinds.ts'
import { evaluateInOrder } from './run-persons.ts'
import type { SetMeasure, SetMeasures } from './set-measures.ts'
import type { EvaluationPool } from './worker-pool.ts'

/** What a run by SQL works with. */
export interface SetRun {
  readonly runId: number
  readonly measures: SetMeasures
  readonly valueSets: ValueSets
  readonly period: MeasurementPeriod
  /** The day at which gaps are looked at. */
  readonly today: string
  /** A session with the tables of the set. No transaction is open in it. */
  readonly session: Session
  readonly slices: SetSlices
  /** Reads what gaps tell of, while the other streams. */
  readonly reading: Session
  readonly writing: Session
  /** Evaluates the measures that SQL cannot say. */
  readonly pool: EvaluationPool
  /** Persons of one script. */
  readonly chunkPersons: number
  /** Pids, ascending; everybody where absent. */
  readonly only?: readonly number[]
  onPersons(persons: number): void
  /** The database did not take a measure's script, and why: closures evaluate it. */
  onRefused(measureId: string, why: string): void
}

export interface SetTotals {
  readonly persons: number
  readonly personErrors: number
  /** Persons whom closures evaluated for at least one measure that SQL says. */
  readonly irregular: number
  readonly engines: readonly RunEngineRow[]
}

/** After so many persons everything else that waits for this thread has its turn. */
const personsPerBreath = 5

/** So many rows are told of and stored at a time. */
const personsPerWrite = 1024

/**
 * Evaluates everybody chunk by chunk, gaps that tell of facts left out (`tellGaps`): each measure by one script, irregular persons by closures, and measures that SQL
 * cannot say by closures altogether. Memory is bounded by a chunk.
 */
export async function evaluateSets(run: SetRun): Promise<SetTotals> {
  const closures = new Map(run.measures.ready.map(({ measure }) => [measure.id, new Map<string, number>()]))
  const refused = new Set<SetMeasure>()
  let [persons, personErrors, irregular] = [0, 0, 0]
  await openDueDates(run.session)
  for (const chunk of await chunksOf(run)) {
    const found = { errors: new Set<number>(), irregular: new Set<number>() }
    const cut = await run.slices.cut(chunk)
    await shareTables(run, refused)
    for (const measure of run.measures.ready) {
      const odd = refused.has(measure)
        ? withReason(await evaluateByClosures(run, measure, chunk, found.errors), scriptNotTaken)
        : await evaluateBySql(run, measure, chunk, { errors: found.errors, refused })
      if (!refused.has(measure)) for (const pid of odd.keys()) found.irregular.add(pid)
      addReasons(closures.get(measure.measure.id), odd)
    }
    await dropSharedTables(run.session, run.measures.shared)
    if (run.measures.unsayable.length > 0) await evaluateRecords(run, chunk, found.errors)
    persons += cut
    personErrors += found.errors.size
    irregular += found.irregular.size
    run.onPersons(cut)
  }
  const names = new Set([...refused].map(({ measure }) => measure.id))
  const engines = [
    ...[...closures].map(([measureId, counts]) => ({
      measureId,
      engine: names.has(measureId) ? 'direct' : 'sql',
      ...toldReasons(counts),
    })),
    ...run.measures.unsayable.map(({ measure }) => ({
      measureId: measure.id,
      engine: 'direct',
      closures: persons,
      reasons: persons === 0 ? [] : [{ reason: 'logic that SQL cannot say', persons }],
    })),
  ]
  return { persons, personErrors, irregular, engines }
}

/** Counts persons by the reason for which closures evaluated them. */
function addReasons(counts: Map<string, number> | undefined, odd: ReadonlyMap<number, string>): void {
  for (const reason of odd.values()) counts?.set(reason, (counts.get(reason) ?? 0) + 1)
}

/** How many in all, and why, the most common reason first. */
function toldReasons(counts: ReadonlyMap<string, number>): Pick<RunEngineRow, 'closures' | 'reasons'> {
  const reasons = [...counts].map(([reason, persons]) => ({ reason, persons }))
  return {
    closures: reasons.reduce((sum, { persons }) => sum + persons, 0),
    reasons: reasons.toSorted((a, b) => b.persons - a.persons || compareText(a.reason, b.reason)),
  }
}

/** Why everybody is evaluated by closures for a measure whose script fails. */
const scriptNotTaken = 'a script that the database does not take'

async function chunksOf({ only, slices, chunkPersons }: SetRun): Promise<readonly PersonSelection[]> {
  if (only === undefined) return slices.chunks(chunkPersons)
  const parts = Math.ceil(only.length / chunkPersons)
  return Array.from({ length: parts }, (_, part) => ({
    pids: only.slice(part * chunkPersons, (part + 1) * chunkPersons),
  }))
}

/** Makes what measures of a chunk have in common; those that read what the database does not take are refused. */
async function shareTables(run: SetRun, refused: Set<SetMeasure>): Promise<void> {
  const failed = await makeSharedTables(run.session, run.measures.shared)
  for (const measure of run.measures.ready) {
    const missing = [...measure.evaluator.program.shared].find((table) => failed.has(table))
    if (missing === undefined || refused.has(measure)) continue
    const thrown = failed.get(missing)
    if (!isNotTaken(thrown)) throw thrown
    refused.add(measure)
    run.onRefused(measure.measure.id, messageOf(thrown))
  }
}

/**
 * One measure of one chunk by SQL. A script that the database does not take, before it gave a row, is a fault of this
 * program and not of the data: closures evaluate the measure, here and in what follows, and the run says so.
 */
async function evaluateBySql(
  run: SetRun,
  set: SetMeasure,
  chunk: PersonSelection,
  found: { readonly errors: Set<number>; readonly refused: Set<SetMeasure> },
): Promise<ReadonlyMap<number, string>> {
  const written = { rows: 0 }
  try {
    return await run.session.transaction(() => evaluateChunk(run, set, found.errors, written))
  } catch (thrown) {
    if (written.rows > 0 || !isNotTaken(thrown)) throw thrown
    found.refused.add(set)
    run.onRefused(set.measure.id, messageOf(thrown))
    return withReason(await evaluateByClosures(run, set, chunk, found.errors), scriptNotTaken)
  }
}

/** What the database says of a statement that it cannot bind; all else (memory, disk, an interrupt) ends the run. */
const isNotTaken = (thrown: unknown): boolean =>
  thrown instanceof CaregapError && /^(Binder|Conversion|Parser|Not implemented|Catalog) Error/.test(thrown.message)

/** One measure by closures. Returns whom they evaluated. */
async function evaluateByClosures(
  run: SetRun,
  { measure }: SetMeasure,
  persons: PersonSelection,
  errors: Set<number>,
): Promise<readonly number[]> {
  const evaluator = createEvaluator([measure], run.valueSets, run.period, 'direct', () => run.today)
  // Closures say all that SQL does; were that not so, these persons would have no result.
  invariant(evaluator.refused.length === 0, `closures evaluate ${measure.id}`)
  const pids: number[] = []
  let rows: PersonAnswers[] = []
  for await (const record of streamPersonRecords(run.reading, persons)) {
    pids.push(record.pid)
    if (rows.length % personsPerBreath === 0) await giveWay()
    rows.push(await evaluator.evaluate(record))
    if (rows.length < 512) continue
    await store(run, rows, errors)
    rows = []
  }
  await store(run, rows, errors)
  return pids
}

/** The moment at which gaps of the run are looked at. */
const momentOf = ({ today, valueSets }: SetRun) => ({ today, valueSets })

const withReason = (pids: readonly number[], reason: string): ReadonlyMap<number, string> =>
  new Map(pids.map((pid) => [pid, reason]))

/** One measure of one chunk. Returns the persons whom closures have evaluated, and why: irregular ones, and those with errors. */
async function evaluateChunk(
  run: SetRun,
  set: SetMeasure,
  errors: Set<number>,
  written: { rows: number },
): Promise<ReadonlyMap<number, string>> {
  const { measure, irregular, evaluator } = set
  const { session, runId, period } = run
  const { alike } = evaluator
  const onTaken = (): void => void (written.rows += 1)
  const ofKinds = await evaluateKinds({
    session,
    runId,
    measure,
    alike,
    irregular,
    period,
    moment: momentOf(run),
    onTaken,
  })
  const odd = new Map([...ofKinds, ...(await evaluateOwn(run, set, errors))])
  await alike.drop(session)
  if (odd.size > 0) await evaluateByClosures(run, set, { pids: [...odd.keys()] }, errors)
  return odd
}

/** Persons of no kind one by one. Returns those whom closures must evaluate, and why. */
async function evaluateOwn(run: SetRun, set: SetMeasure, errors: Set<number>): Promise<ReadonlyMap<number, string>> {
  const odd = new Map<number, string>()
  const due: { readonly pid: number; readonly dueDate: string }[] = []
  let waiting: PersonEvaluation[] = []
  const flush = async (): Promise<void> => {
    if (waiting.length === 0) return
    const persons = waiting.map((evaluation) => ({ pid: evaluation.pid, answers: [{ evaluation, gaps: [] }] }))
    await store(run, persons, errors)
    waiting = []
  }
  for await (const answers of set.evaluator.alike.own(run.session)) {
    await giveWay()
    for (const { pid, irregular, evaluation } of answers) {
      const { dueDate } = evaluation
      // Whose logic fails is asked again too: only closures know the clause and the line.
      const reason = set.irregular.get(pid) ?? irregular ?? (evaluation.error === undefined ? undefined : faultOfLogic)
      if (reason !== undefined) odd.set(pid, reason)
      else waiting.push(evaluation)
      if (dueDate !== undefined) due.push({ pid, dueDate })
    }
    if (waiting.length >= personsPerWrite) await flush()
  }
  await flush()
  await addDueDates(run.session, set.measure.id, due)
  return odd
}

/** Measures that SQL cannot say, for the persons of a chunk. */
async function evaluateRecords(run: SetRun, chunk: PersonSelection, errors: Set<number>): Promise<void> {
  for await (const answers of evaluateInOrder(streamPersonParts(run.reading, chunk), run.pool))
    await store(run, answers, errors)
}

async function store(run: SetRun, persons: readonly PersonAnswers[], errors: Set<number>): Promise<void> {
  for (const { pid, answers } of persons)
    if (answers.some(({ evaluation }) => evaluation.error !== undefined)) errors.add(pid)
  await storeResults(run.writing, run.runId, rowsOf(persons))
}
