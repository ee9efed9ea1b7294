import type { Result } from '../base/index.ts'
import type { InstalledMeasure } from '../content/index.ts'
import { createDirectEvaluator } from '../direct/index.ts'
import type { PersonRecord } from '../fhir/index.ts'
import { createInterpreter, type Interpretation } from '../interpret/index.ts'
import type { ValueSets } from '../terminology/index.ts'
import { logicOf } from './observation-logic.ts'
import type { MeasurementPeriod } from './period.ts'

/** What evaluates: SQL for everybody at once, closures or cql-execution for one person after the other. One answer. */
export const engines = ['sql', 'direct', 'interpreter'] as const
export type Engine = (typeof engines)[number]

/** What evaluates everybody where nothing else is said. */
export const defaultEngine: Engine = 'sql'

/** What evaluates one person: our own closures, or cql-execution, the independent check. */
export type PersonEngine = Exclude<Engine, 'sql'>

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
  engine: PersonEngine,
): Result<PersonEvaluator> {
  const { closure, defines, observations } = logicOf(measure)
  const options = { closure, defines: [...defines, ...observations], valueSets, period }
  return engine === 'direct' ? createDirectEvaluator(options) : createInterpreter(options)
}
