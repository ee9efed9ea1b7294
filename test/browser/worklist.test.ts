import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Application } from '../../src/jobs/index.ts'
import { readAuditRows } from '../../src/store/index.ts'
import { type PageServer, servePages } from './page-server.ts'
import { openSeededApplication } from './seeded-application.ts'

let application: Application
let server: PageServer

beforeAll(async () => {
  application = await openSeededApplication()
  server = await servePages(application)
})
afterAll(() => server?.close())

async function get(path: string) {
  const response = await fetch(`${server.url}${path}`)
  return { status: response.status, text: await response.text(), headers: response.headers }
}

async function post(path: string, fields: readonly (readonly [string, string])[]) {
  const body = new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value]))
  const response = await fetch(`${server.url}${path}`, { method: 'POST', body, redirect: 'manual' })
  return { status: response.status, text: await response.text() }
}

const gapsIn = (text: string) => [...text.matchAll(/name="gap" value="([^"]+)"/g)].map((match) => match[1] ?? '')
const pidsIn = (text: string) => [...text.matchAll(/href="\/people\/(\d+)"/g)].map((match) => Number(match[1]))

test('pages follow each other without loss or repetition, and the files hold exactly the list', async () => {
  const gaps: string[] = []
  let path: string | undefined = '/worklist?status=any&everybody=yes&sort=name'
  while (path !== undefined) {
    const { status, text } = await get(path)
    expect(status).toBe(200)
    gaps.push(...gapsIn(text))
    path = /rel="next" href="([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&')
  }
  expect(new Set(gaps).size).toBe(gaps.length)
  expect(gaps.length).toBeGreaterThan(50)
  const csv = await get('/worklist.csv?status=any&everybody=yes&sort=name')
  expect(csv.text.trimEnd().split('\r\n').length - 1).toBe(gaps.length)
  const parquet = await get('/worklist.parquet?status=any&everybody=yes&sort=name')
  expect(parquet.text.slice(0, 4)).toBe('PAR1')
})

test('a change is made, seen, written down and taken back; a stale one overwrites nothing and says so', async () => {
  const list = await get('/worklist?status=open')
  const [gap = ''] = gapsIn(list.text)
  const pid = Number(gap.split('|')[0])
  expect(
    (
      await post('/worklist/actions', [
        ['gap', gap],
        ['action', 'assign'],
        ['text', 'maria'],
      ])
    ).status,
  ).toBe(303)
  const mine = await get('/worklist?assigned=maria')
  expect(pidsIn(mine.text)).toEqual([pid])
  const [row] = await readAuditRows(application.store.session, 1, pid)
  expect(row).toBeDefined()

  const stale = await post('/worklist/actions', [
    ['gap', gap],
    ['action', 'assign'],
    ['text', 'omar'],
  ])
  expect([stale.status, stale.text.includes('now assigned to maria')]).toEqual([409, true])
  expect(pidsIn((await get('/worklist?assigned=omar')).text)).toEqual([])

  const person = await get(`/people/${pid}`)
  const event = /name="event" value="(\d+)"/.exec(person.text)?.[1] ?? ''
  expect((await post(`/people/${pid}/undo`, [['event', event]])).status).toBe(303)
  expect(pidsIn((await get('/worklist?assigned=maria')).text)).toEqual([])
  expect((await post(`/people/${pid}/undo`, [['event', event]])).status).toBe(400)
})

const fields = (chosen: readonly string[], text: string) => [
  ...chosen.map((gap) => ['gap', gap] as const),
  ['action', 'assign'] as const,
  ['text', text] as const,
]

test('a bulk action is taken back as a whole, but for what somebody changed since', async () => {
  const gaps = gapsIn((await get('/worklist?status=open&sort=name')).text).slice(0, 12)
  expect((await post('/worklist/actions', fields(gaps, 'noor'))).status).toBe(303)
  const list = await get('/worklist?assigned=noor')
  expect(list.text.replaceAll(/<[^>]*>/g, '').replaceAll(/\s+/g, ' ')).toContain('Assignment, 12 gaps, by you')
  const event = /name="event" value="(\d+)"/.exec(list.text)?.[1] ?? ''
  // The clock of this test stands still: the other action is told apart by what it is.
  const [changed = ''] = gapsIn(list.text)
  expect(
    (
      await post('/worklist/actions', [
        ['gap', changed],
        ['action', 'snooze'],
        ['days', '30'],
      ])
    ).status,
  ).toBe(303)
  const undone = await post('/worklist/undo', [
    ['event', event],
    ['back', '/worklist'],
  ])
  // The other one that was left is the assignment of the test before, of the same moment of this clock.
  expect([undone.status, undone.text.includes('11 gaps are as before. Of 2 others')]).toEqual([409, true])
  expect(gapsIn((await get('/worklist?assigned=noor&snoozed=yes')).text).length).toBe(1)
  const [row] = await readAuditRows(application.store.session, 2)
  expect(row?.action === 'undo-work' || row?.action === 'read-worklist').toBe(true)
  expect((await post('/worklist/undo', [['event', '999999']])).status).toBe(404)
})

test('a claim awaits data and never closes; who must not be contacted leaves the list by default', async () => {
  const [first = '', , , second = ''] = gapsIn((await get('/worklist?status=open')).text)
  await post('/worklist/actions', [
    ['gap', first],
    ['action', 'claim'],
    ['text', 'Done elsewhere'],
  ])
  const awaiting = await get('/worklist?status=awaiting-data')
  expect(awaiting.text).toContain('reported done: Done elsewhere')
  const pid = Number(second.split('|')[0])
  await post('/worklist/actions', [
    ['gap', second],
    ['action', 'no-contact'],
  ])
  expect(pidsIn((await get('/worklist')).text)).not.toContain(pid)
  expect((await get('/worklist?everybody=yes')).text).toContain('Do not contact')
})

test('what the worklist cannot read is refused with the reason', async () => {
  expect((await get('/worklist?colour=blue')).text).toContain('It knows no filter colour')
  // An empty list would say that all is well.
  const unknown = await get('/worklist?measure=nope')
  expect(unknown.status).toBe(400)
  expect(unknown.text).toMatch(/Run 1 has no measure of that id\.[^]*Name one of: /)
  expect((await get('/worklist?source=nowhere')).text).toContain('There is no source of that name')
  expect((await get('/worklist?due-by=soon')).status).toBe(400)
  expect(
    (
      await post('/worklist/actions', [
        ['action', 'assign'],
        ['text', 'x'],
      ])
    ).status,
  ).toBe(400)
  expect(
    (
      await post('/worklist/actions', [
        ['gap', '1|m|g'],
        ['action', 'note'],
        ['text', 'x'],
      ])
    ).status,
  ).toBe(400)
  expect((await get('/huddle?day=tomorrow')).status).toBe(400)
  expect((await get('/huddle')).status).toBe(200)
})
