export { printProgram } from './print-plan.ts'
