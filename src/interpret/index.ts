export type { ClauseTrace, ClauseValue, DefineValue, Interpretation, ValueLetter } from './interpretation.ts'
export { createInterpreter, type Interpreter, type InterpreterOptions } from './interpreter.ts'
