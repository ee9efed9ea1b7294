import { CaregapError, type Clock, type Config, fault, type Logger } from '../base/index.ts'
import type { DrugIngredients, LoadedPlan } from '../cards/index.ts'
import type { CompositeMeasure, InstalledMeasure, RefusedMeasure } from '../content/index.ts'
import type { PersonRecord } from '../fhir/index.ts'
import type { MeasurementPeriod } from '../measure/index.ts'
import { discardRun, findOpenRuns, type Store } from '../store/index.ts'
import type { ValueSets } from '../terminology/index.ts'
import { ActivityBoard } from './activity.ts'
import type { Application, PersonAnswer } from './application.ts'
import { evaluateRun, type RunContext } from './evaluate-run.ts'
import { createEvaluator, type Evaluator, todayIn } from './evaluator.ts'
import { lookBack, removeCopy } from './look-back.ts'
import { checkPeriod } from './run-request.ts'
import { overWholeData } from './whole-data.ts'

export interface ApplicationOptions {
  readonly store: Store
  readonly config: Config
  readonly clock: Clock
  readonly logger: Logger
  readonly measures: readonly InstalledMeasure[]
  /** Measures that were refused when they were loaded: each run lists them as failed. */
  readonly refused?: readonly RefusedMeasure[]
  readonly valueSets: ValueSets
  readonly composites?: readonly CompositeMeasure[]
  readonly plans?: readonly LoadedPlan[]
  readonly ingredients?: DrugIngredients
  /** Evaluation threads of a run; by default 2 where the project runs built, else 0 (in this thread). */
  readonly workers?: number
  /** Persons of one script of SQL; by default 25,000. */
  readonly chunkPersons?: number
}

/** Evaluators that are kept ready for single persons: a clinic asks for few measures and one period. */
const keptEvaluators = 32

/**
 * What the edges work with. Runs that a process which is gone left open are ended as failed: there is one
 * writer, so none of them can still be working. Closing it closes the store.
 */
export async function createApplication(options: ApplicationOptions): Promise<Application> {
  const { store, config, clock, logger, measures, valueSets } = options
  for (const runId of await findOpenRuns(store.session)) await discardRun(store.session, runId, clock.now())
  removeCopy(store.path)
  const content = { measures, refused: options.refused ?? [] }
  const context: RunContext = {
    store,
    clock,
    logger,
    content,
    valueSets,
    workers: options.workers ?? defaultWorkers(),
    ...(options.chunkPersons === undefined ? {} : { chunkPersons: options.chunkPersons }),
  }
  const evaluatorOf = keepEvaluators(valueSets, clock)
  const activity = new ActivityBoard(clock)
  let last: Promise<unknown> = Promise.resolve()
  const ends: (() => Promise<void>)[] = []
  const oneAtATime = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }
  return {
    store,
    config,
    clock,
    logger,
    measures,
    valueSets,
    ...(options.composites === undefined ? {} : { composites: options.composites }),
    ...(options.plans === undefined ? {} : { plans: options.plans }),
    ...(options.ingredients === undefined ? {} : { ingredients: options.ingredients }),
    evaluatePerson: async (record, measureId, period) =>
      evaluatePerson(evaluatorOf(installed(measures, measureId), period), record),
    evaluateMeasure: async (record, measure, period) => evaluatePerson(evaluatorOf(measure, period), record),
    activity,
    evaluateRun: (request, progress) =>
      oneAtATime(() =>
        activity.follow('evaluate', progress, async (told) => {
          const whole = await overWholeData(store, config, content, request, told)
          return evaluateRun({ ...context, content: whole }, request, told)
        }),
      ),
    lookBack: (progress) => oneAtATime(() => activity.follow('look back', progress, (told) => lookBack(context, told))),
    oneAtATime,
    onClose: (end) => void ends.push(end),
    async close() {
      await Promise.all(ends.map((end) => end()))
      await last
      store.close()
    },
  }
}

/** Worker threads run built code. From `src/` (tests) everything stays in this thread. */
const defaultWorkers = () => (import.meta.url.endsWith('.js') ? 2 : 0)

async function evaluatePerson(evaluator: Evaluator, record: PersonRecord): Promise<PersonAnswer> {
  const { answers } = await evaluator.evaluate(record)
  const [answer] = answers
  if (answer !== undefined) return answer
  throw new CaregapError(
    'input',
    evaluator.refused.flatMap(({ diagnostics }) => diagnostics),
  )
}

function installed(measures: readonly InstalledMeasure[], measureId: string): InstalledMeasure {
  const measure = measures.find(({ id }) => id === measureId)
  if (measure === undefined) throw fault('usage', 'jobs/unknown-measure', `There is no measure ${measureId}.`)
  return measure
}

/** Evaluators by measure and period, the longest unused one dropped first. */
function keepEvaluators(
  valueSets: ValueSets,
  clock: Clock,
): (measure: InstalledMeasure, period: MeasurementPeriod) => Evaluator {
  const kept = new Map<string, Evaluator>()
  return (measure, period) => {
    const key = [measure.id, measure.contentHash, period.start, period.end, period.timeZone].join(' ')
    let evaluator = kept.get(key)
    if (evaluator === undefined) {
      checkPeriod(period)
      const today = () => todayIn(clock, period.timeZone)
      evaluator = createEvaluator([measure], valueSets, period, 'direct', today)
      // What the closures do not know, the interpreter may.
      if (evaluator.refused.length > 0) {
        evaluator = createEvaluator([measure], valueSets, period, 'interpreter', today)
      }
    }
    kept.delete(key)
    kept.set(key, evaluator)
    const [oldest] = kept.keys()
    if (kept.size > keptEvaluators && oldest !== undefined) kept.delete(oldest)
    return evaluator
  }
}
