import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { LineCount } from './line-count.ts'

const counted = (pieces: readonly Buffer[], maxLineBytes = 1000) => {
  const count = new LineCount(maxLineBytes)
  for (const piece of pieces) count.push(piece)
  count.end()
  return { lines: count.lines, filled: count.filled }
}

test('however a text is cut, its lines and those that hold something are counted alike', () => {
  const line = fc.constantFrom('{"a":1}', '', ' ', '\t \r', 'x', ' {', '\u00a0', '\ufeff', '\ufeff{}', 'é漢')
  fc.assert(
    fc.property(fc.array(line), fc.boolean(), fc.array(fc.nat({ max: 60 })), (lines, isEnded, cuts) => {
      const text = Buffer.from(lines.join('\n') + (isEnded ? '\n' : ''))
      const places = [0, ...cuts.filter((cut) => cut < text.length).toSorted((a, b) => a - b), text.length]
      const pieces = places.slice(1).map((end, index) => text.subarray(places[index], end))
      const all = text.toString().split('\n')
      if (all.at(-1) === '') all.pop()
      expect(counted(pieces)).toEqual({ lines: all.length, filled: all.filter((one) => one.trim() !== '').length })
    }),
  )
})

test('a line beyond the limit counts as filled, in one piece or in many', () => {
  const spaces = Buffer.from(' '.repeat(50))
  expect(counted([Buffer.concat([spaces, Buffer.from('\n')])], 20)).toEqual({ lines: 1, filled: 1 })
  expect(counted([spaces.subarray(0, 10), spaces, Buffer.from('\n{}')], 20)).toEqual({ lines: 2, filled: 2 })
})
