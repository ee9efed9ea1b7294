export type { ModelAccess } from './compile.ts'
export { createDirect, type DefineOutcome, type DirectProgram, type EvaluationInput, timestampOf } from './evaluate.ts'
