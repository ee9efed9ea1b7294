import { invariant, type Result, success } from '../base/index.ts'
import type { InstalledMeasure } from '../content/index.ts'
import { createDirectEvaluator, type Explained } from '../direct/index.ts'
import type { PersonRecord } from '../fhir/index.ts'
import type { ValueSets } from '../terminology/index.ts'
import { evaluationOf } from './evaluate-record.ts'
import { logicOf } from './observation-logic.ts'
import type { MeasurementPeriod } from './period.ts'
import type { PersonEvaluation } from './person-evaluation.ts'

/** What a measure says of one person, and why. */
export interface ExplainedRecord {
  readonly explained: Explained
  /** The evaluation that the explained values amount to. */
  readonly evaluation: PersonEvaluation
}

/** A measure's logic, ready to be explained for any number of people. It keeps nothing of any. */
export interface RecordExplainer {
  /** Never throws for what a record holds. */
  explain(record: PersonRecord): ExplainedRecord
}

/** An explainer of a measure. Failure: those of `createDirectEvaluator`. */
export function explainerOf(
  measure: InstalledMeasure,
  valueSets: ValueSets,
  period: MeasurementPeriod,
): Result<RecordExplainer> {
  const { closure, defines, observations } = logicOf(measure)
  const names = [...defines, ...observations]
  const made = createDirectEvaluator({ closure, defines: names, valueSets, period })
  if (!made.ok) return made
  return success({
    explain(record) {
      const explained = made.value.explain(record)
      const values = names.map((name) => [name, valueIn(explained, name)] as const)
      return { explained, evaluation: evaluationOf(measure, { pid: record.pid, defines: new Map(values) }) }
    },
  })
}

function valueIn({ main, defines }: Explained, name: string) {
  const define = defines.get(`${main}.${name}`)
  invariant(define !== undefined, `the define ${name} is explained`)
  return define.value
}
