import type { RequestScope } from '../access/index.ts'
import { CaregapError } from '../base/index.ts'
import { type CdsService, type HookRequest, type Link, type StoredFacts, storedNeeds } from '../cards/index.ts'
import { isObject, type Resource } from '../fhir/index.ts'
import { readPersonParts } from '../identity/index.ts'
import { type Application, type CdsDesk, type KnownPerson, knownPerson, launchDeskOf } from '../jobs/index.ts'
import { baseAddress } from './web-address.ts'

/** What this server holds of the patient of a call. */
export interface HeldPatient {
  readonly stored?: StoredFacts
  /** What approved maps say of what the caller sends. */
  readonly translate?: (resource: Resource) => Resource
  readonly links: () => Promise<readonly Link[]>
}

/**
 * The patient of a call among those whom we hold: by the source that the client, or its server, is mapped to, and only
 * where birth date and sex agree. A person for whom they do not is logged and left alone; so are faults: live facts suffice.
 */
export async function heldPatient(
  desk: Pick<CdsDesk, 'application' | 'reading' | 'sources' | 'translation'>,
  { plan }: Pick<CdsService, 'plan'>,
  scope: RequestScope,
  request: HookRequest,
  origin: string,
): Promise<HeldPatient> {
  const { application, reading } = desk
  const mapped = sourceOf(application, scope, request)
  const translate = await desk.translation(mapped ?? undefined)
  const nobody = { translate, links: () => Promise.resolve([]) }
  if (mapped === null) {
    application.logger.log('warn', 'stored-facts-of-another-source', { requestId: scope.requestId })
    return nobody
  }
  const known = await find(desk, scope, request, mapped)
  if (known === undefined) return nobody
  const { held: person, loadedAt } = known
  scope.read({ pids: [person.pid] })
  const links = () => Promise.resolve(linksTo(person.pid, request, application, origin))
  if (mapped === undefined) return { translate, links }
  try {
    const parts = await readPersonParts(await reading(), person.members, storedNeeds(plan))
    if (parts === undefined) return { translate, links }
    return {
      translate,
      links,
      stored: { source: mapped, parts, asOf: loadedAt ?? application.clock.now().toISOString() },
    }
  } catch (thrown) {
    logFault(application, scope, 'stored-facts-failed', thrown)
    return { translate, links }
  }
}

/** The page of the person; where the EHR can launch it, also as a SMART app, which needs no login of its own. */
function linksTo(pid: number, { fhirServer }: HookRequest, application: Application, origin: string): readonly Link[] {
  const page: Link = { label: 'Open in caregap', url: `${origin}/people/${pid}`, type: 'absolute' }
  if (fhirServer === undefined || launchDeskOf(application).serverOf(fhirServer) === undefined) return [page]
  return [{ label: 'Open in this chart', url: `${origin}/launch`, type: 'smart' }, page]
}

/** The source by configuration: of the server that is named, and of who calls. Null where they say different things. */
function sourceOf(
  application: Application,
  { principal }: RequestScope,
  request: HookRequest,
): string | undefined | null {
  const ofServer = configuredServer(application, request)?.source
  if (principal.source === undefined || ofServer === undefined) return principal.source ?? ofServer
  return principal.source === ofServer ? ofServer : null
}

function configuredServer(application: Application, { fhirServer }: HookRequest) {
  const base = baseAddress(fhirServer ?? '')
  return application.config.cds.fhirServers.find(({ baseUrl }) => baseAddress(baseUrl) === base)
}

async function find(
  { application, reading, sources }: Pick<CdsDesk, 'application' | 'reading' | 'sources'>,
  scope: RequestScope,
  request: HookRequest,
  source: string | undefined,
): Promise<KnownPerson | undefined> {
  const patient = request.prefetch.get('patient')
  if (!isObject(patient) || (source === undefined && request.fhirServer === undefined)) return undefined
  try {
    const found = await knownPerson(
      await reading(),
      await sources(),
      {
        fhirServer: request.fhirServer ?? '',
        patientId: request.patientId,
        birthDate: patient['birthDate'],
        gender: patient['gender'],
        ...(source === undefined ? {} : { source }),
      },
      scope.principal,
    )
    if (found?.agrees !== false) return found
    application.logger.log('warn', 'stored-facts-not-used', { requestId: scope.requestId, pid: found.held.pid })
    return undefined
  } catch (thrown) {
    logFault(application, scope, 'person-link-failed', thrown)
    return undefined
  }
}

function logFault({ logger }: Application, { requestId }: RequestScope, event: string, thrown: unknown): void {
  const code = thrown instanceof CaregapError ? (thrown.diagnostics[0]?.code ?? '') : 'unexpected'
  logger.log('error', event, { requestId, code })
}
