export { type OpenedBundle, openBundle } from './bundle.ts'
export { type IngestOptions, ingest } from './ingest.ts'
export type { ExportReport, FileReport, IngestReport, LineCounts } from './report.ts'
