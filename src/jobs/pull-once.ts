import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { type BulkServer, CaregapError, type Config, type Diagnostic, fault, type Progress } from '../base/index.ts'
import {
  type Connection,
  describeRequest,
  exportParameters,
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
  type PullCommit,
  type PullFinding,
  type PullPurpose,
  readFindings,
  readLastFull,
  readPull,
  readWatermark,
  recordFinding,
  recordPull,
  type Store,
} from '../store/index.ts'
import { type DerivedData, deriveData, type LoadedData, loadData } from './load-data.ts'

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

const codeOf = (thrown: CaregapError): string => thrown.diagnostics[0]?.code ?? ''

/** Whether the server has forgotten an export that was begun: a new one is to be asked for. */
export const isForgotten = (thrown: unknown): boolean =>
  thrown instanceof CaregapError && codeOf(thrown) === 'bulk/job-gone'

/** What one export is for, and what it asks of the server. */
export interface PullStep {
  readonly purpose: PullPurpose
  readonly server: BulkServer
}

/** An export under way, begun now or by an earlier process. */
export interface OpenStep extends PullStep {
  readonly connection: Connection
  readonly pull: Pull
  readonly resumed: boolean
}

/** One export of a source, from wherever it was stopped to the load and its end. */
export function pullOnce(store: Store, request: PullRequest, step: PullStep, signal: AbortSignal): Promise<PullResult> {
  return inStep(store, request, step, signal, (open) => goOn(store, request, open))
}

/** Does the work of an export, with its faults in the ledger. */
export async function inStep<T>(
  store: Store,
  request: PullRequest,
  step: PullStep,
  signal: AbortSignal,
  work: (open: OpenStep) => Promise<T>,
): Promise<T> {
  const connection = openConnection(step.server, request.pace, signal)
  const open = await findUsablePull(store, request, connection)
  const pull = open ?? (await beginPull(store, request, step, connection))
  try {
    return await work({ ...step, connection, pull, resumed: open !== undefined })
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

async function beginPull(
  store: Store,
  request: PullRequest,
  { purpose, server }: PullStep,
  { pace }: Connection,
): Promise<Pull> {
  const scope = scopeHash(server)
  const asksChanges = server.incremental && request.full !== true && !(await isFullDue(store, request, server, pace))
  const since = asksChanges ? await readWatermark(store.session, request.source, scope) : undefined
  return openPull(store.session, {
    source: request.source,
    purpose,
    scopeHash: scope,
    request: describeRequest(server, exportParameters(server, since)),
    since,
    folderOf: (pullId) => join(folderBeside(store.path), `${request.source}-${pullId}`),
  })
}

const dayMs = 86_400_000

/** Whether the last whole export of what is asked for is longer ago than the source is to be without one. */
async function isFullDue(store: Store, { source }: PullRequest, server: BulkServer, pace: Pace): Promise<boolean> {
  const { fullEveryDays } = server
  if (fullEveryDays === undefined) return false
  const last = await readLastFull(store.session, source, scopeHash(server))
  return last === undefined || pace.now() - Date.parse(last) >= fullEveryDays * dayMs
}

/** Downloads lie beside the database: the disk that must have room anyway. */
const folderBeside = (path: string): string =>
  path === ':memory:' ? join(tmpdir(), `caregap-pulls-${process.pid}`) : join(dirname(resolve(path)), 'pulls')

async function goOn(store: Store, request: PullRequest, step: OpenStep): Promise<PullResult> {
  const { session } = store
  const { connection, pull, resumed } = step
  let load: Loaded | undefined
  if (pull.state !== 'committed') {
    const { progress, onNote } = request
    load = await loadExport(store, request, step, await obtainExport({ store, connection, pull, progress, onNote }))
  }
  const derived = load?.data ?? (await inTurnOf(request)(() => deriveData(store, request)))
  const ended = await endStep(store, step)
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

/** Tells the server that nothing more is wanted of an export, and removes its files. */
export async function endStep(store: Store, { connection, pull }: OpenStep): Promise<Pull> {
  const { session } = store
  const failure = await releaseExport(connection, pull.statusUrl === null ? await again(store, pull) : pull)
  if (failure !== undefined) {
    const message = `The export could not be deleted at the server: ${failure}.`
    await recordFinding(session, pull.pullId, { severity: 'warning', code: 'bulk/not-released', message })
  }
  await removeFiles(pull)
  await recordPull(session, pull.pullId, { state: 'done' })
  return again(store, pull)
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

async function loadExport(
  store: Store,
  request: PullRequest,
  step: PullStep,
  obtained: ObtainedExport,
): Promise<Loaded> {
  const { pull, partial, deletions, resources } = obtained
  const subset = obtained.findings.find(({ code, severity }) => code === 'bulk/subsetted' && severity === 'error')
  if (subset !== undefined) throw refusal(pull, [{ ...subset, severity: 'error' }])
  const { pullId, source, scopeHash } = pull
  let applied: AppliedDeletions = { deleted: 0, kept: 0, unknown: 0 }
  // Who is new in a group is not the whole of it: neither the data's date nor the next pull's changes.
  const since = step.purpose === 'refresh' ? obtained.since : undefined
  const commit = async (jobId: number | undefined, staged: boolean) => {
    const coverage = step.purpose === 'refresh' ? coverageOf(step, obtained, jobId) : null
    const told = staged && jobId !== undefined ? toldByLoad(step, obtained, jobId) : {}
    const base = { pullId, source, scopeHash, partial, coverage, jobId, deletions, since }
    applied = await commitPull(store.session, { ...base, ...told })
  }
  if (resources === 0) {
    // Nothing changed, or nothing came: there is nothing to load, and the ledger and the findings say which.
    await commit(undefined, false)
    return { data: undefined, resources, deletions: applied }
  }
  const { config, progress } = request
  // What is to be deleted, or may be, is looked for among the lines of the load.
  const always = deletions.length > 0 || (isWholeExport(step, obtained) && step.server.unseen === 'remove')
  const load = { path: pull.folder, source, config, progress, onPublish: commit, always }
  const data = await inTurnOf(request)(() => loadData(store, load))
  const refused = data.ingest.exports.filter(({ state }) => state === 'refused')
  if (refused.length > 0)
    throw refusal(
      pull,
      refused.flatMap(({ diagnostics }) => diagnostics),
    )
  return { data, resources, deletions: applied }
}

/** Everything of a scope, with nothing lacking. */
const isWholeExport = ({ purpose, server }: PullStep, { pull, partial }: ObtainedExport): boolean =>
  purpose === 'refresh' &&
  pull.since === null &&
  !partial &&
  server.patients === undefined &&
  server.until === undefined

/** What a load says beside its resources: by what is not in it, and of who is a member of the group. */
function toldByLoad(step: PullStep, obtained: ObtainedExport, jobId: number): Pick<PullCommit, 'whole' | 'members'> {
  const { level, group, types, typeFilters, unseen, members } = step.server
  const isWhole = isWholeExport(step, obtained)
  const filteredTypes = typeFilters.map((filter) => filter.split('?', 1)[0] ?? '')
  const { source, scopeHash: scope } = obtained.pull
  const knowsPatients = types === undefined || types.includes('Patient')
  // Of who came with the changes alone, the older data were never asked for: such a one is no member that is known.
  const adds = isWhole || step.purpose === 'joined' || members === 'trust'
  return {
    ...(isWhole
      ? { whole: { source, jobId, scopeHash: scope, level, types, filteredTypes, remove: unseen === 'remove' } }
      : {}),
    ...(group !== undefined && knowsPatients && adds && !obtained.partial
      ? { members: { group, whole: isWhole && !filteredTypes.includes('Patient') } }
      : {}),
  }
}

/** A partial export of which nothing was loaded leaves the data as they were. */
function coverageOf({ server }: PullStep, obtained: ObtainedExport, jobId: number | undefined) {
  const { pull, findings, partial, deletions } = obtained
  if (partial && jobId === undefined && deletions.length === 0) return null
  const lacks = findings.filter(({ severity }) => severity === 'error').map(({ code }) => code)
  return {
    types: server.types ?? ['*'],
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
