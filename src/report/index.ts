export { collectedData } from './collected-data.ts'
export { compositeReport } from './composite-report.ts'
export type { GroupCounts, StratumTotals } from './counts.ts'
export { dataRequirements } from './data-requirements.ts'
export {
  type GapStatusCode,
  type GapsSection,
  gapStatusCode,
  gapStatusCodes,
  gapsBundle,
} from './gaps-bundle.ts'
export { individualReport } from './individual-report.ts'
export { type Issue, type IssueCode, operationOutcome } from './operation-outcome.ts'
export type { ReportContext } from './report-context.ts'
export { stratumObservations } from './stratum-observations.ts'
export { type PopulationMembers, subjectListReport, summaryReport } from './summary-report.ts'
export type { SupplementCount } from './supplemental-data.ts'
