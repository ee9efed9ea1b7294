import type { Diagnostic } from '../base/index.ts'

/** A file to load, with what its manifest says of it. */
export interface ExportFile {
  readonly path: string
  readonly declaredType?: string
  readonly declaredCount?: number
}

/** One export of one source: the unit that is loaded as a whole or refused as a whole. */
export interface SourceExport {
  readonly source: string
  /** The manifest or folder it came from. */
  readonly origin: string
  readonly files: readonly ExportFile[]
  readonly transactionTime?: string
  readonly baseUrl?: string
  /** What its manifest says that is not acted on. */
  readonly warnings?: readonly Diagnostic[]
}

/** What a path holds, not yet opened: a broken manifest refuses only its own export. */
export interface FoundExport {
  readonly source: string
  readonly origin: string
  open(): SourceExport
}
