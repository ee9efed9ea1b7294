export { type PrefetchOrigin, recordFromResources } from './prefetch-record.ts'
export { type IdentitySetting, type ResolvedPersons, resolvePersons } from './resolve-persons.ts'
export { readPersonRecord, streamPersonRecords } from './stream-records.ts'
