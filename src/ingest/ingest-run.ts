import type { Config, Progress } from '../base/index.ts'
import type { Store } from '../store/index.ts'
import type { BatchPlaces } from './batch.ts'
import type { Writer } from './writer.ts'

export interface IngestOptions {
  /** A folder, a manifest or a file. */
  readonly path: string
  /** Name of the source; by default the folder's. */
  readonly source?: string
  readonly config: Config
  readonly progress?: Progress
  /** Text bytes per unit of work; for tests. */
  readonly blockBytes?: number
  /** What must hold with the data or not at all: done in the transaction that publishes a job; `staged` where it has lines. */
  readonly onPublish?: (jobId: number, staged: boolean) => Promise<void>
  /** Stage it although the source's newest load was the same: what is to be published looks at its lines. */
  readonly always?: boolean
}

/** One call of `ingest`: what its exports share. */
export interface Run extends BatchPlaces {
  readonly store: Store
  readonly options: IngestOptions
  readonly progress: Progress
  readonly writer: Writer
  /** Says how many lines are to come, while nothing is under way. */
  expect(lines: number): Promise<void>
  /** Says that the last lines are under way: what is left to do has nothing beside it. */
  expectNoMore(): Promise<void>
}
