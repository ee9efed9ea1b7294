export type { Gap, GapEvidence, GapStatus } from './gap.ts'
