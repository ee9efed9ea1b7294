import { expect, test } from 'vitest'
import { delimiterOf, parseCsv } from './csv.ts'

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

test('semicolons and tabs are delimiters where the first line has no comma', () => {
  expect([delimiterOf('a;b\n1,5;2'), delimiterOf('a\tb;c'), delimiterOf('a,b;c'), delimiterOf('a')]).toEqual([
    ';',
    '\t',
    ',',
    ',',
  ])
  expect(parseCsv('a;b\n"x;y";1,5', ';').records.map(({ cells }) => cells)).toEqual([
    ['a', 'b'],
    ['x;y', '1,5'],
  ])
})
