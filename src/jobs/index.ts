export type { Activity, ActivityStage } from './activity.ts'
export { type AnswerDesk, answerDeskOf, type EndedAnswer } from './answer-desk.ts'
export type { Application } from './application.ts'
export { type CdsDesk, cdsDeskOf } from './cds-desk.ts'
export { type CdsReportReason, type CdsReportRow, cdsReport, cdsReportFile } from './cds-report.ts'
export {
  decideMaps,
  type MappingAuthor,
  type MappingContext,
  type Proposal,
  proposeMap,
} from './code-mapping.ts'
export {
  type Cause,
  type ChangeTotal,
  type ComparedChange,
  causes,
  compareRuns,
  type RunComparison,
  totalsOf,
} from './compare-runs.ts'
export {
  conceptMapIds,
  type ProposedMaps,
  proposeConceptMap,
  proposePackagedMaps,
  storedConceptMap,
} from './concept-maps.ts'
export { type ApplicationOptions, createApplication } from './create-application.ts'
export { dueCohorts, followUpDays } from './due-cohorts.ts'
export { type ExplainRequest, explainPerson, findExplainedRun } from './explain-person.ts'
export { keepLogShort } from './keep-log-short.ts'
export { keepListsReady } from './keep-ready.ts'
export type { LaunchFault, LaunchServer } from './launch/authorization-server.ts'
export { type KnownPerson, knownPerson } from './launch/known-person.ts'
export { type LaunchDesk, launchCookie, launchDeskOf } from './launch/launch-desk.ts'
export { type LoadedData, loadData } from './load-data.ts'
export { listZonedFacts, proposeLocalDays, type ZonedFacts } from './local-days.ts'
export { yearBefore } from './look-back.ts'
export {
  cancelNamedPull,
  listJobs,
  type PullPreview,
  type PullRecord,
  previewPull,
  reopenNamedPull,
} from './manage-pulls.ts'
export { effectOfMaps, type MappingEffects } from './mapping-effect.ts'
export {
  type FactKind,
  type FactsFound,
  type FactsInSource,
  listFacts,
  type MeasureFacts,
  readFacts,
  type StoredFacts,
} from './measure-facts.ts'
export { nearMissesOf, nearMissKey } from './near-misses.ts'
export { type PullFreshness, pullFreshness } from './pull-freshness.ts'
export type { PullRequest, PullResult } from './pull-once.ts'
export { PullSchedule, startPullSchedule } from './pull-schedule.ts'
export { pullSource } from './pull-source.ts'
export {
  type Difference,
  type DifferenceCause,
  isFound,
  type Reconciliation,
  reconcile,
} from './reconcile/reconcile.ts'
export { type ReportedPopulation, readReportedList, reportedPopulations } from './reconcile/reported-list.ts'
export { type Released, releasedCounts, releasedRuns } from './release-runs.ts'
export { releasedStrata } from './release-strata.ts'
export { type CareGapsAsked, careGaps } from './reports/care-gaps.ts'
export { collectData } from './reports/collect-data.ts'
export { type MadeReport, readIndividualReport } from './reports/individual-reports.ts'
export {
  type CompositeReportAsked,
  evaluatedNow,
  makeCompositeReport,
  makeReport,
  type ReportAsked,
} from './reports/make-report.ts'
export { stopPulls } from './running-pulls.ts'
export { type CountName, hiddenCounts, safeCountsOf } from './safe-counts.ts'
export { lackingSources, type SafeFacts, safeFacts } from './safe-facts.ts'
export { type SafeFault, safeFaults } from './safe-faults.ts'
export { type SafeEffect, type SafeEffects, type SafeUnmapped, safeEffects, safeUnmapped } from './safe-mapping.ts'
export { safeActivities, safeRuns } from './safe-runs.ts'
export { newestSlot } from './schedule-slot.ts'
export { type TableFormat, tableFile, tableFormats, tableMediaTypes } from './table-file.ts'
export { listUnmapped, readUnmapped, type StoredUnmapped, type Unmapped } from './unmapped.ts'
export { type EngineVerification, verifyEngines } from './verify-engines.ts'
export { warmRuns } from './warm-runs.ts'
export { type OpenWorklist, openWorklist, readyWorklist } from './worklist/open-worklist.ts'
export { workOnGaps } from './worklist/work-on-gaps.ts'
export { mostOfList, workOnList } from './worklist/work-on-list.ts'
export { listWorkSchema, workRequestSchema } from './worklist/work-request.ts'
export { cursorText } from './worklist/worklist-cursor.ts'
export { exportWorklist } from './worklist/worklist-export.ts'
export { parseWorklistQuery, type WorklistQuery, worklistQuerySchema, worklistText } from './worklist/worklist-query.ts'
