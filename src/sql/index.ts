export { columnsRead, inputsOf } from './needed-columns.ts'
export { printLetters, printLettersInSteps } from './print-letters.ts'
export { printProgram } from './print-plan.ts'
export { type Script, scriptText } from './script.ts'
