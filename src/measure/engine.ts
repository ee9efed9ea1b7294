import type { Result } from '../base/index.ts'
import type { InstalledMeasure } from '../content/index.ts'
import { createDirectEvaluator } from '../direct/index.ts'
import type { PersonRecord } from '../fhir/index.ts'
import { createInterpreter, type Interpretation } from '../interpret/index.ts'
import type { ValueSets } from '../terminology/index.ts'
import { logicOf } from './observation-logic.ts'
import type { MeasurementPeriod } from './period.ts'

/** What evaluates a person: cql-execution, the independent check, or our own closures. One answer, whichever. */
export const engines = ['interpreter', 'direct'] as const
export type Engine = (typeof engines)[number]

/** A measure's logic, ready for any number of people. */
export interface PersonEvaluator {
  /** Never throws for what a record holds: a define that fails carries its fault. */
  evaluate(record: PersonRecord): Interpretation | Promise<Interpretation>
}

/** An evaluator for what a measure needs. Failure: those of `createInterpreter` and `createDirectEvaluator`. */
export function evaluatorOf(
  measure: InstalledMeasure,
  valueSets: ValueSets,
  period: MeasurementPeriod,
  engine: Engine,
): Result<PersonEvaluator> {
  const { closure, defines, observations } = logicOf(measure)
  const options = { closure, defines: [...defines, ...observations], valueSets, period }
  return engine === 'direct' ? createDirectEvaluator(options) : createInterpreter(options)
}
