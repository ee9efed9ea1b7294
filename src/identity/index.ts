export { type PrefetchOrigin, recordFromResources } from './prefetch-record.ts'
export { readPersonRecord, streamPersonRecords } from './stream-records.ts'
