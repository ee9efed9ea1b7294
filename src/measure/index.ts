export {
  type CompositeRule,
  type CompositeScore,
  IndividualComposite,
  weightedComposite,
} from './composite.ts'
export { type ControlChart, leastSamples, pChart, type RunRule } from './control-chart.ts'
export { type DataNeed, type LogicNeeds, libraryNeeds, measureNeeds } from './data-needs.ts'
export { defaultEngine, type Engine, engines, evaluatorOf, type PersonEngine, type PersonEvaluator } from './engine.ts'

export { evaluateRecord } from './evaluate-record.ts'
export { type ExplainedRecord, explainerOf, type RecordExplainer } from './explain-record.ts'
export { type Funnel, type FunnelPlace, funnelOfProportions, leastTrials, placeInFunnel } from './funnel-limits.ts'
export { measureDefines } from './measure-defines.ts'
export { neededEntries } from './needed-resources.ts'
export type { MeasureLogic } from './observation-logic.ts'
export type { MeasurementPeriod } from './period.ts'
export { periodMoments } from './period-moments.ts'
export type { DefineLetter, GroupEvaluation, PersonEvaluation } from './person-evaluation.ts'
export { compareRates, type RateComparison } from './rate-difference.ts'
export { type GroupScore, type ObservedValues, type PopulationTotals, scoreGroup } from './score.ts'
export {
  type AlikeEvaluator,
  createSetEvaluators,
  type KindAnswer,
  type SetAnswer,
  type SetEvaluator,
  setLogicOf,
} from './set-evaluator.ts'
export { type CellSafety, type GuardedCell, hideSmall, isSmall, safeCells, safeSeries } from './small-cells.ts'
export { createSupplementEvaluator, type PersonSupplement, type SupplementEvaluator } from './supplement.ts'
export type { SupplementValue } from './supplement-value.ts'
export { safeLevels } from './two-level-cells.ts'
export { wilsonInterval } from './wilson.ts'
