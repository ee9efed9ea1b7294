import { createHash } from 'node:crypto'
import { createReadStream, statSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type BulkServer, CaregapError, type Progress, type Stage } from '../base/index.ts'
import {
  type Pull,
  type PulledFile,
  type PullFile,
  type PullFinding,
  readPullFiles,
  recordFinding,
  recordPullFile,
  type Store,
} from '../store/index.ts'
import type { Connection } from './connection.ts'
import { downloadFile, type RemoteFile } from './download-file.ts'
import type { Manifest, ManifestFile } from './manifest.ts'

export interface FetchTask {
  readonly store: Store
  readonly connection: Connection
  readonly pull: Pull
  readonly progress: Progress
  /** The newest manifest; it is read again where a URL has expired. */
  readonly manifest: Manifest
  refreshManifest(): Promise<Manifest>
}

/** The ledger's entry of a file of the manifest. Its name is ours: a server's names may repeat, or lead elsewhere. */
export function pullFileOf(file: ManifestFile): PullFile {
  const { section, page, place, count } = file
  const type = file.type !== undefined && /^[A-Za-z]{1,60}$/.test(file.type) ? file.type : null
  const head = section === 'output' ? (type ?? 'mixed') : section
  return { section, page, place, type, name: `${head}.${page}.${place}.ndjson`, declaredCount: count ?? null }
}

/**
 * Downloads what is missing of a pull, some files side by side. A file that fails does not stop the others. Faults:
 * all those of files together; at once those that every file would meet (disk, authorization).
 */
export async function fetchFiles(task: FetchTask): Promise<void> {
  const files = await readPullFiles(task.store.session, task.pull.pullId)
  const missing = await findMissing(task.pull, files)
  const counted = files.every(({ declaredCount }) => declaredCount !== null)
  const unit = counted ? 'resources' : 'files'
  const total = counted ? missing.reduce((sum, file) => sum + (file.declaredCount ?? 0), 0) : missing.length
  const run = new FetchRun(task, task.progress.stage(`download ${task.pull.source}`, total, unit), counted)
  await run.all(missing)
}

/** The files of a pull that are not on disk as the ledger says that they were verified. */
export async function findMissing(pull: Pull, files: readonly PulledFile[]): Promise<PulledFile[]> {
  const missing: PulledFile[] = []
  for (const file of files) if (!(await isWhole(pull.folder, file))) missing.push(file)
  return missing
}

/** True where a file lies there as the ledger says that it was verified. */
async function isWhole(folder: string, file: PulledFile): Promise<boolean> {
  const path = join(folder, file.name)
  if (file.state !== 'downloaded' || statSync(path, { throwIfNoEntry: false })?.size !== file.bytes) return false
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex') === file.sha256
}

/** Faults that every other file would meet too. */
const generalFaults = [
  'bulk/disk-full',
  'bulk/write-failed',
  'bulk/unauthorized',
  'bulk/token-refused',
  'bulk/job-gone',
  'bulk/stopped',
]

class FetchRun {
  readonly #task: FetchTask
  readonly #stage: Stage
  readonly #counted: boolean
  readonly #faults: CaregapError[] = []
  readonly #shown = new Map<PullFile, number>()
  #manifest: Manifest
  #refreshing: Promise<Manifest> | undefined
  #lanes: number
  #stopped = false
  #files = 0
  #bytes = 0
  #lines = 0

  constructor(task: FetchTask, stage: Stage, counted: boolean) {
    this.#task = task
    this.#stage = stage
    this.#counted = counted
    this.#manifest = task.manifest
    this.#lanes = task.connection.server.parallel
  }

  async all(missing: readonly PulledFile[]): Promise<void> {
    const queue = [...missing]
    const lane = async (number: number) => {
      // After a first 429 all lanes but one end: the server has said how much it can take.
      while (number < this.#lanes && !this.#stopped) {
        const file = queue.shift()
        if (file === undefined) return
        await this.#one(file)
      }
    }
    await Promise.all(Array.from({ length: Math.min(this.#lanes, missing.length) }, (_, number) => lane(number)))
    const megabytes = (this.#bytes / 1e6).toFixed(1)
    this.#stage.done(`${this.#files} files, ${megabytes} MB, ${this.#lines} resources`)
    if (this.#faults.length > 0) throw joined(this.#faults)
  }

  async #one(file: PulledFile): Promise<void> {
    const { store, connection, pull } = this.#task
    const { session } = store
    try {
      const remote = this.#find(file)
      if (remote === undefined) return
      const done = await downloadFile({
        connection,
        folder: pull.folder,
        file,
        remote,
        refresh: async () => this.#refresh(file),
        onText: (bytes, lines) => {
          this.#bytes += bytes
          if (this.#counted) this.#advanceTo(file, lines)
        },
        onThrottle: () => {
          this.#lanes = 1
        },
      })
      if (done.keptBroken) {
        const message = `The last line of ${file.name} is cut at the server; it goes into quarantine.`
        await recordFinding(session, pull.pullId, { severity: 'error', code: 'bulk/line-cut', message })
      }
      if (done.hasSubset) {
        await recordFinding(session, pull.pullId, reducedFinding(file.name, connection.server))
      }
      await recordPullFile(session, pull.pullId, file, { state: 'downloaded', ...done })
      this.#files++
      this.#lines += done.lines
      if (this.#counted) this.#advanceTo(file, done.lines)
      else this.#stage.advance(1)
    } catch (thrown) {
      await this.#failed(file, thrown)
    }
  }

  /** A file that is fetched again adds nothing until it is further than before. */
  #advanceTo(file: PullFile, lines: number): void {
    const before = this.#shown.get(file) ?? 0
    if (lines <= before) return
    this.#shown.set(file, lines)
    this.#stage.advance(lines - before)
  }

  async #failed(file: PulledFile, thrown: unknown): Promise<void> {
    if (!(thrown instanceof CaregapError)) throw thrown
    const [first] = thrown.diagnostics
    this.#faults.push(thrown)
    this.#stopped ||= generalFaults.includes(first?.code ?? '')
    const end = { state: 'failed', tries: 1, message: first?.message ?? '' } as const
    await recordPullFile(this.#task.store.session, this.#task.pull.pullId, file, end)
  }

  #find(file: PullFile): RemoteFile | undefined {
    return this.#manifest.files.find(
      ({ section, page, place }) => section === file.section && page === file.page && place === file.place,
    )
  }

  /** One reading of the manifest serves all files that wait for one. */
  async #refresh(file: PullFile): Promise<RemoteFile | undefined> {
    const before = this.#find(file)?.url
    this.#refreshing ??= this.#task.refreshManifest().finally(() => {
      this.#refreshing = undefined
    })
    this.#manifest = await this.#refreshing
    const fresh = this.#find(file)
    return fresh?.url === before ? undefined : fresh
  }
}

function joined(faults: readonly CaregapError[]): CaregapError {
  const diagnostics = faults.flatMap((one) => one.diagnostics)
  const distinct = diagnostics.filter(
    (one, index) => diagnostics.findIndex(({ message }) => message === one.message) === index,
  )
  return new CaregapError(faults[0]?.kind ?? 'system', distinct)
}

/** Reduced resources are loaded only where they were asked for: whatever reads another element finds nothing in them. */
function reducedFinding(name: string, { elements }: BulkServer): PullFinding {
  const reduced = `${name} holds resources reduced to some of their elements (SUBSETTED)`
  if (elements === undefined)
    return {
      severity: 'error',
      code: 'bulk/subsetted',
      message: `${reduced}, which were not asked for; nothing of this pull can be loaded.`,
    }
  return {
    severity: 'warning',
    code: 'bulk/subsetted',
    message: `${reduced}, as asked for (${elements.join(', ')}): they never replace whole ones, and have nothing else to read.`,
  }
}
