import { type Config, fault, type JsonValue } from '../base/index.ts'
import {
  describeRequest,
  exportParameters,
  findServer,
  openConnection,
  type Pace,
  reviewGrant,
  scopeHash,
} from '../bulk/index.ts'
import {
  type Load,
  type Pull,
  type PulledFile,
  type PullFinding,
  readFindings,
  readLoads,
  readPullFiles,
  readPulls,
  readWatermark,
  reopenPull,
  type Store,
} from '../store/index.ts'
import { cancelPull } from './pull-once.ts'
import { stopPulls } from './running-pulls.ts'

/** A pull with all that the ledger has of it. */
export interface PullRecord extends Pull {
  readonly files: readonly PulledFile[]
  readonly findings: readonly PullFinding[]
}

/** All pulls and all loads, newest first. */
export async function listJobs(
  store: Store,
): Promise<{ readonly pulls: readonly PullRecord[]; readonly loads: readonly Load[] }> {
  const { session } = store
  const pulls: PullRecord[] = []
  for (const pull of await readPulls(session)) {
    const files = await readPullFiles(session, pull.pullId)
    pulls.push({ ...pull, files, findings: await readFindings(session, pull.pullId) })
  }
  return { pulls, loads: await readLoads(session) }
}

/** What a pull would ask, and what the server grants: discovery and a token, no export. */
export interface PullPreview {
  readonly request: JsonValue
  readonly since: string | undefined
  readonly asked: readonly string[]
  readonly granted: string | undefined
  readonly findings: readonly PullFinding[]
}

/** Goes as far as a token and asks for no export. Faults: those of discovery and of the token. */
export async function previewPull(
  store: Store,
  request: { readonly source: string; readonly config: Config; readonly full: boolean; readonly pace?: Pace },
): Promise<PullPreview> {
  const server = findServer(request.config, request.source)
  const { tokens } = openConnection(server, request.pace)
  const asksChanges = server.incremental && !request.full
  const since = asksChanges ? await readWatermark(store.session, request.source, scopeHash(server)) : undefined
  await tokens.bearer()
  const grant = tokens.grant()
  return {
    request: describeRequest(server, exportParameters(server, since)),
    since,
    asked: grant?.asked ?? [],
    granted: grant?.granted,
    findings: reviewGrant(server, tokens),
  }
}

/** A pull by its number, or the newest of a source. Fault: `jobs/unknown-pull`. */
async function findPull(store: Store, name: string): Promise<Pull> {
  const pulls = await readPulls(store.session)
  const found = pulls.find(({ pullId, source }) => String(pullId) === name || source === name)
  if (found !== undefined) return found
  throw fault('usage', 'jobs/unknown-pull', `There is no pull '${name}'.`, { remedy: 'See `caregap jobs`.' })
}

/**
 * Gives a pull up that is neither loaded nor cancelled. Returns why the server could not be told, or undefined.
 * Faults: `jobs/unknown-pull`, `jobs/pull-loaded`.
 */
export async function cancelNamedPull(
  store: Store,
  name: string,
  config: Config,
): Promise<{ readonly pull: Pull; readonly failure: string | undefined }> {
  const { source, pullId } = await findPull(store, name)
  await stopPulls(store, source)
  const pull = await findPull(store, String(pullId))
  if (['committed', 'done', 'cancelled'].includes(pull.state)) {
    throw fault('usage', 'jobs/pull-loaded', `Pull ${pull.pullId} is ${pull.state}: there is nothing to cancel.`, {
      remedy: 'See `caregap jobs`.',
    })
  }
  const failure = await cancelPull(store, openConnection(findServer(config, pull.source)), pull)
  return { pull, failure }
}

/** Opens a failed pull again; where the server has forgotten it, going on asks for a new export. Gives its source. */
export async function reopenNamedPull(store: Store, name: string): Promise<string> {
  const pull = await findPull(store, name)
  if (pull.state === 'failed') {
    await reopenPull(store.session, pull.pullId, pull.statusUrl === null ? 'starting' : 'polling')
  }
  return pull.source
}
