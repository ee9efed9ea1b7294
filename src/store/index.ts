export {
  type AsyncAnswer,
  deleteAsyncAnswer,
  dropExpiredAnswers,
  endAsyncAnswer,
  openAsyncAnswer,
  readAsyncAnswer,
  settleAsyncAnswers,
} from './async-answer.ts'
export { fillAttribution } from './attribution.ts'
export { type AuditOutcome, type AuditRow, insertAuditRows, insertMissingAuditRows, readAuditRows } from './audit.ts'
export {
  type CdsCardRow,
  type CdsOverrideRow,
  type CdsUnmetRow,
  insertCdsCalls,
  readCdsCards,
  readCdsOverrides,
} from './cds-cards.ts'
export {
  type CdsCell,
  type CdsCount,
  type CdsKey,
  readCdsCounts,
  readCdsCourse,
  readCdsUnmet,
  readCdsUnmetCourse,
} from './cds-counts.ts'
export { dropExpiredJwts, insertUsedJwts, openUsedJwts, type UsedJwt } from './cds-jwt.ts'
export {
  type CodeMapRow,
  decideCodeMaps,
  type NewCodeMap,
  proposeCodeMap,
  readCodeMaps,
  readCodeMapsHash,
} from './code-map.ts'
export { personsWithCodes } from './code-persons.ts'
export { type Coverage, readCoverage, readDataDates } from './coverage.ts'
export { shareRecentLines, withRecentLines } from './derived-state.ts'
export { addDueDates, addKindDueDates, addValueDueDates, openDueDates, setValues } from './due-dates.ts'
export {
  type CountedElements,
  type ElementCount,
  readElementCounts,
  readPublishedSequence,
  refreshElementCounts,
} from './element-value.ts'
export { type FeedbackRow, insertFeedback, readFeedbackRows } from './feedback.ts'
export { checkDatabaseFile } from './file-checks.ts'
export { type FileProgress, finishStaging, recordProgress } from './file-progress.ts'
export {
  closeGapWork,
  collectGapWork,
  type GapKind,
  type GapLine,
  type GapMember,
  gapRanges,
  openGapWork,
  readGapWork,
  readMentioning,
  soughtOfNobody,
  wantOfKinds,
} from './gap-work.ts'
export {
  dropResults,
  type KindGapRow,
  type KindResultRow,
  readKindPersons,
  setAnswers,
  storeKindGaps,
  storeKindResults,
} from './kind-results.ts'
export {
  discardJob,
  ensureSource,
  type FileEntry,
  findEqualJob,
  findOpenJobs,
  type OpenFile,
  type OpenJob,
  openJob,
  type SourceEntry,
} from './ledger.ts'
export { type LineJournal, openJournal, takeOver } from './line-journal.ts'
export { copyKnownFacts, type LastMoment, type LookBack, readLookBacks, storeLookBacks } from './look-back.ts'
export { readManyLines } from './many-lines.ts'
export {
  type MappableLine,
  type MappedLine,
  replaceMappedLines,
  streamMappable,
} from './mapped-line.ts'
export {
  countFacts,
  type FactsAsked,
  type FactsHeld,
  readFactsState,
  readMeasureFacts,
  readPersonsOfSources,
  replaceMeasureFacts,
} from './measure-facts.ts'
export { inOneThread } from './one-thread.ts'
export { followReferences } from './outside-reference.ts'
export {
  countPackageResources,
  deletePackage,
  insertPackage,
  type PackageContentRow,
  type PackageRow,
  readPackageContents,
  readPackages,
} from './package.ts'
export { type BreakdownKind, type BreakdownRow, readBreakdown } from './page-breakdown.ts'
export { type CohortCounts, type CohortRuns, readCohortCounts } from './page-cohort.ts'
export { type FaultCount, type FaultsFound, listFaults, readFaults, refreshFaults } from './page-faults.ts'
export {
  countPeople,
  type PeopleFilter,
  type PeoplePopulation,
  type PeopleRow,
  type PeopleSort,
  type PersonChoice,
  readPeople,
  readPeopleChoices,
  readPersonChoices,
  tableOfPeople,
  tableOfResults,
} from './page-people.ts'
export {
  type PersonFinding,
  type PersonGapRow,
  type PersonHeader,
  type PersonMeasureResult,
  type PersonResource,
  type PersonSourcePatient,
  readPersonErrors,
  readPersonFindings,
  readPersonGaps,
  readPersonHeader,
  readPersonMeasureResults,
  readPersonPatients,
  readPersonResource,
  readPersonSourcePatients,
  readResources,
} from './page-person.ts'
export {
  type FindingCount,
  type LoadedFile,
  type MissingData,
  type QuarantinedLine,
  type QuarantineReason,
  readFindingCounts,
  readLoadedFiles,
  readMissingData,
  readPersonsBySources,
  readQuarantinedLines,
  readQuarantinedLinesOfJob,
  readQuarantineReasons,
  readSourceQuality,
  readTypeCounts,
  type SourceQuality,
  type TypeCount,
} from './page-quality.ts'
export { findKeyedPatients, type ReconciledResult, readSourceResults } from './page-reconcile.ts'
export {
  type RunErrorKind,
  type RunMeasureSummary,
  type RunSummary,
  readPublishedRun,
  readRun,
  readRunErrorKinds,
  readRunMeasures,
  readRuns,
} from './page-runs.ts'
export { type LoadSummary, readLoadSummary, readScorecardCounts, type ScorecardCounts } from './page-scorecard.ts'
export {
  type RatePoint,
  readRateHistory,
  readSharedStrata,
  readStrata,
  type SharedStratum,
  type StratumKind,
  type StratumRow,
} from './page-strata.ts'
export { type ChangedPersons, changedPersons, isDataComplete, readChanged, recordDataState } from './person-change.ts'
export { countPersons, type PersonChanges, readPersonChanges } from './person-changes.ts'
export {
  everybody,
  type PersonFilter,
  personPredicate,
  readHiddenPids,
} from './person-filter.ts'
export { countIdentityFindings, listIdentityFindings } from './person-findings.ts'
export { readPersonLines } from './person-line.ts'
export { refreshPersonLines } from './person-line-refresh.ts'
export {
  findPid,
  type HeldPerson,
  type MemberRow,
  readHeldPerson,
  readSourceBases,
  readSources,
  type SourceRow,
} from './person-members.ts'
export {
  assignPids,
  dropResolution,
  fillPersons,
  readPatients,
  recordResolved,
  refillPersons,
  type Ties,
  tieSourcePatients,
} from './person-resolution.ts'
export type { PersonText, TextEntry } from './person-text.ts'
export { amongPopulation, setOutsideSources } from './population.ts'
export {
  findOpenPull,
  type NewPull,
  openPull,
  type Pull,
  type PullPurpose,
  type PullState,
  type PullStep,
  readLastFull,
  readPull,
  readPullParameters,
  readPulls,
  recordPull,
  reopenPull,
} from './pull.ts'
export { type PullAlert, rememberAlert, wasAlerted } from './pull-alert.ts'
export {
  type AppliedDeletions,
  applyDeletions,
  commitPull,
  type Deletion,
  type PullCommit,
  readWatermark,
  tellLeft,
} from './pull-commit.ts'
export {
  type PulledFile,
  type PullFile,
  type PullSection,
  readPullFiles,
  recordManifest,
  recordPullFile,
} from './pull-file.ts'
export { type PullFinding, readFindings, recordFinding } from './pull-finding.ts'
export { type Load, type LoadFile, readLoads } from './pull-load.ts'
export { readMembers, recordListedMembers } from './pull-member.ts'
export {
  type ReleaseRun,
  readReleaseRuns,
  readToldStrata,
  recordReleaseRun,
  recordToldStrata,
  type StrataPlace,
  type ToldStratum,
} from './release.ts'
export {
  countReportErrors,
  type ObservedPerson,
  type ReportCounts,
  type ResultsAsked,
  readConcernedPids,
  readErrorPids,
  readMemberPids,
  readObservedPersons,
  readPersonCounts,
  readReportCounts,
  readStratumCounts,
  type StratumCount,
} from './report-counts.ts'
export {
  type Block,
  type BlockPart,
  inLineOrder,
  type LineFault,
  type LineOrigin,
  readBlock,
  type SuspectLine,
  storeBlock,
  suspectLines,
} from './resource-load.ts'
export { type FileCounts, type PublishedFile, publishedFiles, publishJobs } from './resource-publish.ts'
export {
  compareKeys,
  type PersonBatch,
  type PersonLimits,
  type PersonSelection,
  type RawRow,
  readRowsOf,
  streamPersons,
  streamPersonTexts,
  streamRawByPerson,
} from './resource-read.ts'
export { type ResultLine, readRunPersons, resultLines } from './result-lines.ts'
export { type ObservedValuesRow, readObservedValues } from './result-observations.ts'
export {
  type GapRow,
  type PersonErrorRow,
  type PersonResultRow,
  type ResultRows,
  storeResults,
} from './result-write.ts'
export { type RosterRow, replaceRoster } from './roster.ts'
export { type MeasureBasis, type RunMeasureBasis, readRunBasis, readRunCodeMaps } from './run-basis.ts'
export {
  type CarryBase,
  carryResults,
  findCarryBase,
  type GapDay,
  readStoredCodes,
  readWaitingPids,
} from './run-carry.ts'
export { type PopulationChange, readPopulationChanges, statesBetween } from './run-compare.ts'
export { type ClosureReason, type RunEngineRow, readRunEngines, storeRunEngines } from './run-engine.ts'
export { type RunError, readErrorPersons, readRunErrors } from './run-errors.ts'
export { findMeasureRun, type MeasureRun, readMeasureRun } from './run-lookup.ts'
export { findRunPid } from './run-person.ts'
export { findRunSequence, type RunRecord, type RunRecordRow, readRunRecord } from './run-record.ts'
export { dataSnapshot, readPidRange } from './run-snapshot.ts'
export {
  discardRun,
  expireReportRuns,
  findEqualRun,
  findOpenRuns,
  openRun,
  publishRun,
  type RunMeasureRow,
  type RunStamp,
} from './run-write.ts'
export {
  type ConceptCoding,
  findIrregularPersons,
  prepareSetTables,
  readConceptCodings,
  type SetTables,
} from './set-data.ts'
export type { MergedPatient, ReadMergedPatients } from './set-merged.ts'
export { fewPersons, openSlices, type PersonRange, type SetSlices, slicedTables } from './set-slice.ts'
export { writeSnapshot } from './snapshot.ts'
export { openStore, type Store } from './store.ts'
export { readStoredError, readStoredResults, type StoredResult } from './stored-evaluation.ts'
export { besideTheFile, rowGroupRows, straightToFile } from './straight-to-file.ts'
export { findPids, findRawResource, readPidsOfPractice, readPidsOfProvider } from './subject-lookup.ts'
export { readValueSets, replaceValueSets, type ValueSetEntry } from './terminology.ts'
export { type DerivedTable, type DeriveOptions, deriveTyped, holdElements } from './typed-derive.ts'
export { type AskedElements, askForElements } from './typed-element.ts'
export type { TypedFacts } from './typed-facts.ts'
export { readTypedFacts } from './typed-facts-kept.ts'
export {
  readUnmappedRows,
  readUnmappedState,
  replaceUnmappedRows,
  type UnmappedRow,
  type UnmappedState,
} from './unmapped-value.ts'
export { ensureWorklist } from './worklist-build.ts'
export {
  readWorklist,
  readWorklistChoices,
  readWorklistRefs,
  tableOfWorklist,
  type WorklistChoices,
  type WorklistCursor,
  type WorklistFilter,
  type WorklistGap,
  type WorklistPage,
  type WorklistRow,
  type WorklistSort,
} from './worklist-read.ts'
export { worklistStatuses } from './worklist-summary.ts'
export { type HuddleRow, readHuddle, readNextVisitDay } from './worklist-visits.ts'
export {
  type ChangeOutcome,
  changeWork,
  type GapRef,
  type GapWork,
  readActionEvents,
  readLastAction,
  readMissingGaps,
  readWorkEvents,
  undoAction,
  undoWork,
  type WorkAction,
  type WorkChange,
  type WorkEvent,
} from './worklist-write.ts'
export { createWriteBehind, type WriteBehind } from './write-behind.ts'
