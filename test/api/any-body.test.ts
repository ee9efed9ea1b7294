import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { apiRoutes } from '../../src/api/index.ts'
import type { Application } from '../../src/jobs/index.ts'
import { pageRoutes } from '../../src/pages/index.ts'
import { openSeededApplication } from '../browser/seeded-application.ts'
import { pagesApp } from '../pages/pages-app.ts'

// Whatever is sent to whatever takes a body: never a fault of the server, never its insides, and a wrong field is named.

type Fields = Readonly<Record<string, unknown>>
interface Taken {
  readonly path: string
  /** Bodies that are right; none where the route reads none. */
  readonly json?: readonly Fields[]
  readonly form?: readonly Fields[]
  /** Fields whose every value is right, or that lead elsewhere and are not read. */
  readonly free?: readonly string[]
}

const gap = { pid: 3, measureId: 'glycemic-status', groupId: 'group-1', version: 0 }
const map = {
  kind: 'code',
  source: 'harbor',
  fromSystem: 'urn:harbor',
  fromValue: 'A1C',
  toSystem: 'http://hl7.org/fhir/sid/icd-10-cm',
  toCode: 'E11.9',
}

const taken: Readonly<Record<string, Taken>> = {
  'POST /api/worklist/actions': {
    path: '/api/worklist/actions',
    json: [
      { gaps: [gap], action: 'note', text: 'seen', days: 3 },
      { list: { measure: 'glycemic-status' }, expected: 1, action: 'snooze', text: 'later' },
    ],
  },
  'POST /api/mapping/maps': {
    path: '/api/mapping/maps',
    json: [map, { resourceType: 'ConceptMap', status: 'draft', group: [] }],
    // An empty text is a system too, and what a ConceptMap holds beside its group is not read.
    free: ['status', 'resourceType', 'fromSystem'],
  },
  'POST /api/mapping/maps/:id/approve': { path: '/api/mapping/maps/1/approve' },
  'POST /api/mapping/maps/:id/retire': { path: '/api/mapping/maps/1/retire' },
  'POST /theme': { path: '/theme', form: [{ theme: 'dark', back: '/' }], free: ['theme', 'back'] },
  'POST /worklist/actions': {
    path: '/worklist/actions',
    form: [
      { gap: '3|glycemic-status|group-1|0', action: 'note', text: 'seen', back: '/worklist' },
      { which: 'list', list: 'measure=glycemic-status', expected: '1', action: 'snooze', days: '3', back: '/worklist' },
    ],
    free: ['back', 'which', 'text', 'list'],
  },
  'POST /worklist/undo': { path: '/worklist/undo', form: [{ event: '1', back: '/worklist' }], free: ['back'] },
  'POST /people/:pid/undo': { path: '/people/3/undo', form: [{ event: '1' }] },
  'POST /demo/ehr/feedback': {
    path: '/demo/ehr/feedback',
    form: [
      {
        service: 'caregap-patient-view',
        card: '00000000-0000-4000-8000-000000000000',
        reason: 'patient-refused',
        back: '/demo/ehr',
      },
    ],
    free: ['service', 'back', 'reason'],
  },
  'POST /mapping/maps': {
    path: '/mapping/maps',
    form: [{ ...map, back: '/mapping' }],
    free: ['back', 'fromSystem', 'source'],
  },
  'POST /mapping/maps/:map/approve': { path: '/mapping/maps/1/approve' },
  'POST /mapping/maps/:map/retire': { path: '/mapping/maps/1/retire' },
  'POST /measures/:id/reconcile': {
    path: '/measures/glycemic-status/reconcile',
    form: [
      { source: 'harbor', list: 'patient,denominator\np-1-0,1\n', format: 'csv' },
      { source: 'harbor', denominator: '12', numerator: '3' },
    ],
    free: ['format', 'list'],
  },
}

let application: Application
let app: Awaited<ReturnType<typeof pagesApp>>
beforeAll(async () => {
  application = await openSeededApplication()
  app = await pagesApp(application)
})
afterAll(() => application.store.close())

test('every route that takes a body is tried here', () => {
  const routes = [...apiRoutes(application), ...pageRoutes(application)].filter(
    ({ method, path }) =>
      method !== 'GET' && method !== 'DELETE' && !path.startsWith('/fhir') && !path.startsWith('/cds-services'),
  )
  expect(Object.keys(taken).toSorted()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).toSorted())
})

interface Answer {
  readonly status: number
  readonly text: string
}

/** The insides of a server: a frame of a stack, a file of its own, SQL, or what the database says. */
const insides =
  /^\s+at .+:\d+:\d+|node_modules|\/src\/|\.tsx?:\d|\bSELECT .+ FROM\b|\b(Parser|Binder|Conversion|Catalog) Error\b/ms

async function send(path: string, init: RequestInit): Promise<Answer> {
  const response = await app.request(`http://127.0.0.1${path}`, { method: 'POST', ...init })
  const text = response.status === 303 ? '' : await response.text()
  expect([path, response.status < 500, insides.exec(text)?.[0]]).toEqual([path, true, undefined])
  return { status: response.status, text }
}

const asJson = (path: string, value: unknown) =>
  send(path, { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(value) ?? '' })

function asForm(path: string, fields: Fields, parts: boolean): Promise<Answer> {
  const body = parts ? new FormData() : new URLSearchParams()
  for (const [name, value] of Object.entries(fields))
    for (const one of [value].flat())
      if (one instanceof Blob && body instanceof FormData) body.append(name, one, 'list.csv')
      else body.append(name, typeof one === 'string' ? one : (JSON.stringify(one) ?? ''))
  return send(path, { body })
}

const all = Object.values(taken)
const jsonTaken = all.filter(({ json }) => json !== undefined)
const formTaken = all.filter(({ form }) => form !== undefined)
const names = [
  ...new Set(all.flatMap(({ json = [], form = [] }) => [...json, ...form].flatMap(Object.keys))),
  '__proto__',
  'constructor',
]
const route = (from: readonly Taken[]) => fc.constantFrom(...from)

/** Values that are hard to take: of every type, out of every range, long, nested, not of this world. */
const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(
    -1,
    0,
    1.5,
    1e308,
    2 ** 31,
    2 ** 53,
    '',
    ' ',
    '\u0000',
    '\uD800',
    "'; DROP TABLE gap; --",
    'a'.repeat(5000),
    null,
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
)

test('any bytes, of any type', async () => {
  const types = [
    'application/json',
    'application/fhir+json',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'multipart/form-data; boundary=x',
    'text/plain',
    '',
    'application/json; charset=latin1',
    'nonsense',
  ]
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes)),
    fc.string({ maxLength: 60 }),
    fc.constantFrom(
      '{',
      '[[[',
      '--x\r\n',
      '--x\r\nContent-Disposition: form-data; name="gap"\r\n\r\n1\r\n--x--\r\n',
      '['.repeat(5000),
      '%',
      '%00=%ff&gap',
      'null',
      '1',
    ),
  )
  await fc.assert(
    fc.asyncProperty(route(all), fc.constantFrom(...types), body, async ({ path }, type, bytes) => {
      await send(path, { headers: { 'Content-Type': type }, body: bytes })
    }),
    { numRuns: 250 },
  )
})

test('a form that is too large is refused as such, also where its length is not told', async () => {
  for (const { path } of formTaken) {
    const body = `back=${'a'.repeat(11_000_000)}`
    const { status, text } = await send(path, {
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body,
    })
    expect([path, status, /larger than/.test(text)]).toEqual([path, 400, true])
  }
})

test('any name in the place of what an address names', async () => {
  const odds = [
    '0',
    '-1',
    '1.5',
    '99999999999999999999',
    'x',
    '%00',
    '%F0%9F%92%A9',
    '..%2f..',
    "'%20OR%201=1",
    'a'.repeat(3000),
  ]
  for (const [route, { path, json = [{}], form = [{}] }] of Object.entries(taken))
    for (const odd of odds) {
      const names = route.split(' ')[1]?.split('/') ?? []
      const changed = path
        .split('/')
        .map((part, at) => (names[at]?.startsWith(':') === true ? odd : part))
        .join('/')
      if (changed === path) continue
      const { status } = route.includes('/api/')
        ? await asJson(changed, json[0])
        : await asForm(changed, form[0] ?? {}, false)
      expect([changed, status >= 400]).toEqual([changed, true])
    }
})

test('any fields that such routes know, with any values', async () => {
  const fields = fc.dictionary(fc.constantFrom(...names), odd, { maxKeys: 6 })
  await fc.assert(
    fc.asyncProperty(route(jsonTaken), fc.oneof(fields, odd), ({ path }, body) =>
      asJson(path, body).then(() => undefined),
    ),
    { numRuns: 250 },
  )
  await fc.assert(
    fc.asyncProperty(route(formTaken), fields, fc.boolean(), ({ path }, body, parts) =>
      asForm(path, body, parts).then(() => undefined),
    ),
    { numRuns: 250 },
  )
})

test('what is right but for one field is refused by the name of that field', async () => {
  const wrongs: readonly unknown[] = [
    null,
    [],
    {},
    -1,
    1.5,
    2 ** 53,
    '',
    ' ',
    'nonsense',
    '\u0000',
    "' OR 1=1",
    'a'.repeat(5000),
    true,
  ]
  const unnamed: unknown[] = []
  for (const { path, json = [], free = [] } of jsonTaken)
    for (const body of json)
      for (const name of Object.keys(body).filter((one) => !free.includes(one)))
        for (const wrong of [...wrongs, undefined]) {
          const { status, text } = await asJson(path, { ...body, [name]: wrong })
          if (status >= 400 && status !== 409 && !namesIt(text, name))
            unnamed.push([path, name, wrong, status, text.slice(0, 300)])
        }
  for (const { path, form = [], free = [] } of formTaken)
    for (const body of form)
      for (const name of Object.keys(body).filter((one) => !free.includes(one)))
        for (const wrong of [
          '',
          ' ',
          '-1',
          'nonsense',
          '99999999999999999999',
          '\u0000',
          'a'.repeat(5000),
          ['1', '2'],
          new Blob(['x']),
        ]) {
          const { status, text } = await asForm(path, { ...body, [name]: wrong }, wrong instanceof Blob)
          if (status >= 400 && status !== 404 && status !== 409 && !namesIt(text, name))
            unnamed.push([path, name, JSON.stringify(wrong).slice(0, 20), status, textOf(text)])
        }
  expect(unnamed).toEqual([])
})

/** What a page says in its notice, or all that a program is told. */
const textOf = (answer: string) =>
  (/<div class="notice.*?<\/div>/s.exec(answer)?.[0] ?? answer)
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 400)
/** By its own name, or by what it says: no measure reads this code. */
const namesIt = (text: string, name: string) =>
  textOf(text).toLowerCase().includes(name.toLowerCase()) ||
  (name.startsWith('to') && text.includes('No installed measure reads'))
