import { array, assert, constantFrom, integer, property } from 'fast-check'
import { expect, test } from 'vitest'
import { type CheckedText, LineCheck } from './line-check.ts'

function check(text: string | Buffer, chunkBytes: number): CheckedText {
  const bytes = Buffer.from(text)
  const lines = new LineCheck()
  for (let at = 0; at < bytes.length; at += chunkBytes) lines.push(bytes.subarray(at, at + chunkBytes))
  return lines.end()
}

test.each([
  ['', 0, false],
  ['{}', 1, false],
  ['{}\n{}\n', 2, false],
  ['\r\n\n {}\r\n\t\n{}', 2, false],
  ['{}\n{"a', 2, true],
  ['{}\n{"a\n', 2, false],
  ['\uFEFF{}', 1, false],
  ['{"a":"\u2028\u2029\u0085"}\n', 1, false],
])('%o has %i lines, and ends broken: %o', (text, lines, endsBroken) => {
  for (const bytes of [1, 2, 3, 100]) expect(check(text, bytes)).toMatchObject({ lines, endsBroken })
})

test('chunks of any size see the same', () => {
  const line = constantFrom('{}', '', '  ', '{"code":"SUBSETTED"}', '😀', '<html>', '{"a":"ä"}')
  assert(
    property(array(line), integer({ min: 1, max: 30 }), constantFrom('\n', '\r\n'), (parts, bytes, end) => {
      const text = parts.join(end)
      expect(check(text, bytes)).toEqual(check(text, 10_000))
      expect(check(text, bytes).hasSubset).toBe(text.includes('"SUBSETTED"'))
      expect(check(text, bytes).lines).toBe(text.split('\n').filter((part) => part.trim() !== '').length)
    }),
  )
})

test('a page is told from data by its first letter', () => {
  expect(check(' \n<!doctype html>', 3).isMarkup).toBe(true)
  expect(check('\uFEFF{"a":"<b>"}', 3).isMarkup).toBe(false)
})
