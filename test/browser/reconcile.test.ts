import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Application } from '../../src/jobs/index.ts'
import { readAuditRows } from '../../src/store/index.ts'
import { type PageServer, servePages } from './page-server.ts'
import { openSeededApplication } from './seeded-application.ts'

let application: Application
let server: PageServer
const path = '/measures/blood-pressure/reconcile'

beforeAll(async () => {
  application = await openSeededApplication()
  server = await servePages(application)
})
afterAll(() => server?.close())

async function send(fields: Readonly<Record<string, string>>) {
  const response = await fetch(`${server.url}${path}`, { method: 'POST', body: new URLSearchParams(fields) })
  return { status: response.status, text: await response.text() }
}

interface Row {
  readonly pid: number
  readonly patientId: string
  readonly denominator: number
  readonly numerator: number
}

/** What the run says of the people of one source, by the ids of that source. */
const resultsOf = (source: string) =>
  application.store.session.all<Row>(
    `SELECT r.pid, min(sp.patient_id) AS "patientId", r.denominator, r.numerator FROM person_result r
     JOIN source_patient sp ON sp.pid = r.pid JOIN source s USING (source_id)
     WHERE r.measure_id = 'blood-pressure' AND s.name = $source GROUP BY ALL ORDER BY r.pid`,
    { source },
  )

const listOf = (rows: readonly Row[]) =>
  [
    'patient,denominator,numerator',
    ...rows.map((row) => [row.patientId, row.denominator, row.numerator].join(',')),
  ].join('\n')

const linesOf = (csv: string) => csv.trimEnd().split('\r\n').slice(1)

test('a list that says what the run says agrees in everything', async () => {
  const rows = await resultsOf('summit')
  const { status, text } = await send({ source: 'summit', list: listOf(rows) })
  expect(status).toBe(200)
  expect(text).toContain(`${rows.length} of ${rows.length} listed patients agree`)
  const [audit] = await readAuditRows(application.store.session, 1)
  expect(audit).toMatchObject({ action: 'reconcile', measureId: 'blood-pressure', outcome: 'read' })
})

test('each way to differ is told person by person with its cause', async () => {
  const rows = await resultsOf('harbor')
  const unmet = rows.find((row) => row.denominator > 0 && row.numerator === 0)
  const met = rows.find((row) => row.numerator > 0)
  const dropped = rows.findLast((row) => row.numerator > 0)
  const list = rows
    .filter((row) => row !== dropped)
    .map((row) => {
      if (row === unmet) return { ...row, numerator: 1 }
      return row === met ? { ...row, denominator: 0, numerator: 0 } : row
    })
  const text = `${listOf(list)}\nnobody-knows-them,1,1`
  const lines = linesOf((await send({ source: 'harbor', list: text, format: 'csv' })).text)
  expect(lines.map((line) => line.split(',').slice(0, 2).join(',')).toSorted()).toEqual(
    [
      `${unmet?.patientId},${unmet?.pid}`,
      `${met?.patientId},${met?.pid}`,
      `${met?.patientId},${met?.pid}`,
      `${dropped?.patientId},${dropped?.pid}`,
      `${dropped?.patientId},${dropped?.pid}`,
      'nobody-knows-them,',
      'nobody-knows-them,',
    ].toSorted(),
  )
  expect(lines.filter((line) => line.includes('Not in the data')).length).toBe(2)
  expect(lines.filter((line) => line.includes('Not in the EHR’s list')).length).toBe(2)
  const ofUnmet = lines.find((line) => line.startsWith(`${unmet?.patientId},`)) ?? ''
  expect(ofUnmet).toContain('Numerator,in,out')
  expect(ofUnmet).toMatch(/outside the goal|Not counted/)
})

test('a list is read as spreadsheets write it: a byte order mark, semicolons or tabs, a name beside the number', async () => {
  const rows = await resultsOf('summit')
  for (const delimiter of [';', '\t', ',']) {
    const lines = rows.map((row) => ['Somebody', row.patientId, row.denominator, row.numerator].join(delimiter))
    const list = `\uFEFF${['Patient', 'MRN', 'Denominator', 'Numerator'].join(delimiter)}\r\n${lines.join('\r\n')}\r\n`
    const { text } = await send({ source: 'summit', list })
    expect([delimiter, text.includes(`${rows.length} of ${rows.length} listed patients agree`)]).toEqual([
      delimiter,
      true,
    ])
  }
})

test('counts alone are held against the people of that source', async () => {
  const rows = await resultsOf('summit')
  const found = rows.filter(({ denominator }) => denominator > 0).length
  const { text } = await send({ source: 'summit', denominator: String(found + 3) })
  expect(text).toMatch(/<strong>−3<\/strong>/)
})

test('a list that cannot be read is refused with its line, and its values are not repeated', async () => {
  for (const [list, wrong] of [
    ['patient,denominator\nsecret-1,maybe', 'Line 2 has neither yes nor no'],
    ['patient,denominator\nsecret-1,1\nsecret-1,0', 'Line 3 names the same patient as line 2'],
    ['name,denominator\nsecret-1,1', 'No column names the patient'],
    ['patient,colour\nsecret-1,1', 'No column tells of a population'],
    ['patient,denominator\n"secret-1,1', 'is no CSV'],
    ['patient,denominator,numerator\nsecret-1,1', 'Line 2 has 2 cells, and the first line 3'],
    ['patient,denominator\nsecret-1, the elder,1', 'Line 2 has 3 cells, and the first line 2'],
    ['patient,denominator,eligible\nsecret-1,1,0', 'Two columns tell of denominator'],
    ['', 'Give a list, or at least one count'],
    ['\uFEFF\n\n', 'Give a list, or at least one count'],
    ['patient,denominator', 'The list names nobody'],
  ] as const) {
    const { status, text } = await send({ source: 'harbor', list })
    expect([status, text.includes(wrong), text.includes('secret-1')]).toEqual([400, true, false])
  }
  expect((await send({ source: 'nowhere', list: 'patient,denominator' })).status).toBe(400)
  expect((await send({ source: 'harbor' })).text).toContain('Give a list, or at least one count')
})
