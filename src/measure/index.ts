export type { DefineLetter, Evidence, GroupEvaluation, PersonEvaluation } from './person-evaluation.ts'
