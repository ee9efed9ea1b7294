import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hono } from 'hono'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createApp } from '../../src/api/index.ts'
import type { CdsFhirServer, Logger } from '../../src/base/index.ts'
import type { Application } from '../../src/jobs/index.ts'
import { pageRoutes } from '../../src/pages/index.ts'
import { findPid, readAuditRows } from '../../src/store/index.ts'
import { caseApplication, casePatients } from './case-application.ts'
import { type SmartServer, startSmartServer } from './smart-server.ts'

// SMART App Launch: from the link of a card to the page of the patient inside the EHR.

const own = casePatients()
  .filter(({ name }) => name.startsWith('glycemic-status/'))
  .slice(0, 2)
const [patient, other] = own
if (patient === undefined || other === undefined) throw new RangeError('no cases')
const resource = patient.resources.find(({ resourceType }) => resourceType === 'Patient') ?? {}

let application: Application
let app: Hono
let ehr: SmartServer
let now = Date.parse('2026-12-31T12:00:00Z')
const logged: string[] = []
const logger: Logger = { log: (level, event, fields) => logged.push(JSON.stringify({ level, event, ...fields })) }

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'caregap-launch-'))
  writeFileSync(join(folder, 'secret'), 'client-secret\n')
  const user = { id: 'a', name: 'A', role: 'admin', tokenSha256: 'a'.repeat(64) }
  writeFileSync(join(folder, 'users.json'), JSON.stringify({ users: [user] }))
  const made = await caseApplication(own)
  ehr = await startSmartServer({
    clientId: 'caregap',
    clientSecret: 'client-secret',
    patient: resource,
    user: 'Practitioner/7',
  })
  const launch: NonNullable<CdsFhirServer['launch']> = {
    clientId: 'caregap',
    clientSecret: { file: join(folder, 'secret') },
    scopes: ['launch', 'patient/Patient.r'],
    frameAncestors: ['https://ehr.example'],
    role: 'clinician',
    sessionMinutes: 30,
  }
  const fhirServers = [{ baseUrl: ehr.base, source: 'cases', plainLoopback: true, launch }]
  // With a users file nothing opens without a login: what opens here does so by the launch alone.
  application = {
    ...made,
    logger,
    clock: { now: () => new Date(now) },
    config: { ...made.config, users: join(folder, 'users.json'), cds: { ...made.config.cds, fhirServers } },
  }
  app = await createApp({ application, pageRoutes: pageRoutes(application), host: '127.0.0.1' })
}, 120_000)
afterAll(async () => {
  ehr.close()
  await application.close()
})
beforeEach(() => {
  ehr.faults = {}
  ehr.asked.length = 0
  logged.length = 0
})

/** A browser: keeps cookies, follows nothing by itself. */
class Browser {
  readonly #cookies = new Map<string, string>()

  async get(path: string): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await app.request(`http://127.0.0.1${path}`, { headers: { cookie } })
    for (const set of response.headers.getSetCookie()) {
      const [pair = ''] = set.split(';')
      expect(set).toMatch(/HttpOnly/)
      expect(set).toMatch(/Secure/)
      expect(set).toMatch(/SameSite=None/)
      expect(set).toMatch(/Partitioned/)
      this.#cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    return response
  }
}

const launchPath = () => `/launch?iss=${encodeURIComponent(ehr.base)}&launch=launch-1`
const locationOf = (response: Response): string => response.headers.get('location') ?? ''
const pathOf = (location: string): string => `${new URL(location).pathname}${new URL(location).search}`

/** From the launch to where the EHR sends the browser back. */
async function authorized(browser: Browser): Promise<string> {
  const begun = await browser.get(launchPath())
  expect(begun.status).toBe(303)
  const answer = await fetch(locationOf(begun), { redirect: 'manual' })
  return pathOf(locationOf(answer))
}

async function launched(browser: Browser): Promise<Response> {
  const back = await browser.get(await authorized(browser))
  expect(back.status).toBe(303)
  return browser.get(locationOf(back))
}

const pidOf = async (patientId: string) => findPid(application.store.session, 'cases', patientId)

test('an EHR launch opens the page of its patient, in a frame of that EHR alone, and is audited by who looked', async () => {
  const browser = new Browser()
  const found = await launched(browser)
  const pid = await pidOf(patient.patientId)
  expect(locationOf(found)).toBe(`/people/${pid}`)
  const page = await browser.get(locationOf(found))
  expect(page.status).toBe(200)
  expect(page.headers.get('content-security-policy')).toContain('frame-ancestors https://ehr.example')
  expect(page.headers.get('x-frame-options')).toBeNull()
  const html = await page.text()
  expect(html).toContain('Glycemic')
  expect(html).not.toMatch(/aria-label="Main"|href="\/"/)
  const rows = await readAuditRows(application.store.session, 2)
  expect(
    rows
      .map(({ action, userId, role, pids }) => ({ action, userId, role, pids }))
      .sort((a, b) => a.action.localeCompare(b.action)),
  ).toEqual([
    { action: 'smart-launch', userId: '127.0.0.1 Practitioner/7', role: 'clinician', pids: [pid] },
    { action: 'view-person', userId: '127.0.0.1 Practitioner/7', role: 'clinician', pids: [pid] },
  ])
})

test('the authorization is asked with PKCE, state, audience and the launch; the code is redeemed by its verifier', async () => {
  const begun = await new Browser().get(launchPath())
  const asked = new URL(locationOf(begun)).searchParams
  expect(Object.fromEntries(asked)).toMatchObject({
    response_type: 'code',
    client_id: 'caregap',
    redirect_uri: 'http://127.0.0.1/launch/callback',
    launch: 'launch-1',
    scope: 'launch patient/Patient.r',
    aud: ehr.base,
    code_challenge_method: 'S256',
  })
  expect(asked.get('code_challenge')).toMatch(/^[\w-]{43}$/)
  expect(asked.get('state')).toMatch(/^[\w-]{43}$/)
  expect(begun.headers.get('cache-control')).toBe('no-store')
  await launched(new Browser())
  const token = ehr.asked.find(({ path }) => path === '/token')
  expect(token?.body).toMatch(/code_verifier=[\w-]{43,128}/)
  expect(token?.body).not.toContain('client-secret')
})

test('a session opens the page of its patient and of nobody else, and ends', async () => {
  const browser = new Browser()
  const mine = locationOf(await launched(browser))
  expect((await browser.get(mine)).status).toBe(200)
  expect((await browser.get(`/people/${await pidOf(other.patientId)}`)).status).toBe(401)
  for (const path of ['/', '/worklist', '/api/gaps', '/demo/ehr', '/cds'])
    expect((await browser.get(path)).status).toBe(401)
  expect((await new Browser().get(mine)).status).toBe(401)
  now += 31 * 60_000
  expect((await browser.get(mine)).status).toBe(401)
})

test('what the card was about is where the page opens', async () => {
  ehr.faults = { token: { appContext: '{"measure":"glycemic-status"}' } }
  expect(locationOf(await launched(new Browser()))).toMatch(/#verdict-glycemic-status$/)
  ehr.faults = { token: { appContext: '"><script>' } }
  expect(locationOf(await launched(new Browser()))).toMatch(/^\/people\/\d+$/)
})

test.each([
  ['another birth date', { birthDate: '1931-01-01' }],
  ['another sex', { gender: 'other' }],
])('a Patient with %s than the stored one opens nothing', async (_, changed) => {
  ehr.faults = { patient: changed }
  const answer = await launched(new Browser())
  expect(answer.status).toBe(404)
  expect(await answer.text()).toContain('not loaded here')
})

describe('is refused in words, in a frame of the EHR where it is known, and logs no secret:', () => {
  const faults: readonly (readonly [string, () => Promise<Response>])[] = [
    [
      'an issuer that is not configured',
      () => new Browser().get('/launch?iss=https://evil.example/fhir&launch=launch-1'),
    ],
    ['no launch', () => new Browser().get(`/launch?iss=${encodeURIComponent(ehr.base)}`)],
    [
      'a server without S256',
      async () => {
        ehr.faults = { configuration: { code_challenge_methods_supported: ['plain'] } }
        now += 11 * 60_000
        return new Browser().get(launchPath())
      },
    ],
    [
      'endpoints that are not encrypted',
      async () => {
        ehr.faults = { configuration: { token_endpoint: 'http://elsewhere.example/token' } }
        now += 11 * 60_000
        return new Browser().get(launchPath())
      },
    ],
    ['a code that comes back in another browser', async () => new Browser().get(await authorized(new Browser()))],
    [
      'a code that comes back twice',
      async () => {
        const browser = new Browser()
        const back = await authorized(browser)
        await browser.get(back)
        return browser.get(back)
      },
    ],
    [
      'a code that comes back late',
      async () => {
        const browser = new Browser()
        const back = await authorized(browser)
        now += 11 * 60_000
        return browser.get(back)
      },
    ],
    [
      'a code of somebody else',
      async () => {
        const browser = new Browser()
        const back = await authorized(browser)
        return browser.get(back.replace(/code=[^&]+/, 'code=guessed'))
      },
    ],
    [
      'a refusal of the EHR',
      async () => {
        const browser = new Browser()
        const back = await authorized(browser)
        return browser.get(back.replace(/code=[^&]+/, 'error=access_denied&error_description=<script>'))
      },
    ],
    [
      'a token without a patient',
      async () => {
        ehr.faults = { token: { patient: undefined } }
        const browser = new Browser()
        return browser.get(await authorized(browser))
      },
    ],
    [
      'a token for a patient that cannot be read',
      async () => {
        ehr.faults = { token: { patient: 'p999' } }
        const browser = new Browser()
        return browser.get(await authorized(browser))
      },
    ],
  ]
  test.each(faults)('%s', async (_, make) => {
    const answer = await make()
    expect([400, 503]).toContain(answer.status)
    const html = await answer.text()
    expect(html).toContain('could not be opened')
    expect(html).not.toMatch(/<script|client-secret|patient-token|access_denied/)
    expect(logged.join()).toContain('launch-ended')
    expect(logged.join()).not.toMatch(/client-secret|patient-token|launch-1/)
  })
})

test('K25 K26 K27 K28: the card links to the launch as a SMART app with its measure, and to the page as such', async () => {
  const { services } = (await (await app.request('http://127.0.0.1/cds-services')).json()) as {
    services: { id: string; prefetch: Record<string, string> }[]
  }
  const [service] = services
  const prefetch = Object.fromEntries(
    Object.keys(service?.prefetch ?? {}).map((key) => {
      const found = patient.resources.filter(({ resourceType }) => resourceType.toLowerCase() === key.toLowerCase())
      const entry = found.map((one) => ({ resource: one }))
      return [key, key === 'patient' ? resource : { resourceType: 'Bundle', type: 'searchset', entry }]
    }),
  )
  const local = { ...application, config: { ...application.config, users: undefined } } as Application
  const open = await createApp({ application: local, host: '127.0.0.1' })
  const response = await open.request(`http://127.0.0.1/cds-services/${service?.id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      hook: 'patient-view',
      hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
      fhirServer: ehr.base,
      context: { userId: 'Practitioner/7', patientId: patient.patientId },
      prefetch,
    }),
  })
  const { cards } = (await response.json()) as { cards: { links: unknown }[] }
  expect(cards[0]?.links).toEqual([
    {
      label: 'Open in this chart',
      url: 'http://127.0.0.1/launch',
      type: 'smart',
      appContext: expect.stringMatching(/^\{"measure":"[\w-]+"\}$/) as string,
    },
    { label: 'Open in caregap', url: `http://127.0.0.1/people/${await pidOf(patient.patientId)}`, type: 'absolute' },
  ])
})
