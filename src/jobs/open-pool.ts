import { giveWay } from '../base/index.ts'
import type { InstalledMeasure } from '../content/index.ts'
import { assemblePerson } from '../identity/index.ts'
import type { MeasurementPeriod, PersonEngine } from '../measure/index.ts'
import type { ValueSets } from '../terminology/index.ts'
import { createEvaluator, type PersonAnswers } from './evaluator.ts'
import { createWorkerPool, type EvaluationPool } from './worker-pool.ts'

/** What a run's persons are evaluated with. */
export interface PoolSetting {
  /** Evaluation threads; 0 evaluates in this thread. */
  readonly workers: number
  readonly measures: readonly InstalledMeasure[]
  readonly valueSets: ValueSets
  readonly period: MeasurementPeriod
  readonly engine: PersonEngine
  /** The day at which gaps are looked at. */
  readonly today: string
}

/** A thread makes the measures ready for itself: for fewer evaluations that costs more than it saves. */
const evaluationsWorthThreads: Readonly<Record<PersonEngine, number>> = { direct: 10_000, interpreter: 64 }

/** Threads that evaluate, or this one where there is little to do. */
export function openPool(
  { workers, measures, valueSets, period, engine, today }: PoolSetting,
  persons: number,
): EvaluationPool {
  if (workers > 0 && persons * measures.length >= evaluationsWorthThreads[engine]) {
    const needed = new Set(measures.flatMap((measure) => measure.valueSets))
    const expansions = [...needed].flatMap((canonical) => valueSets.find(canonical) ?? [])
    return createWorkerPool(workers, { measures, expansions, period, engine, today })
  }
  const evaluator = createEvaluator(measures, valueSets, period, engine, () => today)
  return {
    slots: 1,
    evaluate: async (persons) => {
      const answers: PersonAnswers[] = []
      for (const parts of persons) {
        await giveWay()
        answers.push(await evaluator.evaluate(assemblePerson(parts)))
      }
      return answers
    },
    close: async () => undefined,
  }
}
