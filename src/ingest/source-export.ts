import type { Diagnostic } from '../base/index.ts'

/** A file to load, with what its manifest says of it. */
export interface ExportFile {
  readonly path: string
  /** What it holds: lines of NDJSON where absent, one resource, or a Bundle whose entries are loaded. */
  readonly form?: 'resource' | 'bundle'
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
  /** Resources that its Bundles delete. */
  readonly deletions?: readonly { readonly type: string; readonly id: string }[]
  /** Its resources (`Type/id`) by the URNs under which its Bundles refer to them. */
  readonly urns?: ReadonlyMap<string, string>
  /** What its manifest says that is not acted on. */
  readonly warnings?: readonly Diagnostic[]
}

/** What a path holds, not yet opened: a broken manifest refuses only its own export. */
export interface FoundExport {
  readonly source: string
  readonly origin: string
  open(): SourceExport
}
