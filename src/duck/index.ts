export { Database, type DatabaseOptions } from './database.ts'
export { applyMigrations, type Migration } from './migration.ts'
export { Session, type SqlParameters, type SqlValue } from './session.ts'
