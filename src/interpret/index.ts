export type { DefineValue, Interpretation } from './interpretation.ts'
export { createInterpreter, type Interpreter } from './interpreter.ts'
