export type { Application } from './application.ts'
export { type Cause, type ComparedChange, causes, compareRuns, type RunComparison } from './compare-runs.ts'
export { type ApplicationOptions, createApplication } from './create-application.ts'
export { type LoadedData, loadData } from './load-data.ts'
export {
  cancelNamedPull,
  listJobs,
  type PullPreview,
  type PullRecord,
  previewPull,
  reopenNamedPull,
} from './manage-pulls.ts'
export { type PullRequest, type PullResult, pullSource } from './pull-source.ts'
export { stopPulls } from './running-pulls.ts'
export { type EngineVerification, verifyEngines } from './verify-engines.ts'
