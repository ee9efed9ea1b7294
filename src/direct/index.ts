export { expansionsOf } from './code-sets.ts'
export type { ModelAccess } from './compile.ts'
export { type DirectDefineValue, defineValueOf } from './define-value.ts'
export {
  createDirect,
  type DefineOutcome,
  type DirectProgram,
  type Evaluation,
  type EvaluationInput,
  timestampOf,
} from './evaluate.ts'
export { type EvaluationPeriod, momentOfDay } from './evaluation-time.ts'
export {
  createDirectEvaluator,
  type DirectEvaluator,
  type DirectEvaluatorOptions,
  type DirectInterpretation,
  periodParameters,
} from './evaluator.ts'
export {
  type Explained,
  type ExplainedDefine,
  isSameValue,
  type Without,
  withoutResources,
} from './explain/explained.ts'
export type { RowCondition, RowRun, Run } from './explain/run.ts'
export { fhirModel } from './fhir-model.ts'
export type { ValueLetter } from './value-letter.ts'
