import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Route } from '../../src/access/index.ts'
import { apiRoutes } from '../../src/api/api-routes.ts'
import type { Application } from '../../src/jobs/index.ts'
import { pageRoutes } from '../../src/pages/index.ts'
import { openSeededApplication } from '../browser/seeded-application.ts'
import { seedFacts, seedFaults } from '../browser/seeded-facts.ts'
import { pagesApp } from '../pages/pages-app.ts'
import { changeFew } from './few-people.ts'

// Every route of the server has a decision here about small counts; one that is new fails until it has one.

/** Tells no count of people: documents, definitions, commands, styles. */
const none = 'none'
/** Tells of one person, or of people one by one, who may be seen: exact, audited. */
const people = 'people'
/** Of decision support: held by the tests of CDS. */
const cds = 'cds'
/** Tells counts, and not to who may not see small ones. */
const refused = 'refused'
/** Tells counts: these addresses must say the same of four people as of eight to who may not see small counts. */
const counts = (...probes: readonly string[]) => probes

const operations = ['$care-gaps', '$collect-data'].flatMap((name) =>
  ['GET', 'POST'].flatMap((method) => [`${method} /fhir/Measure/${name}`, `${method} /fhir/Measure/:id/${name}`]),
)
const requirements = ['GET', 'POST'].flatMap((method) =>
  ['Measure', 'Library'].flatMap((type) => [
    `${method} /fhir/${type}/$data-requirements`,
    `${method} /fhir/${type}/:id/$data-requirements`,
  ]),
)
const all = (routes: readonly string[], decision: typeof none | typeof people | typeof refused) =>
  Object.fromEntries(routes.map((route) => [route, decision]))

const decisions: Readonly<Record<string, string | readonly string[]>> = {
  ...all(['GET /health', 'GET /ready', 'GET /fhir/metadata', 'GET /fhir/Measure', 'GET /fhir/Measure/:id'], none),
  ...all(requirements, none),
  ...all(['POST /fhir', 'GET /fhir/MeasureReport/:id'], people),
  ...all(['GET /fhir/async/:id', 'GET /fhir/async/:id/:file', 'DELETE /fhir/async/:id'], people),
  ...all(operations, people),
  ...all(
    ['GET', 'POST'].flatMap((method) => [
      `${method} /fhir/Measure/$evaluate-measure`,
      `${method} /fhir/Measure/:id/$evaluate-measure`,
    ]),
    refused,
  ),
  ...all(['GET /fhir/ConceptMap', 'GET /fhir/ConceptMap/:id', 'POST /fhir/ConceptMap'], none),
  ...all(['GET /api/measures', 'GET /api/openapi.json'], none),
  'GET /api/scorecard': counts('/api/scorecard', '/api/scorecard?run=1', '/api/scorecard?run=2'),
  'GET /api/measures/:id/strata': counts(
    ...['practice', 'provider', 'sex', 'race'].map((by) => `/api/measures/blood-pressure/strata?by=${by}`),
    ...['json', 'csv', 'parquet', 'arrow'].map(
      (format) => `/api/measures/glycemic-status/strata?by=provider&format=${format}`,
    ),
  ),
  'GET /api/runs': counts('/api/runs'),
  'GET /api/runs/compare': people,
  'GET /api/runs/:run/results': people,
  'GET /api/runs/:run/persons/:pid/measures/:measure/explanation': people,
  'GET /api/persons/:pid': people,
  'GET /api/measures/:id/members': people,
  'GET /api/gaps': people,
  'GET /api/worklist': people,
  'POST /api/worklist/actions': people,
  'GET /api/quality': counts('/api/quality'),
  'GET /api/mapping/unmapped': counts('/api/mapping/unmapped'),
  'GET /api/mapping/effect': counts('/api/mapping/effect?map=1'),
  ...all(['GET /api/mapping/maps', 'POST /api/mapping/maps'], none),
  ...all(['POST /api/mapping/maps/:id/approve', 'POST /api/mapping/maps/:id/retire'], none),
  'GET /api/mapping/days': people,
  'GET /api/cds/counts': cds,
  'GET /api/cds/counts.parquet': cds,
  'GET /cds': cds,
  ...all(['GET /assets/caregap.css', 'GET /favicon.svg', 'GET /assets/live-runs.js', 'POST /theme'], none),
  ...all(['GET /developers', 'GET /about'], none),
  'GET /': counts('/'),
  'GET /runs': counts('/runs'),
  // A stream: what it tells is held by the tests of `safeActivities`.
  'GET /runs/live': counts(),
  'GET /runs/:run': counts('/runs/1', '/runs/2'),
  'GET /runs/:run/changes': people,
  'GET /quality': counts('/quality'),
  'GET /mapping': counts('/mapping', '/mapping?show=all'),
  'GET /mapping/maps/:map': counts('/mapping/maps/1'),
  ...all(['POST /mapping/maps', 'POST /mapping/maps/:map/approve', 'POST /mapping/maps/:map/retire'], none),
  'GET /measures/:id': counts('/measures/glycemic-status', '/measures/blood-pressure'),
  'GET /measures/:id/providers': counts(
    '/measures/glycemic-status/providers',
    '/measures/blood-pressure/providers?by=provider',
  ),
  'GET /measures/:id/trend': counts('/measures/glycemic-status/trend', '/measures/blood-pressure/trend'),
  'GET /measures/:id/disparities': counts(
    '/measures/glycemic-status/disparities',
    '/measures/blood-pressure/disparities',
  ),
  'GET /measures/:id/reconcile': people,
  'POST /measures/:id/reconcile': people,
  'GET /measures/:id/people': people,
  'GET /measures/:id/people.csv': people,
  'GET /people/:pid': people,
  'GET /people/:pid/resources/:rid': people,
  'POST /people/:pid/undo': people,
  'GET /demo/ehr': people,
  'POST /demo/ehr/feedback': people,
  'GET /worklist': people,
  'GET /huddle': people,
  'GET /worklist.csv': people,
  'GET /worklist.parquet': people,
  'POST /worklist/actions': people,
  'POST /worklist/undo': people,
}

const folder = mkdtempSync(join(tmpdir(), 'caregap-cells-'))
const users = (['quality', 'clinician', 'analyst', 'limited'] as const).map((id) => ({
  id,
  name: id,
  role: id === 'limited' ? 'quality' : id,
  ...(id === 'limited' ? { practices: ['000000002'] } : {}),
  tokenSha256: createHash('sha256').update(id).digest('hex'),
}))

async function serve(few: number): Promise<{ readonly application: Application; readonly app: Hono }> {
  const seeded = await openSeededApplication((session) => changeFew(session, few))
  await seedFacts(seeded.store.session, few)
  await seedFaults(seeded.store.session, few)
  const application = { ...seeded, config: { ...seeded.config, users: join(folder, 'users.json') } }
  return { application, app: await pagesApp(application) }
}

let four: Awaited<ReturnType<typeof serve>>
let eight: Awaited<ReturnType<typeof serve>>

beforeAll(async () => {
  writeFileSync(join(folder, 'users.json'), JSON.stringify({ users }))
  four = await serve(4)
  eight = await serve(8)
})
afterAll(() => {
  four.application.store.close()
  eight.application.store.close()
  rmSync(folder, { recursive: true })
})

const nameOf = ({ method, path }: Route) => `${method} ${path}`

test('every route has a decision about small counts, and no decision is of a route that is not there', () => {
  const routes = [...apiRoutes(four.application), ...pageRoutes(four.application)].filter(
    ({ path }) => !path.startsWith('/cds-services'),
  )
  expect(Object.keys(decisions).toSorted()).toEqual(routes.map(nameOf).toSorted())
  for (const route of routes.filter((one) => decisions[nameOf(one)] === people)) {
    // Who gets lists of people may see these people: nobody who may see counts alone.
    expect([nameOf(route), route.rule.kind]).toEqual([nameOf(route), 'patient'])
    expect([nameOf(route), 'roles' in route.rule && route.rule.roles.includes('analyst')]).toEqual([
      nameOf(route),
      false,
    ])
  }
})

/** Who may not see small counts, and everybody's release. */
const readers = [
  ['analyst', ''],
  ['clinician', ''],
  ['limited', ''],
  ['quality', 'purpose=release'],
] as const

async function ask(app: Hono, user: string, path: string) {
  const response = await app.request(`http://127.0.0.1${path}`, { headers: { authorization: `Bearer ${user}` } })
  return { status: response.status, text: await response.text() }
}

const probes = Object.values(decisions).flatMap((decision) => (typeof decision === 'string' ? [] : decision))
const withQuery = (path: string, query: string) =>
  query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`

describe('four people or eight: who may not see small counts is told the same', () => {
  test.each(probes)('%s', async (probe) => {
    for (const [user, query] of readers) {
      const path = withQuery(probe, query)
      const [one, other] = [await ask(four.app, user, path), await ask(eight.app, user, path)]
      if (one.status === 403 && user !== 'quality') continue
      expect([user, path, one.status]).toEqual([user, path, 200])
      expect(other.text).toBe(one.text)
    }
  })

  test('who may see everybody is told the difference, on each page that counts what differs', async () => {
    const telling = [
      '/api/scorecard',
      '/api/runs',
      '/',
      '/runs',
      '/runs/1',
      '/quality',
      '/api/quality',
      '/measures/glycemic-status',
    ]
    const also = ['/measures/blood-pressure', '/measures/blood-pressure/disparities', '/measures/glycemic-status/trend']
    for (const path of [...telling, ...also]) {
      const [one, other] = [await ask(four.app, 'quality', path), await ask(eight.app, 'quality', path)]
      expect([path, one.text === other.text]).toEqual([path, false])
    }
  })

  test('a report of a population is refused, and one of a person is not refused for its counts', async () => {
    const period = 'periodStart=2025-01-01&periodEnd=2025-12-31'
    const path = `/fhir/Measure/glycemic-status/$evaluate-measure?${period}`
    for (const user of ['clinician', 'limited', 'analyst']) {
      for (const kind of ['', '&reportType=population', '&reportType=subject-list'])
        expect([user, kind, (await ask(four.app, user, `${path}${kind}`)).status]).toEqual([user, kind, 403])
    }
    expect((await ask(four.app, 'clinician', `${path}&subject=Patient/harbor/none`)).text).not.toContain(
      'counts-refused',
    )
  })
})
