import { type Clock, fault, type Logger, type Progress } from '../base/index.ts'
import type { Session } from '../duck/index.ts'
import { streamPersonRecords } from '../identity/index.ts'
import type { Engine } from '../measure/index.ts'
import {
  dataSnapshot,
  discardRun,
  findEqualRun,
  openRun,
  publishRun,
  type RunStamp,
  readPidRange,
  type Store,
  storeResults,
} from '../store/index.ts'
import { storeValueSets, type ValueSets } from '../terminology/index.ts'
import type { RunRequest } from './application.ts'
import { engineVersions } from './engine-version.ts'
import { createEvaluator, type Evaluator, type PersonAnswers, todayIn } from './evaluator.ts'
import { rowsOf } from './result-rows.ts'
import { evaluateInOrder } from './run-persons.ts'
import { type ChosenMeasures, checkPeriod, chooseMeasures, measureRows } from './run-request.ts'
import { createWorkerPool, type EvaluationPool } from './worker-pool.ts'

export interface RunContext {
  readonly store: Store
  readonly clock: Clock
  readonly logger: Logger
  readonly content: ChosenMeasures
  readonly valueSets: ValueSets
  /** Evaluation threads; 0 evaluates in this thread. */
  readonly workers: number
}

/** Rows of so many persons are stored in one transaction. */
const personsPerWrite = 512

/** Below so many persons starting threads costs more than they save. */
const personsWorthThreads = 64

/**
 * Evaluates everybody for a request. All is read from one snapshot of the store; rows are stored as they come
 * under a run that is still open, and seen by readers only when it is published, as a whole. Whatever ends it
 * before leaves the last good run as it was. Returns the run's id.
 */
export async function evaluateRun(context: RunContext, request: RunRequest, progress: Progress): Promise<number> {
  checkPeriod(request.period)
  const chosen = chooseMeasures(request, context.content)
  const preparing = progress.stage('prepare measures', chosen.measures.length, 'measures')
  const today = todayIn(context.clock, request.period.timeZone)
  const evaluator = createEvaluator(chosen.measures, context.valueSets, request.period, engineOf(request), () => today)
  preparing.done(`${evaluator.measures.length} measures`)
  const reading = await context.store.database.connect()
  const writing = await context.store.database.connect()
  try {
    return await reading.transaction(() => runOn({ context, request, chosen, evaluator, progress, reading, writing }))
  } finally {
    reading.close()
    writing.close()
  }
}

interface RunWork {
  readonly context: RunContext
  readonly request: RunRequest
  readonly chosen: ChosenMeasures
  readonly evaluator: Evaluator
  readonly progress: Progress
  readonly reading: Session
  readonly writing: Session
}

async function runOn(work: RunWork): Promise<number> {
  const { context, request, chosen, evaluator, reading, writing } = work
  if ((await readPidRange(reading)) === undefined) throw nobodyStored(context.store.path)
  const stamp = stampOf(request, await dataSnapshot(reading))
  const measures = measureRows(evaluator, chosen, context.valueSets)
  const equal = request.reuse === true ? await findEqualRun(reading, stamp, measures) : undefined
  if (equal !== undefined) {
    work.progress.stage('evaluate').done(`nothing has changed since run ${equal}`)
    return equal
  }
  await storeValueSets(writing, context.valueSets)
  const runId = await openRun(writing, stamp, measures, context.clock.now())
  try {
    const totals = await evaluateEverybody(work, runId)
    await publishRun(writing, runId, totals, context.clock.now())
    context.logger.log('info', 'run-published', { runId, ...totals })
    return runId
  } catch (thrown) {
    context.logger.log('error', 'run-failed', { runId })
    // Where even that fails (a full disk) the run stays open: unseen, and ended at the next start.
    await discardRun(writing, runId, context.clock.now()).catch(() => undefined)
    throw thrown
  }
}

const engineOf = ({ engine = 'interpreter' }: RunRequest): Engine => engine

/** An empty run would become the newest, and read like a rate of nothing. */
function nobodyStored(file: string) {
  return fault('input', 'jobs/nobody-stored', 'There is nobody in the database to evaluate.', {
    place: { file },
    remedy: 'Load an export first: caregap ingest PATH.',
  })
}

/** What a run of a request over these data is stamped with. */
export function stampOf(request: RunRequest, snapshot: string): RunStamp {
  const { period } = request
  const engine = engineOf(request)
  return {
    engine,
    engineVersion: engineVersions[engine],
    periodStart: period.start,
    periodEnd: period.end,
    timeZone: period.timeZone,
    dataSnapshot: snapshot,
  }
}

interface Totals {
  readonly persons: number
  readonly personErrors: number
}

async function evaluateEverybody(work: RunWork, runId: number): Promise<Totals> {
  const range = await readPidRange(work.reading)
  const stage = work.progress.stage('evaluate', range?.persons ?? 0, 'persons')
  if (range === undefined) {
    stage.done('nobody is stored')
    return { persons: 0, personErrors: 0 }
  }
  const { fromPid, toPid } = range
  const pool = openPool(work, range.persons)
  let persons = 0
  let personErrors = 0
  let waiting: PersonAnswers[] = []
  const flush = async () => {
    await storeResults(work.writing, runId, rowsOf(waiting))
    waiting = []
  }
  try {
    for await (const answers of evaluateInOrder(streamPersonRecords(work.reading, { fromPid, toPid }), pool)) {
      waiting.push(...answers)
      persons += answers.length
      personErrors += answers.filter(hasError).length
      stage.advance(answers.length)
      if (waiting.length >= personsPerWrite) await flush()
    }
    await flush()
  } finally {
    await pool.close()
  }
  stage.done(`${persons} persons, ${personErrors} with an error`)
  return { persons, personErrors }
}

const hasError = (person: PersonAnswers) => person.answers.some(({ evaluation }) => evaluation.error !== undefined)

function openPool({ context, evaluator, request }: RunWork, persons: number): EvaluationPool {
  if (context.workers === 0 || persons < personsWorthThreads || evaluator.measures.length === 0) {
    return {
      slots: 1,
      evaluate: async (records) => {
        const answers: PersonAnswers[] = []
        for (const record of records) answers.push(await evaluator.evaluate(record))
        return answers
      },
      close: async () => undefined,
    }
  }
  const { measures } = evaluator
  const needed = new Set(measures.flatMap((measure) => measure.valueSets))
  const expansions = [...needed].flatMap((canonical) => context.valueSets.find(canonical) ?? [])
  const { period } = request
  const today = todayIn(context.clock, period.timeZone)
  return createWorkerPool(context.workers, { measures, expansions, period, engine: engineOf(request), today })
}
