export { type IngestOptions, ingest, ingestAndDerive } from './ingest.ts'
export type { ExportReport, FileReport, IngestReport, LineCounts } from './report.ts'
