import { expect, test } from 'vitest'
import { defaultConfig } from '../../src/base/index.ts'
import type { Store } from '../../src/store/index.ts'
import { contents, lines, load, manifest, newFolder, newStore, observation, patient, write } from './written-export.ts'

interface Quarantined {
  readonly line_no: string
  readonly byte_offset: string
  readonly code: string
  readonly reason: string
  readonly hex: string
}

const quarantined = (store: Store): Promise<Quarantined[]> =>
  store.session.all(`SELECT line_no, byte_offset, code, reason, hex(text) AS hex FROM quarantine ORDER BY line_no`)

const hex = (text: string | Buffer): string => Buffer.from(text).toString('hex').toUpperCase()

const bomb = `{"resourceType":"Patient","id":"b","x":${'['.repeat(3000)}${']'.repeat(3000)}}`

const cases: readonly [what: string, line: string | Buffer, code: string, reason: RegExp][] = [
  ['not JSON', 'hello', 'ingest/invalid-json', /Not valid JSON/],
  ['JSON with an error inside', '{"resourceType":"Patient","id":"x",}', 'ingest/invalid-json', /character 36/],
  ['NaN', '{"resourceType":"Patient","id":"x","v":NaN}', 'ingest/invalid-json', /Not valid JSON/],
  ['nan in small letters', '{"resourceType":"Patient","id":"x","v":nan}', 'ingest/invalid-json', /Not valid JSON/],
  ['infinity below zero', '{"resourceType":"Patient","id":"x","v":[1, -Infinity]}', 'ingest/invalid-json', /JSON/],
  ['inf after a tab', '{"resourceType":"Patient","id":"x","v":\tinf}', 'ingest/invalid-json', /Not valid JSON/],
  ['a cut line in the middle of a file', '{"resourceType":"Patient","id":"x","na', 'ingest/invalid-json', /JSON/],
  ['an array', '[{"resourceType":"Patient","id":"x"}]', 'ingest/not-an-object', /not an object/],
  ['a number', '17', 'ingest/not-an-object', /not an object/],
  ['no resourceType', '{"id":"x"}', 'ingest/no-resource-type', /resourceType/],
  ['a resourceType that is no name', '{"resourceType":"pa tient","id":"x"}', 'ingest/no-resource-type', /type name/],
  ['no id', '{"resourceType":"Patient"}', 'ingest/no-id', /no id/],
  ['an id that is a number', '{"resourceType":"Patient","id":17}', 'ingest/no-id', /no id/],
  ['an empty id', '{"resourceType":"Patient","id":""}', 'ingest/no-id', /no id/],
  ['invalid UTF-8', Buffer.from('{"resourceType":"Patient","id":"\xffx"}', 'latin1'), 'ingest/invalid-utf8', /byte 33/],
  ['a NUL', '{"resourceType":"Patient","id":"x\0"}', 'ingest/nul-byte', /byte 34/],
  ['a nesting bomb', bomb, 'ingest/nested-too-deep', /deeper than 500/],
  ['a tab inside a text', '{"resourceType":"Patient","id":"x","g":"a\tb"}', 'ingest/invalid-json', /Not valid JSON/],
]

test.each(cases)(
  '%s: the line is quarantined with its place and bytes, its neighbours go in',
  async (_, bad, code, reason) => {
    const before = lines(patient('1'))
    const file = Buffer.concat([Buffer.from(before), Buffer.from(bad), Buffer.from(lines('', patient('2')))])
    const store = await newStore()
    const report = await load(store, write(newFolder(), { 'Patient.ndjson': file }), { source: 'ehr' })

    expect(report.exitCode).toBe(1)
    expect(report.total).toMatchObject({ lines: 3, blank: 0, good: 2, quarantined: 1, inserted: 2 })
    const [found, ...others] = await quarantined(store)
    expect(others).toEqual([])
    expect(found).toMatchObject({ line_no: '2', byte_offset: String(before.length), code, hex: hex(bad) })
    expect(found?.reason).toMatch(reason)
    expect(report.exports[0]?.quarantine).toMatchObject([
      { code, message: found?.reason, place: { file: expect.stringMatching(/Patient\.ndjson$/), line: 2 } },
    ])
    expect(await contents(store)).toEqual([
      'ehr Patient/1 {"resourceType":"Patient","id":"1"}',
      'ehr Patient/2 {"resourceType":"Patient","id":"2"}',
    ])
  },
)

test('a file that ends in the middle of a line says so', async () => {
  const store = await newStore()
  const cut = '{"resourceType":"Patient","id":"2","birthDa'
  const report = await load(store, write(newFolder(), { 'Patient.ndjson': lines(patient('1')) + cut }))
  expect(report.total).toMatchObject({ lines: 2, good: 1, quarantined: 1 })
  expect(await quarantined(store)).toMatchObject([{ line_no: '2', code: 'ingest/truncated-line', hex: hex(cut) }])
})

test('a last line without a line feed is whole', async () => {
  const store = await newStore()
  const report = await load(store, write(newFolder(), { 'Patient.ndjson': lines(patient('1')).trimEnd() }))
  expect(report).toMatchObject({ exitCode: 0, total: { lines: 1, good: 1 } })
})

test.each([[100], [10_000]])('a line over the limit of %i bytes is quarantined, whatever the block', async (limit) => {
  const long = JSON.stringify(patient('long', { note: 'x'.repeat(3 * 1024 * 1024) }))
  const text = lines(patient('1'), long, patient('2'))
  const config = { ...defaultConfig, ingest: { ...defaultConfig.ingest, maxLineBytes: limit } }
  const store = await newStore()
  const report = await load(store, write(newFolder(), { 'Patient.ndjson': text }), { config, blockBytes: 1000 })
  expect(report.total).toMatchObject({ lines: 3, good: 2, quarantined: 1 })
  const [found] = await quarantined(store)
  expect(found).toMatchObject({
    line_no: '2',
    byte_offset: String(lines(patient('1')).length),
    code: 'ingest/line-too-long',
  })
  expect(found?.reason).toContain(`${long.length} bytes, the limit is ${limit}`)
  expect(Buffer.from(found?.hex ?? '', 'hex').toString()).toBe(long.slice(0, 64 * 1024))
})

test('byte order mark, carriage returns and blank lines are no faults, and leave the text as it was', async () => {
  const store = await newStore()
  const text = `\ufeff${JSON.stringify(patient('1'))}\r\n\r\n   \n${JSON.stringify(patient('2'))}\r\n\n`
  const report = await load(store, write(newFolder(), { 'Patient.ndjson': text }), { source: 'ehr' })
  expect(report).toMatchObject({ exitCode: 0, total: { lines: 2, blank: 3, good: 2, quarantined: 0 } })
  expect(await contents(store)).toEqual([
    'ehr Patient/1 {"resourceType":"Patient","id":"1"}',
    'ehr Patient/2 {"resourceType":"Patient","id":"2"}',
  ])
})

test('a carriage return between two tokens is white space; one inside a text is a fault', async () => {
  const store = await newStore()
  const text = `{"resourceType":"Patient",\r"id":"1"}\n{"resourceType":"Patient","id":"2","gender":"ma\rle"}\n`
  const report = await load(store, write(newFolder(), { 'Patient.ndjson': text }), { source: 'ehr' })
  expect(report.total).toMatchObject({ lines: 2, good: 1, quarantined: 1 })
  expect(await quarantined(store)).toMatchObject([{ line_no: '2', code: 'ingest/invalid-json' }])
})

test('numbers of any length and every character are kept as written', async () => {
  const raw =
    '{"resourceType":"Basic", "id":"1","v":[1.500,123456789012345678.123456789,1E-7],"t":"\\u00e9 é 漢 😀 , } ] \\" NaN"}'
  const store = await newStore()
  const report = await load(store, write(newFolder(), { 'Basic.ndjson': lines(raw) }), { source: 'ehr' })
  expect(report.exitCode).toBe(0)
  expect(await contents(store)).toEqual([`ehr Basic/1 ${raw}`])
})

test('a resource of another type than declared is loaded as what it is, with a warning', async () => {
  const folder = write(newFolder(), {
    'manifest.json': manifest({ type: 'Patient', url: 'a.ndjson', count: 2 }),
    'a.ndjson': lines(patient('1'), observation('o', '1')),
  })
  const store = await newStore()
  const report = await load(store, folder)
  expect(report).toMatchObject({ exitCode: 0, total: { good: 2 } })
  expect(report.exports[0]?.diagnostics).toMatchObject([{ code: 'ingest/other-type', severity: 'warning' }])
})

test('many faults in many blocks all keep their place', async () => {
  const texts = Array.from({ length: 5000 }, (_, index) =>
    index % 7 === 3 ? `bad ${index}` : JSON.stringify(patient(`p${index}`)),
  )
  const store = await newStore()
  const report = await load(store, write(newFolder(), { 'Patient.ndjson': lines(...texts) }), { blockBytes: 4096 })
  const bad = texts.flatMap((text, index) => (text.startsWith('bad') ? [{ text, line: index + 1 }] : []))
  expect(report.total).toMatchObject({ lines: 5000, quarantined: bad.length, good: 5000 - bad.length })
  let offset = 0
  const offsets = texts.map((text) => {
    const start = offset
    offset += text.length + 1
    return start
  })
  expect((await quarantined(store)).map((row) => [row.line_no, row.byte_offset, row.hex])).toEqual(
    bad.map(({ text, line }) => [String(line), String(offsets[line - 1]), hex(text)]),
  )
})

test('sections of a manifest that are not acted on are told', async () => {
  const sections = { output: [{ url: 'a.ndjson' }], deleted: [{ type: 'Bundle', url: 'gone.ndjson' }], error: [] }
  const folder = write(newFolder(), { 'manifest.json': JSON.stringify(sections), 'a.ndjson': lines(patient('1')) })
  const report = await load(await newStore(), folder)
  expect(report.exports[0]?.diagnostics).toMatchObject([
    { code: 'ingest/section-not-read', severity: 'warning', message: expect.stringContaining('deleted') },
  ])
})
