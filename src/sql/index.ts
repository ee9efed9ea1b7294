export { columnsRead } from './needed-columns.ts'
export { printProgram } from './print-plan.ts'
export { type Script, scriptText } from './script.ts'
