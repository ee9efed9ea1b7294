import { type Result, success } from '../base/index.ts'
import { type Core, compileDefines, type Value } from '../core/index.ts'
import type { LibraryClosure } from '../elm/index.ts'
import type { PersonRecord } from '../fhir/index.ts'
import type { ValueSets } from '../terminology/index.ts'
import { expansionsOf } from './code-sets.ts'
import { type DirectDefineValue, defineValueOf } from './define-value.ts'
import { createDirect } from './evaluate.ts'
import { type EvaluationPeriod, momentOfDay, periodInterval } from './evaluation-time.ts'
import { createExplainer, type Explained, type Explainer } from './explain/explained.ts'
import { fhirModel } from './fhir-model.ts'
import { sharedDefines, sharedFunctions } from './shared-defines.ts'

export interface DirectEvaluatorOptions {
  readonly closure: LibraryClosure
  /** Names of the main library's defines that are wanted; what they refer to is evaluated as needed. */
  readonly defines: readonly string[]
  readonly valueSets: ValueSets
  /** Whole days in a zone: the parameter `Measurement Period`. */
  readonly period: EvaluationPeriod
}

/** The values of all defines that were asked for, of one person. */
export interface DirectInterpretation {
  readonly pid: number
  readonly defines: ReadonlyMap<string, DirectDefineValue>
}

/** One library closure compiled to closures, ready for any number of people. It keeps nothing of any. */
export interface DirectEvaluator {
  /** Never throws for what a record holds: a define that fails carries its fault. */
  evaluate(record: PersonRecord): DirectInterpretation
  /** Every define's value, the included libraries' too, with what was done for it and the resources that it rests on. */
  explain(record: PersonRecord): Explained
}

/**
 * An evaluator for the defines of a measure. CQL's Now is the end of the period, so that the same inputs give
 * the same values. Failure: those of `compileDefines`.
 */
export function createDirectEvaluator(options: DirectEvaluatorOptions): Result<DirectEvaluator> {
  const compiled = compileDefines(options.closure, options.defines)
  if (!compiled.ok) return compiled
  const model = fhirModel(options.closure.profiles ?? 'inferred')
  const program = createDirect(compiled.value, model)
  let explainer: Explainer | undefined
  const now = momentOfDay(options.period.end, 'end', options.period.timeZone)
  const parameters = periodParameters(compiled.value, options.period)
  const expansion = expansionsOf(options.valueSets)
  const library = options.closure.main.identifier.id
  const given = {
    parameters,
    now,
    expansion,
    shared: sharedDefines(compiled.value, options),
    sharedFunctions: sharedFunctions(compiled.value, options),
  }
  const wanted = options.defines.map((name) => [name, `${library}.${name}`] as const)
  return success({
    evaluate(record) {
      const evaluation = program.evaluate({ record, ...given })
      const defines = new Map<string, DirectDefineValue>()
      for (const [name, key] of wanted) defines.set(name, defineValueOf(evaluation.define(key)))
      return { pid: record.pid, defines }
    },
    explain(record) {
      explainer ??= createExplainer(compiled.value, model, program)
      return explainer({ record, parameters, now, expansion })
    },
  })
}

/** The period under every library's `Measurement Period`, as each declares it. */
export function periodParameters(core: Core, period: EvaluationPeriod): ReadonlyMap<string, Value> {
  const named = [...core.parameters].filter(([, parameter]) => parameter.name === 'Measurement Period')
  return new Map(
    named.map(([key, { type }]) => {
      const dates = type.kind === 'interval' && type.of.kind === 'system' && type.of.name === 'Date'
      return [key, periodInterval(period, dates ? 'Date' : 'DateTime')]
    }),
  )
}
