export { measureDefines } from './measure-defines.ts'
export type { MeasurementPeriod } from './period.ts'
export type { DefineLetter, Evidence, GroupEvaluation, PersonEvaluation } from './person-evaluation.ts'
