import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { CaregapError, type Config, type Diagnostic, fault, type Progress } from '../base/index.ts'
import {
  type Connection,
  describeRequest,
  exportParameters,
  findServer,
  type ObtainedExport,
  obtainExport,
  openConnection,
  type Pace,
  releaseExport,
  removeFiles,
  scopeHash,
} from '../bulk/index.ts'
import {
  type AppliedDeletions,
  commitPull,
  findOpenPull,
  openPull,
  type Pull,
  type PullFinding,
  readFindings,
  readPull,
  readWatermark,
  recordFinding,
  recordPull,
  type Store,
} from '../store/index.ts'
import { type DerivedData, deriveData, type LoadedData, loadData } from './load-data.ts'
import { asRunningPull } from './running-pulls.ts'

export interface PullRequest {
  readonly source: string
  readonly config: Config
  readonly progress: Progress
  /** Everything anew, not only what changed. */
  readonly full?: boolean
  readonly pace?: Pace
  /** Something to tell a person who waits. */
  readonly onNote: (text: string) => void
  /** How the load is done where other heavy work may be under way; at once where absent. */
  readonly inTurn?: <T>(work: () => Promise<T>) => Promise<T>
}

/** How a pull ended. */
export interface PullResult {
  readonly pull: Pull
  /** True where an earlier process had begun it. */
  readonly resumed: boolean
  readonly resources: number
  readonly findings: readonly PullFinding[]
  readonly deletions: AppliedDeletions | undefined
  /** The load, where it was done by this call. */
  readonly loaded: LoadedData | undefined
  readonly derived: DerivedData
  readonly watermark: string | undefined
  /** 0 complete; 1 partial, or with lines in quarantine. */
  readonly exitCode: 0 | 1
}

/** Faults after which the same export cannot be gone on with. */
const finalFaults = ['bulk/job-gone', 'bulk/job-failed', 'bulk/kick-off-refused', 'bulk/file-gone', 'jobs/pull-refused']

/**
 * Pulls a source from its server: kick-off, wait, download, load, and the watermark in the transaction of the load.
 * A pull that a process was stopped in is gone on with. An export that the server has forgotten is asked for anew,
 * once. Faults: those of `obtainExport`, `jobs/pull-refused` where nothing of it can be loaded.
 */
export function pullSource(store: Store, request: PullRequest): Promise<PullResult> {
  return asRunningPull(store, request.source, async (signal) => {
    try {
      return await pullOnce(store, request, signal)
    } catch (thrown) {
      if (!(thrown instanceof CaregapError) || codeOf(thrown) !== 'bulk/job-gone') throw thrown
      request.onNote(`${request.source}: the server has forgotten the export; a new one is asked for.`)
      return pullOnce(store, request, signal)
    }
  })
}

const codeOf = (thrown: CaregapError): string => thrown.diagnostics[0]?.code ?? ''

async function pullOnce(store: Store, request: PullRequest, signal: AbortSignal): Promise<PullResult> {
  const server = findServer(request.config, request.source)
  const connection = openConnection(server, request.pace, signal)
  const open = await findUsablePull(store, request, connection)
  const pull = open ?? (await beginPull(store, request, connection))
  try {
    return await goOn(store, request, connection, pull, open !== undefined)
  } catch (thrown) {
    if (thrown instanceof CaregapError) await recordFault(store, connection, pull, thrown)
    throw thrown
  }
}

/** A stopped pull of the same scope; one of another scope is given up, for its answer is to another question. */
async function findUsablePull(store: Store, request: PullRequest, connection: Connection): Promise<Pull | undefined> {
  const open = await findOpenPull(store.session, request.source)
  if (open === undefined) return undefined
  const sameScope = open.scopeHash === scopeHash(connection.server)
  const wanted = request.full !== true || open.since === null
  if ((sameScope && wanted) || open.state === 'committed') return open
  request.onNote(`Pull ${open.pullId} of ${request.source} asked for something else; it is given up.`)
  await cancelPull(store, connection, open)
  return undefined
}

async function beginPull(store: Store, request: PullRequest, { server }: Connection): Promise<Pull> {
  const scope = scopeHash(server)
  const asksChanges = server.incremental && request.full !== true
  const since = asksChanges ? await readWatermark(store.session, request.source, scope) : undefined
  return openPull(store.session, {
    source: request.source,
    scopeHash: scope,
    request: describeRequest(server, exportParameters(server, since)),
    since,
    folderOf: (pullId) => join(folderBeside(store.path), `${request.source}-${pullId}`),
  })
}

/** Downloads lie beside the database: the disk that must have room anyway. */
const folderBeside = (path: string): string =>
  path === ':memory:' ? join(tmpdir(), `caregap-pulls-${process.pid}`) : join(dirname(resolve(path)), 'pulls')

async function goOn(
  store: Store,
  request: PullRequest,
  connection: Connection,
  pull: Pull,
  resumed: boolean,
): Promise<PullResult> {
  const { session } = store
  let load: Loaded | undefined
  if (pull.state !== 'committed') {
    const { progress, onNote } = request
    load = await loadExport(store, request, await obtainExport({ store, connection, pull, progress, onNote }))
  }
  const derived = load?.data ?? (await inTurnOf(request)(() => deriveData(store, request)))
  const failure = await releaseExport(connection, pull.statusUrl === null ? await again(store, pull) : pull)
  if (failure !== undefined) {
    const message = `The export could not be deleted at the server: ${failure}.`
    await recordFinding(session, pull.pullId, { severity: 'warning', code: 'bulk/not-released', message })
  }
  await removeFiles(pull)
  await recordPull(session, pull.pullId, { state: 'done' })
  const ended = await again(store, pull)
  const quarantined = load?.data?.ingest.total.quarantined ?? 0
  return {
    pull: ended,
    resumed,
    resources: load?.resources ?? 0,
    findings: await readFindings(session, pull.pullId),
    deletions: load?.deletions,
    loaded: load?.data,
    derived,
    watermark: await readWatermark(session, pull.source, pull.scopeHash),
    exitCode: ended.partial === true || quarantined > 0 ? 1 : 0,
  }
}

const inTurnOf = ({ inTurn = (work) => work() }: PullRequest) => inTurn

async function again(store: Store, pull: Pull): Promise<Pull> {
  return (await readPull(store.session, pull.pullId)) ?? pull
}

interface Loaded {
  readonly data: LoadedData | undefined
  readonly resources: number
  readonly deletions: AppliedDeletions
}

async function loadExport(store: Store, request: PullRequest, obtained: ObtainedExport): Promise<Loaded> {
  const { pull, partial, deletions, resources, since } = obtained
  const subset = obtained.findings.find(({ code }) => code === 'bulk/subsetted')
  if (subset !== undefined) throw refusal(pull, [{ ...subset, severity: 'error' }])
  const { pullId, source, scopeHash } = pull
  let applied: AppliedDeletions = { deleted: 0, kept: 0, unknown: 0 }
  const commit = async (jobId: number | undefined) => {
    const coverage = coverageOf(request, obtained, jobId)
    applied = await commitPull(store.session, { pullId, source, scopeHash, partial, coverage, jobId, deletions, since })
  }
  if (resources === 0) {
    // Nothing changed, or nothing came: there is nothing to load, and the ledger and the findings say which.
    await commit(undefined)
    return { data: undefined, resources, deletions: applied }
  }
  const { config, progress } = request
  const load = { path: pull.folder, source, config, progress, onPublish: commit }
  const data = await inTurnOf(request)(() => loadData(store, load))
  const refused = data.ingest.exports.filter(({ state }) => state === 'refused')
  if (refused.length > 0)
    throw refusal(
      pull,
      refused.flatMap(({ diagnostics }) => diagnostics),
    )
  return { data, resources, deletions: applied }
}

/** A partial export of which nothing was loaded leaves the data as they were. */
function coverageOf(request: PullRequest, obtained: ObtainedExport, jobId: number | undefined) {
  const { pull, findings, partial, deletions } = obtained
  if (partial && jobId === undefined && deletions.length === 0) return null
  const lacks = findings.filter(({ severity }) => severity === 'error').map(({ code }) => code)
  return {
    types: findServer(request.config, request.source).types ?? ['*'],
    through: pull.transactionTime ?? pull.serverDate ?? undefined,
    reason: partial ? [...new Set(lacks)].join(', ') : undefined,
  }
}

function refusal(pull: Pull, diagnostics: readonly Diagnostic[]): CaregapError {
  const summary = fault('input', 'jobs/pull-refused', `Nothing of pull ${pull.pullId} of ${pull.source} was loaded.`, {
    remedy: 'Its reasons follow; the downloaded files are kept until `caregap cancel`.',
  })
  return new CaregapError('input', [...summary.diagnostics, ...diagnostics])
}

async function recordFault(store: Store, connection: Connection, pull: Pull, thrown: CaregapError): Promise<void> {
  const message = thrown.diagnostics.map((diagnostic) => diagnostic.message).join(' ')
  const final = thrown.diagnostics.find(({ code }) => finalFaults.includes(code))
  const step = { message, ...(final === undefined ? {} : { state: 'failed' as const }) }
  // After a full disk the database itself takes nothing any more; the fault that counts is the first.
  await recordPull(store.session, pull.pullId, step).catch(() => undefined)
  // What could not be loaded is kept to be looked at; of what cannot be completed nothing is of use.
  if (final === undefined || final.code === 'jobs/pull-refused') return
  await removeFiles(pull)
  await releaseExport(connection, await again(store, pull))
}

/** Gives a pull up: at the server, on disk and in the ledger. Returns why the server could not be told, or undefined. */
export async function cancelPull(store: Store, connection: Connection, pull: Pull): Promise<string | undefined> {
  await recordPull(store.session, pull.pullId, { state: 'cancelling' })
  const failure = await releaseExport(connection, pull)
  await removeFiles(pull)
  await recordPull(store.session, pull.pullId, { state: 'cancelled' })
  return failure
}
