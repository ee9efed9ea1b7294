import { join } from 'node:path'
import type { Session } from '../duck/index.ts'
import type { Store } from '../store/index.ts'
import { Spool } from './spool.ts'
import type { Writer } from './writer.ts'

/** A session that prepares one block at a time, from a spool of its own, and stores it in its turn. */
export class Lane {
  readonly session: Session
  readonly #spoolPath: string
  readonly #store: Store
  #busy: Promise<void> = Promise.resolve()

  constructor(store: Store, session: Session, spoolPath: string) {
    this.#store = store
    this.session = session
    this.#spoolPath = spoolPath
  }

  /** Waits until its block is stored; throws what went wrong with it. */
  free(): Promise<void> {
    return this.#busy
  }

  openSpool(): Promise<Spool> {
    return Spool.open(this.#spoolPath)
  }

  /** Stores what is being prepared, in its turn. */
  run(prepared: Promise<() => Promise<void>>, writer: Writer): void {
    // Its fault is told in its turn; until then it must not count as unhandled.
    prepared.catch(() => undefined)
    this.#busy = writer.run(async () => {
      const store = await prepared
      await store()
      await shortenLog(this.#store)
    })
  }
}

/** The database brings a log of this length into the file by itself, but only where no other session is at work. */
const longestLog = 128 * 1024 * 1024

async function shortenLog({ database }: Store): Promise<void> {
  if (database.logBytes() > longestLog) await database.checkpointIfAlone()
}

/** While one batch is spooled another is parsed and another stored, of this export and the next. */
const laneCount = 3

/** The lanes that batches take in turn. */
export class Lanes {
  readonly #lanes: readonly Lane[]
  #turn = 0

  private constructor(lanes: readonly Lane[]) {
    this.#lanes = lanes
  }

  /** `spoolFolder`: for batches on their way to DuckDB. */
  static async open(store: Store, spoolFolder: string): Promise<Lanes> {
    const lanes: Lane[] = []
    for (let index = 0; index < laneCount; index++)
      lanes.push(new Lane(store, await store.database.connect(), join(spoolFolder, `${index}.ndjson`)))
    return new Lanes(lanes)
  }

  /** The next lane, once it is free. */
  async take(): Promise<Lane> {
    const lane = this.#lanes[this.#turn++ % laneCount] as Lane
    await lane.free()
    return lane
  }

  /** Waits until no lane has anything to do, whatever became of it. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#lanes.map((lane) => lane.free()))
  }

  async close(): Promise<void> {
    await this.idle()
    for (const { session } of this.#lanes) session.close()
  }
}
