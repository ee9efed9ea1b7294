import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { expect, test } from 'vitest'
import { readAuditRows } from '../../src/store/index.ts'
import { openSeededApplication } from '../browser/seeded-application.ts'
import { served } from './served.ts'

type Json = Readonly<Record<string, unknown>>
interface Row {
  readonly pid: number
  readonly gaps: readonly { readonly measureId: string; readonly groupId: string; readonly version: number }[]
}

const { application, app } = await served(openSeededApplication())

async function get(path: string, headers: Record<string, string> = {}) {
  const response = await app.request(`http://127.0.0.1${path}`, { headers })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

async function post(body: unknown) {
  const response = await app.request('http://127.0.0.1/api/worklist/actions', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as Json }
}

const json = (text: string) => JSON.parse(text) as Json

test('cursors lead through the whole list once, and the CSV holds a line per gap of it', async () => {
  const pids: number[] = []
  let gaps = 0
  let next: string | null = ''
  let total: unknown
  while (next !== null) {
    const { status, text } = await get(`/api/worklist?sort=name&limit=40${next === '' ? '' : `&after=${next}`}`)
    expect(status).toBe(200)
    const body = json(text)
    for (const row of body['rows'] as readonly Row[]) {
      pids.push(row.pid)
      gaps += row.gaps.length
    }
    total = body['total']
    next = body['next'] as string | null
  }
  expect(new Set(pids).size).toBe(pids.length)
  expect(pids.length).toBe(total)
  const csv = await get('/api/worklist?sort=name&format=csv')
  expect(csv.headers.get('content-disposition')).toContain('worklist-run1-2025-11-22.csv')
  expect(csv.text.trimEnd().split('\r\n').length - 1).toBe(gaps)
  const [row] = await readAuditRows(application.store.session, 1)
  expect(row).toMatchObject({ action: 'read-worklist', outcome: 'read' })
  expect(row?.pids.length).toBe(pids.length)
})

type Rows = readonly Readonly<Record<string, unknown>>[]

async function bytesOf(path: string, accept: string) {
  const response = await app.request(`http://127.0.0.1${path}`, { headers: { Accept: accept } })
  expect([path, response.status, response.headers.get('content-type')]).toEqual([path, 200, accept])
  return new Uint8Array(await response.arrayBuffer())
}

/** Whole numbers of 64 bits, which both files keep, as JavaScript's own. */
const plain = (value: unknown) => (typeof value === 'bigint' ? Number(value) : value)

async function arrowRows(path: string): Promise<Rows> {
  const table = tableFromIPC(await bytesOf(path, 'application/vnd.apache.arrow.stream'))
  return table
    .toArray()
    .map((row: Iterable<[string, unknown]>) =>
      Object.fromEntries([...row].map(([name, value]) => [name, plain(value)])),
    )
}

async function parquetRows(path: string): Promise<Rows> {
  const folder = mkdtempSync(join(tmpdir(), 'caregap-test-'))
  try {
    const file = join(folder, 'list.parquet')
    writeFileSync(file, await bytesOf(path, 'application/vnd.apache.parquet'))
    return await application.store.session.all(`SELECT * FROM read_parquet('${file}')`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test.each([
  [
    '/api/measures/blood-pressure/members?population=denominator&sort=age',
    '/api/measures/blood-pressure/members?population=denominator&sort=age&size=1000',
  ],
  [
    '/api/gaps?measure=glycemic-status&status=open&practice=Riverside+Health',
    '/api/gaps?measure=glycemic-status&status=open&practice=Riverside+Health&size=1000',
  ],
])('%s as Arrow and as Parquet holds the people of the pages, in their order', async (path, pages) => {
  const rows = await arrowRows(path)
  expect(rows).toEqual(await parquetRows(path))
  const page = json((await get(pages)).text) as { readonly total: number; readonly rows: Rows }
  expect(rows.length).toBe(page.total)
  const told = (row: Rows[number]) => [
    row['name'],
    row['age'],
    row['deceased'],
    row['practice'],
    row['status'],
    row['sentence'],
  ]
  expect(rows.map((row) => [row['person'], ...told(row)])).toEqual(page.rows.map((row) => [row['pid'], ...told(row)]))
  const [audit] = await readAuditRows(application.store.session, 2)
  expect(audit?.pids.length).toBe(page.total)
})

test('every result of a run comes as Arrow and as Parquet, and its sums are those of the scorecard', async () => {
  const path = '/api/runs/1/results?measure=blood-pressure'
  const rows = await arrowRows(path)
  expect(rows).toEqual(await parquetRows(path))
  expect(rows.length).toBe(260)
  const sum = (name: string) => rows.reduce((total, row) => total + ((row[name] as number | null) ?? 0), 0)
  const { measures } = json((await get('/api/scorecard')).text) as { readonly measures: Rows }
  expect(measures.find((row) => row['measureId'] === 'blood-pressure')).toMatchObject({
    denominator: sum('denominator'),
    numerator: sum('numerator'),
    openGaps: rows.filter(({ status }) => status === 'open').length,
  })
  expect((await arrowRows('/api/worklist?sort=name')).length).toBeGreaterThan(0)
  expect((await get('/api/runs/9/results')).status).toBe(404)
  expect((await get('/api/runs/x/results')).status).toBe(404)
  expect((await get('/api/runs/1/results?format=xml')).status).toBe(400)
})

test('an answer that has not changed is told by its tag, and is written down all the same', async () => {
  const first = await get('/api/worklist?limit=5')
  const again = await get('/api/worklist?limit=5', { 'If-None-Match': first.headers.get('etag') ?? '' })
  expect([again.status, again.text]).toEqual([304, ''])
  const [row] = await readAuditRows(application.store.session, 1)
  expect([row?.outcome, row?.pids.length]).toEqual(['read', 5])
})

test('a cursor of another run or day is refused, never another page', async () => {
  const stale = await get('/api/worklist?after=7.20240101.5.9')
  expect([stale.status, stale.text.includes('api/cursor-stale')]).toEqual([409, true])
  for (const query of ['after=next', 'limit=0', 'limit=5000', 'format=xml', 'colour=red', 'due-by=soon'])
    expect([query, (await get(`/api/worklist?${query}`)).status]).toEqual([query, 400])
})

test('work is done once, and of what somebody else did nothing is overwritten', async () => {
  const { rows } = json((await get('/api/worklist?limit=2')).text) as unknown as { rows: readonly Row[] }
  const gaps = rows.flatMap(({ pid, gaps: own }) =>
    own.map(({ measureId, groupId, version }) => ({ pid, measureId, groupId, version })),
  )
  const done = await post({ gaps, action: 'assign', text: 'maria' })
  expect([done.status, done.body['changed']]).toEqual([200, gaps.length])
  const stale = await post({ gaps, action: 'assign', text: 'omar' })
  expect([stale.status, stale.body['changed']]).toEqual([409, 0])
  const mine = json((await get('/api/worklist?assigned=maria')).text)
  expect(mine['gaps']).toBe(gaps.length)
  expect(json((await get('/api/worklist?assigned=omar')).text)['total']).toBe(0)
})

test('work that is not understood is refused by the name of what is wrong', async () => {
  const gap = { pid: 1, measureId: 'blood-pressure', groupId: 'group-1', version: 0 }
  for (const [body, wrong] of [
    [{ gaps: [], action: 'note', text: 'x' }, 'gaps'],
    [{ gaps: [gap], action: 'burn' }, 'action'],
    [{ gaps: [gap], action: 'assign' }, 'text'],
    [{ gaps: [{ ...gap, pid: 'one' }], action: 'note', text: 'x' }, 'gaps.0.pid'],
    [{ gaps: [{ ...gap, measureId: 'no-such-measure' }], action: 'note', text: 'x' }, 'in no list'],
  ] as const) {
    const answer = await post(body)
    expect([answer.status, JSON.stringify(answer.body).includes(wrong)]).toEqual([400, true])
  }
  expect((await app.request('http://127.0.0.1/api/worklist/actions', { method: 'POST', body: 'x' })).status).toBe(415)
})
