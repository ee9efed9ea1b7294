import { type BulkServer, fault } from '../base/index.ts'
import { obtainExport, readPatientIds, scopeHash } from '../bulk/index.ts'
import {
  findOpenPull,
  type Pull,
  readMembers,
  readPullParameters,
  readWatermark,
  recordListedMembers,
  recordPull,
  type Store,
  tellLeft,
} from '../store/index.ts'
import { endStep, inStep, type OpenStep, type PullRequest, type PullResult, pullOnce } from './pull-once.ts'

/** More new patients than this are not named one by one: everything is asked for. */
const mostNamed = 500

/**
 * Pulls a group whose members may change (the guide's pattern): the group's patients are listed, everything of new ones
 * is asked for first, then what changed. A request for changes alone need not bring what a new member had before. Who
 * left is marked. A process that was stopped in any of the exports goes on with it. Faults: those of a pull;
 * `jobs/members-unknown` where the list is not whole.
 */
export async function pullGroup(
  store: Store,
  request: PullRequest,
  server: BulkServer,
  signal: AbortSignal,
): Promise<PullResult> {
  const refresh = { purpose: 'refresh', server } as const
  const open = await findOpenPull(store.session, request.source)
  const asksAll = request.full === true || !server.incremental
  const since = await readWatermark(store.session, request.source, scopeHash(server))
  if (asksAll || since === undefined || open?.scopeHash === scopeHash(server))
    return pullOnce(store, request, refresh, signal)
  const named = open === undefined ? undefined : await namedIn(store, server, open)
  const fresh = named ?? (await listNewMembers(store, request, server, signal))
  if (fresh.length === 0) return pullOnce(store, request, refresh, signal)
  const group = `group ${server.group ?? ''}`
  request.onNote(`${request.source}: ${fresh.length} patients are new in ${group}; everything of theirs is asked for.`)
  if (server.method === 'GET' || fresh.length > mostNamed)
    return pullOnce(store, { ...request, full: true }, refresh, signal)
  const joined = await pullOnce(store, request, { purpose: 'joined', server: ofPatients(server, fresh) }, signal)
  // With the changes the watermark moves: what lacks of the new members would never be asked for again.
  if (joined.pull.partial === true) return joined
  const changes = await pullOnce(store, request, refresh, signal)
  return { ...changes, exitCode: joined.exitCode === 1 ? 1 : changes.exitCode }
}

const ofPatients = (server: BulkServer, patients: readonly string[]): BulkServer => ({
  ...server,
  patients: patients.toSorted(),
})

/** The patients whom an open pull asks for; undefined where it is another one. */
async function namedIn(store: Store, server: BulkServer, open: Pull): Promise<readonly string[] | undefined> {
  if (open.purpose !== 'joined') return undefined
  const parameters = await readPullParameters(store.session, open.pullId)
  const patients = parameters.flatMap((text) => /^patient=Patient\/(.+)$/.exec(text)?.[1] ?? [])
  return scopeHash(ofPatients(server, patients)) === open.scopeHash ? patients : undefined
}

/** Patients of the group whose data were never asked for as a whole. */
function listNewMembers(
  store: Store,
  request: PullRequest,
  server: BulkServer,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const asked: BulkServer = { ...server, types: ['Patient'], typeFilters: [], includeAssociatedData: [] }
  const step = { purpose: 'members', server: asked } as const
  return inStep(store, { ...request, full: true }, step, signal, (open) => compareMembers(store, request, open))
}

async function compareMembers(store: Store, request: PullRequest, step: OpenStep): Promise<readonly string[]> {
  const { session } = store
  const { connection, pull } = step
  const { progress, onNote } = request
  const obtained = await obtainExport({ store, connection, pull, progress, onNote })
  if (obtained.partial) throw membersUnknown(obtained.findings.map(({ message }) => message))
  const of = { source: pull.source, group: step.server.group ?? '', pullId: pull.pullId }
  const listed = await readPatientIds(pull, obtained.files)
  await tellLeft(session, pull.pullId, await recordListedMembers(session, of, listed))
  const known = new Set(await readMembers(session, of))
  await recordPull(session, pull.pullId, { partial: false })
  await endStep(store, step)
  return listed.filter((id) => !known.has(id))
}

function membersUnknown(reasons: readonly string[]) {
  return fault('system', 'jobs/members-unknown', `Who is in the group is not known: ${reasons.join(' ')}`, {
    remedy: 'Run `caregap cancel` for this pull and pull anew, or set members to trust.',
  })
}
