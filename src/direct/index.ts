export { expansionsOf } from './code-sets.ts'
export type { ModelAccess } from './compile.ts'
export {
  createDirect,
  type DefineOutcome,
  type DirectProgram,
  type Evaluation,
  type EvaluationInput,
  timestampOf,
} from './evaluate.ts'
export { fhirModel } from './fhir-model.ts'
export type { ProfileMatching } from './retrieve.ts'
