import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Application, listFacts } from '../../src/jobs/index.ts'
import { readAuditRows } from '../../src/store/index.ts'
import { copyRows } from './copied-run.ts'
import { type PageServer, servePages } from './page-server.ts'
import { openSeededApplication } from './seeded-application.ts'
import { seedFacts } from './seeded-facts.ts'

const tokens = { quality: 'q-token', clinician: 'c-token', analyst: 'a-token', limited: 'l-token' } as const
type UserName = keyof typeof tokens

const users = Object.entries(tokens).map(([id, token]) => ({
  id,
  name: id,
  role: id === 'limited' ? 'quality' : id,
  ...(id === 'limited' ? { practices: ['000000002'] } : {}),
  tokenSha256: createHash('sha256').update(token).digest('hex'),
}))

const folder = mkdtempSync(join(tmpdir(), 'caregap-pages-'))
let application: Application
let server: PageServer

beforeAll(async () => {
  const file = join(folder, 'users.json')
  writeFileSync(file, JSON.stringify({ users }))
  const seeded = await openSeededApplication()
  application = { ...seeded, config: { ...seeded.config, users: file } }
  await leaveFewExclusions()
  server = await servePages(application)
})
afterAll(async () => {
  await server?.close()
  rmSync(folder, { recursive: true })
})

/** Of one measure, four people who are excluded, a count that must not be told; of the other nobody. */
async function leaveFewExclusions(): Promise<void> {
  const { session } = application.store
  const [row] = await session.all<{ sum: number }>(
    `SELECT count(*)::INTEGER AS sum FROM person_result WHERE measure_id = 'blood-pressure' AND denominator_exclusion > 0`,
  )
  await session.run(
    `UPDATE result_row SET denominator_exclusion = 0 WHERE measure_id = 'blood-pressure' AND pid IN (
       SELECT pid FROM person_result WHERE measure_id = 'blood-pressure' AND denominator_exclusion > 0 ORDER BY pid LIMIT $few)`,
    { few: (row?.sum ?? 0) - 4 },
  )
  await session.run(`UPDATE result_row SET denominator_exclusion = 0 WHERE measure_id = 'glycemic-status'`)
}

async function get(user: UserName | undefined, path: string, headers: Record<string, string> = {}) {
  const authorization = user === undefined ? {} : { Authorization: `Bearer ${tokens[user]}` }
  const response = await fetch(`${server.url}${path}`, { headers: { ...authorization, ...headers } })
  return { status: response.status, text: await response.text(), headers: response.headers }
}

const withoutNumbers = (text: string) => text.replaceAll(/<code>[0-9a-f-]{36}<\/code>|\/people\/\d+/g, '')

test('whoever is not logged in sees what the site is and nothing else, each time as a page', async () => {
  expect((await get(undefined, '/about')).status).toBe(200)
  for (const path of ['/', '/quality', '/measures/glycemic-status/people', '/people/3']) {
    const { status, text } = await get(undefined, path)
    expect([path, status, text.includes('Log in first.')]).toEqual([path, 401, true])
  }
})

test('an analyst sees counts, and no way to people', async () => {
  const scorecard = await get('analyst', '/')
  expect(scorecard.status).toBe(200)
  expect(scorecard.text).not.toMatch(/href="[^"]*people/)
  expect((await get('analyst', '/measures/glycemic-status')).text).not.toMatch(/href="[^"]*people/)
  for (const path of ['/measures/glycemic-status/people', '/measures/glycemic-status/people.csv', '/people/3'])
    expect([path, (await get('analyst', path)).status]).toEqual([path, 403])
})

test('whoever may not see all people gets no small count; whoever may sees that it is not for release', async () => {
  for (const user of ['analyst', 'clinician', 'limited'] as const) {
    const { text } = await get(user, '/measures/blood-pressure')
    expect([user, /class="count"><span class="zero">hidden/.test(text), />4</.test(text)]).toEqual([user, true, false])
    expect([user, (await get(user, '/')).text.includes('Hidden: small counts')]).toEqual([user, true])
  }
  const exact = await get('quality', '/measures/blood-pressure')
  expect([exact.text.includes('Not for release'), exact.text.includes('hidden</span>')]).toEqual([true, false])
  expect((await get('quality', '/measures/blood-pressure?purpose=release')).text).toContain('hidden</span>')
})

test('a clinician opens one patient and no list', async () => {
  expect((await get('clinician', '/people/3')).status).toBe(200)
  expect((await get('clinician', '/people/3/resources/62')).status).toBe(200)
  expect((await get('clinician', '/measures/glycemic-status/people')).status).toBe(403)
})

test('who is limited to a practice sees its people only, in lists, exports and one by one', async () => {
  const csv = await get('limited', '/measures/glycemic-status/people.csv?population=all')
  const practices = new Set(
    csv.text
      .trimEnd()
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(',').at(10)),
  )
  expect(practices).toEqual(new Set(['North <Clinic> & Sons']))
  // Person 2 belongs to the practice, person 3 to another; of a person one may not see nothing is said.
  expect((await get('limited', '/people/2')).status).toBe(200)
  const hidden = await get('limited', '/people/3')
  const missing = await get('limited', '/people/999999')
  expect([hidden.status, missing.status]).toEqual([403, 403])
  expect(withoutNumbers(hidden.text)).toBe(withoutNumbers(missing.text))
  expect(hidden.text).not.toContain('Haddad')
  expect((await get('limited', '/people/3/resources/62')).status).toBe(403)
})

test('another person’s resource is not found under this one', async () => {
  expect((await get('quality', '/people/2/resources/62')).status).toBe(404)
})

test('every page of people leaves an audit row with exactly those people', async () => {
  const { text } = await get('quality', '/measures/blood-pressure/people?status=open&page=1')
  const shown = [...text.matchAll(/href="\/people\/(\d+)"/g)].map((match) => Number(match[1]))
  const rows = await readAuditRows(application.store.session, 100)
  const row = rows.find(({ userId, action }) => userId === 'quality' && action === 'list-people')
  expect(row).toMatchObject({ measureId: 'blood-pressure', outcome: 'read' })
  expect(row?.pids.toSorted((a, b) => a - b)).toEqual(shown.toSorted((a, b) => a - b))
  expect(shown.length).toBeGreaterThan(0)
})

test('pages of people are kept by no cache, and no address holds a name', async () => {
  const list = await get('quality', '/measures/blood-pressure/people')
  expect(list.headers.get('cache-control')).toBe('no-store')
  for (const [, href] of list.text.matchAll(/href="([^"]*)"/g)) expect(href).not.toMatch(/Haddad|Kowalski|Silva/)
})

test('text of the data is escaped', async () => {
  const { text } = await get('quality', '/measures/glycemic-status')
  expect(text).toContain('North &lt;Clinic&gt; &amp; Sons')
  expect(text).not.toContain('<Clinic>')
})

test('the style sheet is sent once and then confirmed by its tag', async () => {
  const { text } = await get('quality', '/about')
  const href = /href="(\/assets\/[^"]+)"/.exec(text)?.[1] ?? ''
  const first = await get(undefined, href)
  expect([first.status, first.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8'])
  const again = await get(undefined, href, { 'If-None-Match': first.headers.get('etag') ?? '' })
  expect(again.status).toBe(304)
})

/** A published run that is as the first, but for so many people who are newly in the numerator. */
async function insertRun(runId: number, more: number): Promise<void> {
  const { session } = application.store
  await session.run(
    `INSERT INTO run BY NAME SELECT * REPLACE ($runId::INTEGER AS run_id, started_at + INTERVAL (24 * $runId) HOUR AS started_at,
       finished_at + INTERVAL (24 * $runId) HOUR AS finished_at) FROM run WHERE run_id = 1`,
    { runId },
  )
  await copyRows(session, 1, runId)
  await session.run(
    `UPDATE result_row SET numerator = 1 WHERE run_id = $runId AND measure_id = 'glycemic-status' AND pid IN (
       SELECT pid FROM person_result WHERE run_id = $runId AND measure_id = 'glycemic-status' AND denominator > 0
         AND numerator = 0 AND denominator_exclusion = 0 ORDER BY pid LIMIT $more)`,
    { runId, more },
  )
}

test('the difference of two runs tells no small count: until more people changed, the earlier one is told', async () => {
  const numerator = async (user: UserName) => {
    const { text } = await get(user, '/measures/glycemic-status')
    const item = text.split('<li').find((part) => />Numerator</.test(part) && part.includes('class="count"')) ?? ''
    const found = /class="count">(?:<[^>]*>)*(\d+)/.exec(item)
    return Number(found?.[1])
  }
  const first = await numerator('analyst')
  expect(first).toBeGreaterThan(10)
  await insertRun(2, 3)
  expect([await numerator('quality'), await numerator('analyst')]).toEqual([first + 3, first])
  expect((await get('analyst', '/')).text).toContain('as of run 1: few people changed since')
  expect((await get('quality', '/')).text).not.toContain('as of run 1')
  const trend = await get('analyst', '/measures/glycemic-status/trend')
  expect([trend.text.includes('Run 1</a>'), trend.text.includes('Run 2</a>')]).toEqual([true, false])
  // Many changed since the first run, and few since the second, which nobody was told of.
  await insertRun(3, 14)
  expect([await numerator('quality'), await numerator('analyst')]).toEqual([first + 14, first + 14])
  expect((await get('quality', '/measures/glycemic-status?purpose=release')).text).toContain('/runs/3')
})

/** People by how many sources know them, as the page says it. */
const known = (text: string) =>
  [...text.matchAll(/scope="row"[^>]*>(\d) sources?<.*?class="cell">(.*?)<\/div>/gs)].map(([, sources, cell]) => [
    sources,
    (cell ?? '').replaceAll(/<[^>]*>/g, ''),
  ])

test('small counts of the data are hidden on the page of their quality, with those that would tell them', async () => {
  const { session } = application.store
  await session.run('UPDATE person SET sources = 3 WHERE pid IN (5, 6, 7)')
  const [exact, safe] = [await get('quality', '/quality'), await get('analyst', '/quality')]
  expect(known(exact.text).at(-1)).toEqual(['3', '3'])
  expect(known(safe.text).filter(([, cell]) => cell === 'hidden').length).toBeGreaterThanOrEqual(2)
  expect(known(safe.text).at(-1)).toEqual(['3', 'hidden'])
  // A file is of one type, and a source's lines divide by type: both would tell a hidden count of resources.
  expect(linesOfFiles(exact.text).filter((cell) => /^\d/.test(cell))).not.toEqual([])
  expect(new Set(linesOfFiles(safe.text))).toEqual(new Set(['hidden']))
  expect(/data-label="Inserted".*?class="cell">(.*?)<\/div>/s.exec(safe.text)?.[1]).toContain('hidden')
})

/** How many lines each file has, as the page says it. */
function linesOfFiles(text: string): string[] {
  const table = text.slice(text.indexOf('id="files"'))
  return [...table.matchAll(/data-label="Lines".*?class="cell">(.*?)<\/div>/gs)].map(([, cell]) =>
    (cell ?? '').replaceAll(/<[^>]*>/g, ''),
  )
}

test('the facts that measures read are told by source: as counts to who may see them, as presence to others', async () => {
  await listFacts(application)
  await seedFacts(application.store.session)
  const [exact, safe] = [await get('quality', '/quality'), await get('analyst', '/quality')]
  for (const { text } of [exact, safe]) {
    const lacks = text.slice(text.indexOf('aria-label="Facts that a source has none of"'))
    expect(lacks).toMatch(/Observation: HbA1c Laboratory Test.*?lakeside.*?Encounter: Hospice.*?any source/s)
  }
  expect(factsOf(exact.text)).toMatch(/60 people\s+180 resources.*none.*6 people\s+18 resources/s)
  expect(factsOf(safe.text)).toMatch(/some.*none.*some/s)
  expect(factsOf(safe.text)).not.toMatch(/\d+ (people|resources)/)
})

/** The text of one measure's table of facts. */
function factsOf(text: string): string {
  const table = text.slice(text.indexOf('aria-label="Facts that Glycemic'))
  return table.slice(0, table.indexOf('</table>')).replaceAll(/<[^>]*>/g, ' ')
}

test('a finding of the data tells no small count in its words either', async () => {
  const { session } = application.store
  await session.run(
    `INSERT INTO identity_finding (code, message, spids) VALUES
       ('identity/identifier-shared', 'One identifier value is borne by 4 patients of source harbor; it ties nobody.', [1, 2, 3, 4])`,
  )
  expect((await get('quality', '/quality')).text).toContain('borne by 4 patients')
  const safe = await get('analyst', '/quality')
  expect(safe.text).toContain('borne by few patients')
  expect(safe.text).not.toContain('borne by 4 patients')
})
