import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CaregapError } from '../../src/base/index.ts'
import { importRoster } from '../../src/identity/index.ts'
import { readRoster } from '../../src/identity/roster-rows.ts'
import { openStore } from '../../src/store/index.ts'

const header = 'NPI,TIN,practice,provider,from,to'
const faults = (...lines: string[]) =>
  readRoster(lines.join('\n'), 'roster.csv').diagnostics.map(
    ({ place, message }) => `${place?.line}${place?.element === undefined ? '' : ` ${place.element}`}: ${message}`,
  )

test('rows are read whatever the order of columns and the case of their names', () => {
  const text = 'from,to,practice,tin,npi\n2024-01-01,,"Lake, West",12-3456789, 1234567893 '
  expect(readRoster(text, 'roster.csv')).toEqual({
    diagnostics: [],
    rows: [
      { npi: '1234567893', tin: '123456789', practice: 'Lake, West', provider: null, from: '2024-01-01', to: null },
    ],
  })
})

test('every fault is named with its line', () => {
  expect(
    faults(
      header,
      '1234567890,123456789,Lake,,,',
      '1234567893,12345,,,2024-02-30,yesterday',
      '1234567893,123456789,Lake,,2024-05-01,2024-04-30',
      '1234567893,123456789',
    ),
  ).toEqual([
    '2 npi: The NPI is not ten digits with a right check digit.',
    '3 tin: The TIN is not nine digits.',
    '3 practice: The practice has no name.',
    '3 from: The first day is not a date.',
    '3 to: The last day is not a date.',
    '4 to: The last day lies before the first.',
    '5: The row has 2 cells, the header 6.',
    '5 practice: The practice has no name.',
    '5: The row overlaps line 4: the same NPI and TIN at the same time.',
  ])
})

test.each([
  [['1234567893,123456789,Lake,,2024-01-01,2024-06-30', '1234567893,123456789,Lake,,2024-07-01,'], []],
  [['1234567893,123456789,Lake,,2024-01-01,', '1234567893,987654321,Hill,,2024-01-01,'], []],
  [
    ['1234567893,123456789,Lake,,2024-01-01,2024-06-30', '1234567893,123456789,Lake,,2024-06-30,'],
    ['3: The row overlaps line 2: the same NPI and TIN at the same time.'],
  ],
  [
    ['1234567893,123456789,Lake,,,', '1234567893,123456789,Lake,Dr Roe,,'],
    ['3: The row repeats line 2: the same NPI and TIN at the same time.'],
  ],
])('of %o the overlaps are %o', (rows, expected) => {
  expect(faults(header, ...rows)).toEqual(expected)
})

test.each([
  [
    ['NPI,practice,from,to,start', 'x'],
    ['1: The column tin is missing.', '1: The column "start" is unknown or stands twice.'],
  ],
  [[''], ['1: The roster has no rows.']],
  [[header], ['1: The roster has no rows.']],
  [
    [header, '1234567893,123456789,"Lake'],
    ['1: The roster has no rows.', '2: A quoted cell does not end, or a quote stands in the middle of a cell.'],
  ],
])('%o is refused', (lines, expected) => {
  expect(faults(...lines)).toEqual(expected)
})

const fileWith = (text: string | Uint8Array) => {
  const file = join(mkdtempSync(join(tmpdir(), 'caregap-roster-')), 'roster.csv')
  writeFileSync(file, text)
  return file
}

test('a roster replaces the one that stands; one with a fault leaves it', async () => {
  const { session } = await openStore({ path: ':memory:' })
  const rows = () => session.all('SELECT npi, tin, from_date, to_date FROM roster')
  const good = await importRoster(session, fileWith(`${header}\n1234567893,123456789,Lake,Dr Roe,2024-01-01,\n`))
  expect(good).toEqual({ rows: 1, providers: 1, practices: 1 })
  expect(await rows()).toEqual([{ npi: '1234567893', tin: '123456789', from_date: '2024-01-01', to_date: null }])
  const refused = importRoster(session, fileWith(`${header}\n1234567890,123456789,Lake,,,\n`))
  await expect(refused).rejects.toThrow(/roster\.csv:npi:2: The NPI is not/)
  await expect(refused).rejects.toMatchObject({ exitCode: 3 })
  expect(await rows()).toHaveLength(1)
})

test.each([
  ['missing', '/nowhere/roster.csv'],
  ['not UTF-8', fileWith(Buffer.from([0x4e, 0xff]))],
])('a file that is %s is refused', async (_, file) => {
  const { session } = await openStore({ path: ':memory:' })
  const refused = importRoster(session, file)
  await expect(refused).rejects.toBeInstanceOf(CaregapError)
  await expect(refused).rejects.toThrow(/The roster cannot be read/)
})
