export { breathe } from './breathe.ts'
export type { BulkServer, SecretPlace } from './bulk-config.ts'
export type { CdsClient, CdsConfig, CdsFhirServer, CdsServiceSetting } from './cds-config.ts'
export { type Clock, fixedClock, systemClock } from './clock.ts'
export { compareText } from './compare-text.ts'
export { type Config, defaultConfig, loadConfig } from './config.ts'
export { csvLine } from './csv.ts'
export {
  type Diagnostic,
  formatDiagnostic,
  formatPlace,
  type JsonValue,
  type Place,
  type Severity,
} from './diagnostic.ts'
export { CaregapError, type FaultKind, fault, invariant, messageOf, unwrap } from './error.ts'
export { giveWay, withPriority } from './give-way.ts'
export { groupBy } from './group-by.ts'
export { contentHash } from './hash.ts'
export { KeptWith } from './kept-with.ts'
export { createLogger, type Logger, type LogLevel, silentLogger } from './logger.ts'
export {
  checkDisk,
  checkMemory,
  checkNode,
  type MemoryFacts,
  readFreeDisk,
  readMemory,
} from './machine-checks.ts'
export { type Progress, type Stage, silentProgress } from './progress.ts'
export { projectRoot } from './project-root.ts'
export { failure, type Result, success } from './result.ts'
export type { ScheduleConfig } from './schedule-config.ts'
export { finish, finishGently, type Steps } from './steps.ts'
