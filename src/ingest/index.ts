export { type OpenedBundle, openBundle } from './bundle.ts'
export { ingest } from './ingest.ts'
export type { IngestOptions } from './ingest-run.ts'
export type { ExportReport, FileReport, IngestReport, LineCounts } from './report.ts'
