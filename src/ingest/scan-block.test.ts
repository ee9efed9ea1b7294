import { expect, test } from 'vitest'
import { scanBlock } from './scan-block.ts'

const laxOf = (...lines: string[]): number[] =>
  scanBlock(Buffer.from(lines.map((line) => `${line}\n`).join(''))).lax.map(({ line }) => line)

test('what only a lax JSON reader takes is told of: in any writing, with a sign, with blanks, in lists and objects', () => {
  const literals = ['nan', 'NaN', 'NAN', 'inf', 'INF', 'Infinity', 'infinity'].flatMap((word) =>
    ['', '-', '+'].flatMap((sign) => ['', ' ', '\t', '\u0001'].map((blank) => `${blank}${sign}${word}`)),
  )
  const lines = literals.flatMap((literal) => [
    `{"a":${literal}}`,
    `{"a":${literal} ,"b":1}`,
    `{"a":[${literal}]}`,
    `{"a":[1,${literal}\t]}`,
  ])
  expect(laxOf(...lines)).toEqual(lines.map((_, index) => index))
  expect(laxOf('{"a":1,}', '{"a":[1, ]}')).toEqual([0, 1])
})

test('words of a text that begin alike are not, nor is anything else of a sound line', () => {
  expect(
    laxOf(
      '{"text":"Influenza, seasonal (information of an infarction)","code":"nano-particles"}',
      '{"text":"an infant"}',
      '{"a":[1,-2.5e7],"b":{},"c":[]}',
    ),
  ).toEqual([])
})
