import { expect, test } from 'vitest'
import { parseCsv } from './csv.ts'

test('cells, quotes, doubled quotes and line breaks within them, each record with its line', () => {
  const text = '\uFEFFa,b\r\n"x, ""y""","two\nlines"\n\n,\nlast,"",\n'
  expect(parseCsv(text)).toEqual({
    records: [
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['x, "y"', 'two\nlines'] },
      { line: 6, cells: ['last', '', ''] },
    ],
  })
})

test('a text without a last line break, and one that ends in a comma', () => {
  expect(parseCsv('a,b\nc,').records).toEqual([
    { line: 1, cells: ['a', 'b'] },
    { line: 2, cells: ['c', ''] },
  ])
})

test.each(['a\n"b', 'a\nb"c",d', 'a\n"b"c'])('%j is broken in line 2', (text) => {
  expect(parseCsv(text).brokenAt).toBe(2)
})
