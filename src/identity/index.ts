export type { RecordParts } from './assemble-record.ts'
export { npiOf, tinOf } from './business-identifier.ts'
export { type CsvRecord, delimiterOf, parseCsv } from './csv.ts'
export { deriveAttribution } from './derive-attribution.ts'
export { recordFromResources } from './prefetch-record.ts'
export { parseLocalReference } from './qualify.ts'
export { type ResolvedPersons, resolvePersons } from './resolve-persons.ts'
export { importRoster } from './roster.ts'
export { type RunPersonRecord, readRunPersonRecord } from './run-record.ts'
export {
  assemblePerson,
  type PersonParts,
  readMergedPatients,
  readPersonParts,
  readPersonRecord,
  streamPersonParts,
  streamPersonRecords,
} from './stream-records.ts'
