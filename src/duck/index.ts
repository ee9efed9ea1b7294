export { arrowStream } from './arrow-stream.ts'
export { Database, type DatabaseOptions } from './database.ts'
export { applyMigrations, checkAppliedSteps, type Migration } from './migration.ts'
export { diskFull, Session, type SqlParameters, type SqlValue } from './session.ts'
