import { expect, test } from 'vitest'
import type { Session } from '../../src/duck/index.ts'
import { pagesApp } from '../pages/pages-app.ts'
import { openSeededApplication } from './seeded-application.ts'

const many = 12_000

/** So many people more, each with an open gap of one measure. */
async function addPeople(session: Session): Promise<void> {
  const everyone = `range(100001, ${100_001 + many}) t(i)`
  await session.run(
    `INSERT INTO source_patient BY NAME SELECT i::INTEGER AS spid, 1 AS source_id, 'many-' || i AS patient_id, i::INTEGER AS pid FROM ${everyone}`,
  )
  await session.run(
    `INSERT INTO person BY NAME SELECT i::INTEGER AS pid, '1960-01-01' AS birth_date, 'female' AS sex, false AS deceased, 'Many ' || i AS name, 1 AS sources FROM ${everyone}`,
  )
  await session.run(
    `INSERT INTO gap_row BY NAME SELECT one.* EXCLUDE (pid), i::INTEGER AS pid FROM ${everyone},
       (SELECT * FROM gap_row WHERE run_id = 1 AND measure_id = 'blood-pressure' AND status = 'open' LIMIT 1) one`,
  )
}

test('work on a whole list of over ten thousand gaps is done once, as it was shown, and taken back as a whole', async () => {
  const application = await openSeededApplication(addPeople)
  const app = await pagesApp(application)
  const post = (path: string, fields: Record<string, string>) =>
    app.request(`http://127.0.0.1${path}`, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
  const text = async (path: string) => (await app.request(`http://127.0.0.1${path}`)).text()
  const gapsOf = async (query: string) =>
    ((await (await app.request(`http://127.0.0.1/api/worklist?limit=1&${query}`)).json()) as { gaps: number }).gaps
  const list = 'measure=blood-pressure&status=open'
  const gaps = await gapsOf(list)
  expect(gaps).toBeGreaterThan(many)
  const page = await text(`/worklist?${list}`)
  expect(page).toContain(`All ${gaps.toLocaleString('en-US')} gaps of this list`)
  const fields = {
    which: 'list',
    list: `?${list}`,
    expected: String(gaps),
    action: 'assign',
    text: 'maria',
    back: `/worklist?${list}`,
  }
  // Somebody looked at a list of another size: nothing is done.
  const other = await post('/worklist/actions', { ...fields, expected: String(gaps - 1) })
  expect([other.status, (await other.text()).includes('nothing was done')]).toEqual([409, true])
  expect(await gapsOf(`${list}&assigned=maria`)).toBe(0)
  expect((await post('/worklist/actions', { ...fields, list: '?colour=red' })).status).toBe(400)
  expect((await post('/worklist/actions', fields)).status).toBe(303)
  expect([
    await gapsOf(`${list}&assigned=maria`),
    await gapsOf('status=open&measure=glycemic-status&assigned=maria'),
  ]).toEqual([gaps, 0])
  const event = /name="event" value="(\d+)"/.exec(await text('/worklist'))?.[1] ?? ''
  expect((await post('/worklist/undo', { event, back: '/worklist' })).status).toBe(303)
  expect(await gapsOf(`${list}&assigned=maria`)).toBe(0)
  await application.close()
}, 60_000)

test('programs work on a whole list by its filters and how many gaps they were told', async () => {
  const application = await openSeededApplication()
  const app = await pagesApp(application)
  const post = (body: object) =>
    app.request('http://127.0.0.1/api/worklist/actions', {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    })
  const list = { measure: 'glycemic-status', status: 'open' }
  const { gaps } = (await (
    await app.request(`http://127.0.0.1/api/worklist?measure=glycemic-status&status=open`)
  ).json()) as { gaps: number }
  const refused = await post({ list, expected: gaps + 1, action: 'snooze', days: 7 })
  expect([refused.status, await refused.json()]).toMatchObject([409, { diagnostics: [{ code: 'api/list-changed' }] }])
  const done = await post({ list, expected: gaps, action: 'snooze', days: 7 })
  expect([done.status, await done.json()]).toMatchObject([200, { changed: gaps }])
  expect((await post({ list: { colour: 'red' }, expected: 1, action: 'snooze' })).status).toBe(400)
  await application.close()
})
