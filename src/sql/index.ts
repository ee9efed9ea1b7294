export { columnsRead } from './needed-columns.ts'
export { printProgram } from './print-plan.ts'
