import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  dateSql,
  dateTimeSql,
  lossyDateSql,
  lossyDateTimeSql,
  oddDateSql,
  oddDateTimeSql,
} from '../../src/store/typed-date.ts'
import { newStore } from './written-export.ts'

interface Read {
  readonly text: string
  readonly value: { lo: string; hi: string; offset_min: number | null; precision: number } | null
  readonly lossy: boolean
}

async function readAll(texts: readonly string[], value: string, lossy: string): Promise<Read[]> {
  const store = await newStore()
  return store.session.all<Read>(
    `SELECT text, ${value} AS value, ${lossy} AS lossy FROM (SELECT unnest(from_json($texts, '["VARCHAR"]')) AS text)`,
    { texts: JSON.stringify(texts) },
  )
}

const pad = (value: number, width = 2): string => String(value).padStart(width, '0')

interface Moment {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly fraction: string
  readonly zone: string
}

const moment: fc.Arbitrary<Moment> = fc.record({
  year: fc.integer({ min: 1, max: 9999 }),
  month: fc.integer({ min: 1, max: 12 }),
  day: fc.integer({ min: 1, max: 31 }),
  hour: fc.integer({ min: 0, max: 23 }),
  minute: fc.integer({ min: 0, max: 59 }),
  second: fc.integer({ min: 0, max: 59 }),
  fraction: fc.stringMatching(/^[0-9]{1,9}$/),
  zone: fc.oneof(
    fc.constantFrom('', 'Z', '+00:00', '-00:30', '+14:00', '-11:45'),
    fc.integer({ min: 0, max: 13 }).map((hour) => `-${pad(hour)}:15`),
  ),
})

const forms: readonly [precision: number, write: (m: Moment) => string][] = [
  [1, (m) => pad(m.year, 4)],
  [2, (m) => `${pad(m.year, 4)}-${pad(m.month)}`],
  [3, (m) => `${pad(m.year, 4)}-${pad(m.month)}-${pad(m.day)}`],
  [5, (m) => `${pad(m.year, 4)}-${pad(m.month)}-${pad(m.day)}T${pad(m.hour)}:${pad(m.minute)}${m.zone}`],
  [
    6,
    (m) => `${pad(m.year, 4)}-${pad(m.month)}-${pad(m.day)}T${pad(m.hour)}:${pad(m.minute)}:${pad(m.second)}${m.zone}`,
  ],
  [
    7,
    (m) =>
      `${pad(m.year, 4)}-${pad(m.month)}-${pad(m.day)}T${pad(m.hour)}:${pad(m.minute)}:${pad(m.second)}.${m.fraction}${m.zone}`,
  ],
]

/** Milliseconds since the epoch of a wall clock, years below 100 included. */
function utc(year: number, month: number, day: number, hour = 0, minute = 0, second = 0, ms = 0): number {
  const date = new Date(Date.UTC(2000, 0, 1, hour, minute, second, ms))
  date.setUTCFullYear(year, month - 1, day)
  return date.getTime()
}

/** What the specification says a text means: independent of SQL, by JavaScript's calendar. */
function expected(m: Moment, precision: number): { lo: number; hi: number; offset: number | null } | null {
  const days = new Date(utc(m.year, m.month + 1, 0)).getUTCDate()
  if (precision >= 3 && m.day > days) return null
  const offset = precision <= 3 || m.zone === '' ? null : m.zone === 'Z' ? 0 : offsetOf(m.zone)
  if (precision === 1) return { lo: utc(m.year, 1, 1), hi: utc(m.year + 1, 1, 1) - 1, offset }
  if (precision === 2) return { lo: utc(m.year, m.month, 1), hi: utc(m.year, m.month + 1, 1) - 1, offset }
  if (precision === 3) return { lo: utc(m.year, m.month, m.day), hi: utc(m.year, m.month, m.day + 1) - 1, offset }
  const second = precision >= 6 ? m.second : 0
  const ms = precision === 7 ? Number(m.fraction.slice(0, 3).padEnd(3, '0')) : 0
  const lo = utc(m.year, m.month, m.day, m.hour, m.minute, second, ms)
  return { lo, hi: lo + (precision === 7 ? 0 : precision === 6 ? 999 : 59_999), offset }
}

function offsetOf(zone: string): number {
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4))
  return zone.startsWith('-') && minutes !== 0 ? -minutes : minutes
}

const millis = (text: string): number => {
  const [, year = '', month = '', day = '', hour = '0', minute = '0', second = '0', fraction = ''] =
    /^(\d+)-(\d+)-(\d+)(?: (\d+):(\d+):(\d+)(?:\.(\d+))?)?$/.exec(text) ?? []
  return utc(
    Number(year),
    Number(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(fraction.padEnd(3, '0')),
  )
}

test('a dateTime means what its precision says: first and last millisecond, offset, precision', async () => {
  const sample = fc.sample(fc.tuple(moment, fc.constantFrom(...forms)), 4000)
  const rows = await readAll(
    sample.map(([m, [, write]]) => write(m)),
    dateTimeSql('text'),
    lossyDateTimeSql('text'),
  )
  const byText = new Map(rows.map((row) => [row.text, row]))
  for (const [m, [precision, write]] of sample) {
    const text = write(m)
    const row = byText.get(text)
    const meant = expected(m, precision)
    if (meant === null) {
      expect(row, text).toMatchObject({ lossy: true })
      continue
    }
    const value = row?.value
    expect([text, value && millis(value.lo), value && millis(value.hi), value?.offset_min, value?.precision]).toEqual([
      text,
      meant.lo,
      meant.hi,
      meant.offset,
      precision,
    ])
    expect([text, row?.lossy]).toEqual([text, precision === 7 && /[1-9]/.test(m.fraction.slice(3))])
  }
})

test('a date means what its precision says', async () => {
  const sample = fc.sample(fc.tuple(moment, fc.constantFrom(...forms.slice(0, 3))), 2000)
  const rows = await readAll(
    sample.map(([m, [, write]]) => write(m)),
    dateSql('text'),
    lossyDateSql('text'),
  )
  const byText = new Map(rows.map((row) => [row.text, row]))
  const day = 86_400_000
  for (const [m, [precision, write]] of sample) {
    const text = write(m)
    const row = byText.get(text)
    const meant = expected(m, precision)
    if (meant === null) expect(row, text).toMatchObject({ lossy: true })
    else
      expect([
        text,
        row?.lossy,
        millis(row?.value?.lo ?? ''),
        millis(row?.value?.hi ?? ''),
        row?.value?.precision,
      ]).toEqual([text, false, meant.lo, Math.floor(meant.hi / day) * day, precision])
  }
})

test('anything else is no date: said to be lossy, so that its value is not looked at', async () => {
  const texts = [
    '',
    ' ',
    '2020-1-1',
    '2020-13',
    '2020-00',
    '2020-02-30',
    '2021-02-29',
    '1900-02-29',
    '20200101',
    '2020/01/01',
    '0000',
    '0000-01-01',
    '+2020',
    '-2020',
    '2020-01-01 10:00:00Z',
    '2020-01-01T24:00:00Z',
    '2020-01-01T10:00:60Z',
    '2020-01-01T10',
    '2020-01-01T10:00:00+15:00',
    '2020-01-01T10:00:00.Z',
    '2020-01-01T10:00:00Z ',
    '2020-01-01T10:00:00z',
    'yesterday',
    'epoch',
    'infinity',
    '2020-01T10:00:00Z',
    '99999',
  ]
  for (const row of await readAll(texts, dateTimeSql('text'), lossyDateTimeSql('text')))
    expect([row.text, row.lossy]).toEqual([row.text, true])
  for (const row of await readAll([...texts, '2020-01-01T10:00:00Z'], dateSql('text'), lossyDateSql('text')))
    expect([row.text, row.lossy]).toEqual([row.text, true])
  for (const row of await readAll(['2020-02-29', '2000-02-29'], dateTimeSql('text'), lossyDateTimeSql('text')))
    expect(row.lossy).toBe(false)
})

test('the quick check finds every text that the exact one does, and passes the common forms', async () => {
  const sample = fc.sample(fc.tuple(moment, fc.constantFrom(...forms)), 4000).map(([m, [, write]]) => write(m))
  const near = [
    '2020T10:00:00Z',
    '2020-01T10:00:00Z',
    '2020-02-29',
    '2020-01-01T10:00',
    '2020-01-01T10:00:00',
    '2020-11-31',
    '',
  ]
  const store = await newStore()
  const missed = await store.session.all(
    `SELECT text FROM (SELECT unnest(from_json($texts, '["VARCHAR"]')) AS text)
     WHERE ${lossyDateTimeSql('text')} > ${oddDateTimeSql('text')} OR ${lossyDateSql('text')} > ${oddDateSql('text')}`,
    { texts: JSON.stringify([...sample, ...near]) },
  )
  expect(missed).toEqual([])
  const common = [
    '2026',
    '2026-12',
    '2026-12-31',
    '2026-04-30',
    '2026-02-28',
    '2026-03-31T20:15:00-05:00',
    '2026-01-01T00:00:00.123Z',
  ]
  const odd = await readAll(common, '1', oddDateTimeSql('text'))
  expect(odd.filter((row) => row.lossy)).toEqual([])
})
