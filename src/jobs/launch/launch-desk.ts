import { createHash, randomBytes } from 'node:crypto'
import type { Principal } from '../../access/index.ts'
import { readSources } from '../../store/index.ts'
import type { Application } from '../application.ts'
import {
  discoverEndpoints,
  type Endpoints,
  type LaunchContext,
  type Launched,
  type LaunchServer,
  redeemCode,
} from './authorization-server.ts'
import { createExpiring, hashOf } from './expiring.ts'
import { knownPerson } from './known-person.ts'

/** A launch that waits for its code. */
interface Pending {
  readonly server: LaunchServer
  readonly endpoints: Endpoints
  readonly verifier: string
  readonly redirectUri: string
  /** Hash of the secret in the browser that began it. */
  readonly browser: string
}

/** What a browser may see after a launch: the page of one patient. */
export interface LaunchSession {
  readonly server: LaunchServer
  readonly context: LaunchContext
  readonly principal: Principal
  /** The person here, once found. */
  pid: number | undefined
}

/** SMART App Launch from EHRs (https://hl7.org/fhir/smart-app-launch): what is under way, and which sessions are open. */
export interface LaunchDesk {
  /** True where any EHR is configured. */
  readonly isOpen: boolean
  serverOf(issuer: string): LaunchServer | undefined
  /**
   * Begins a launch: where the browser is sent, and the secret that it must bring back; the one that it has already
   * stays, so that two launches side by side do not end each other.
   */
  begin(
    server: LaunchServer,
    launch: string,
    redirectUri: string,
    browser: string | undefined,
  ): Promise<Launched<{ readonly location: string; readonly browser: string }>>
  /** The server of a launch that waits under this state, and nothing else of it. */
  pendingServer(state: string): LaunchServer | undefined
  /** Ends a launch with its code; once per state, and only for the browser that began it. */
  finish(
    state: string,
    code: string,
    browser: string,
  ): Promise<Launched<{ readonly secret: string; readonly server: LaunchServer }>>
  session(secret: string): LaunchSession | undefined
  /** The person of a session, where we hold them and birth date and sex agree. */
  findPerson(session: LaunchSession): Promise<number | undefined>
}

/** The cookie that holds the secret of a session. */
export const launchCookie = 'caregap_launch'

const pendingMs = 10 * 60_000
const mostPending = 1000
const mostSessions = 5000
const discoveryMs = 10 * 60_000

const desks = new WeakMap<Application, LaunchDesk>()

/** The desk of an application: made once, whoever asks. */
export function launchDeskOf(application: Application): LaunchDesk {
  const known = desks.get(application)
  if (known !== undefined) return known
  const desk = createDesk(application)
  desks.set(application, desk)
  return desk
}

const addressOf = (text: string): string => (URL.canParse(text) ? new URL(text).href.replace(/\/+$/, '') : '')

function createDesk(application: Application): LaunchDesk {
  const { clock, config } = application
  const now = () => clock.now().getTime()
  const servers = config.cds.fhirServers.filter((one): one is LaunchServer => one.launch !== undefined)
  const pending = createExpiring<Pending>(now, mostPending)
  const sessions = createExpiring<LaunchSession>(now, mostSessions)
  const discovered = new Map<string, { readonly endpoints: Endpoints; readonly at: number }>()
  const soon = () => AbortSignal.timeout(config.cds.fetchSeconds * 1000)

  async function endpointsOf(server: LaunchServer): Promise<Launched<Endpoints>> {
    const kept = discovered.get(server.baseUrl)
    if (kept !== undefined && now() - kept.at < discoveryMs) return { ok: true, value: kept.endpoints }
    const found = await discoverEndpoints(server, soon())
    if (found.ok) discovered.set(server.baseUrl, { endpoints: found.value, at: now() })
    return found
  }

  return {
    isOpen: servers.length > 0,
    serverOf: (issuer) => servers.find(({ baseUrl }) => addressOf(baseUrl) === addressOf(issuer)),
    async begin(server, launch, redirectUri, known) {
      const found = await endpointsOf(server)
      if (!found.ok) return found
      const verifier = randomBytes(48).toString('base64url')
      const browser = known !== undefined && /^[\w-]{43}$/.test(known) ? known : randomBytes(32).toString('base64url')
      const endpoints = found.value
      const state = pending.keep({ server, endpoints, verifier, redirectUri, browser: hashOf(browser) }, pendingMs)
      const location = new URL(endpoints.authorize)
      const asked = {
        response_type: 'code',
        client_id: server.launch.clientId,
        redirect_uri: redirectUri,
        launch,
        scope: server.launch.scopes.join(' '),
        state,
        aud: server.baseUrl,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      }
      for (const [name, value] of Object.entries(asked)) location.searchParams.set(name, value)
      return { ok: true, value: { location: location.href, browser } }
    },
    pendingServer: (state) => pending.find(state)?.server,
    async finish(state, code, browser) {
      const begun = pending.take(state)
      if (begun === undefined || begun.browser !== hashOf(browser)) return { ok: false, fault: 'expired' }
      const { server, endpoints, verifier, redirectUri } = begun
      const redeemed = await redeemCode(server, endpoints, { code, verifier, redirectUri }, soon())
      if (!redeemed.ok) return redeemed
      const session = {
        server,
        context: redeemed.value,
        principal: principalOf(server, redeemed.value),
        pid: undefined,
      }
      return { ok: true, value: { secret: sessions.keep(session, server.launch.sessionMinutes * 60_000), server } }
    },
    session: (secret) => sessions.find(secret),
    async findPerson(session) {
      const { context, server, principal } = session
      const { patientId, birthDate, gender } = context
      const source = server.source === undefined ? {} : { source: server.source }
      const person = await knownPerson(
        application.store.session,
        await readSources(application.store.session),
        { fhirServer: server.baseUrl, patientId, birthDate, gender, ...source },
        principal,
      )
      if (person?.agrees === true) session.pid = person.held.pid
      return session.pid
    },
  }
}

/** Who looks, for the audit: the EHR's name of them behind the EHR's own. */
function principalOf({ baseUrl, launch }: LaunchServer, { user }: LaunchContext): Principal {
  const limits = launch.practices === undefined ? {} : { practices: launch.practices }
  const site = launch.site ?? new URL(baseUrl).hostname
  return { userId: `${site} ${user ?? 'unnamed user'}`, role: launch.role, framedBy: launch.frameAncestors, ...limits }
}
