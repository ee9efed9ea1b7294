import { expect, test } from 'vitest'
import { joinPages, readInstant, readManifestPage } from './manifest.ts'
import { nextSince } from './watermark.ts'

const url = new URL('https://ehr.example/status/1')

test.each([
  ['2026-03-01T00:00:00Z', '2026-03-01T00:00:00.000Z'],
  ['2026-03-01T00:00Z', '2026-03-01T00:00:00.000Z'],
  ['2026-03-01 00:00:00.123456789+0100', '2026-02-28T23:00:00.123Z'],
  ['2026-03-01T00:00:00-05:00', '2026-03-01T05:00:00.000Z'],
  ['2026-03-01T00:00:00', undefined],
  ['2026-03-01', undefined],
  ['2026-13-01T00:00:00Z', undefined],
  ['yesterday', undefined],
])('the instant %o is %o', (text, instant) => {
  const ms = readInstant(text)
  expect(ms === undefined ? undefined : new Date(ms).toISOString()).toBe(instant)
})

test('manifests of 2.0, 3.0 and 4.0: what is missing or unknown does not matter', () => {
  const files = [{ type: 'Patient', url: 'https://ehr.example/1', count: 'many', more: 1 }]
  const page = readManifestPage({ output: files, outcome: [{ url: 'https://ehr.example/2' }], JobID: 7 }, url, 0)
  expect(page?.files.map(({ section, type, count }) => [section, type, count])).toEqual([
    ['output', 'Patient', undefined],
    ['error', undefined, undefined],
  ])
  expect(page?.requiresAccessToken).toBe(true)
  expect(readManifestPage({ output: [], requiresAccessToken: false }, url, 0)?.requiresAccessToken).toBe(false)
  for (const none of [undefined, null, [], {}, { output: 'none' }, { output: [{ type: 'Patient' }] }])
    expect(readManifestPage(none, url, 0)).toBeUndefined()
})

test('of several pages the earliest time counts', () => {
  const pages = ['2026-03-02T00:00:00Z', '2026-03-01T23:00:00-05:00', '2026-03-01T00:00:00Z'].flatMap(
    (transactionTime) => readManifestPage({ transactionTime, output: [] }, url, 0) ?? [],
  )
  expect(joinPages(pages).transactionTime).toBe('2026-03-01T00:00:00Z')
})

test('the next pull asks from the earlier of two clocks, less the overlap', () => {
  const begun = 'Sun, 01 Mar 2026 00:00:00 GMT'
  expect(nextSince('2026-03-01T02:00:00Z', begun, 15)).toBe('2026-02-28T23:45:00.000Z')
  expect(nextSince('2026-02-28T02:00:00Z', begun, 0)).toBe('2026-02-28T02:00:00.000Z')
  expect(nextSince('2026-02-28T02:00:00Z', null, 0)).toBe('2026-02-28T02:00:00.000Z')
  expect(nextSince('yesterday', begun, 0)).toBeUndefined()
})
