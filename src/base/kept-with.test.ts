import { expect, test } from 'vitest'
import { KeptWith } from './kept-with.ts'

test('what is found of a thing is found once, is seen by nobody, and is not of its copies', () => {
  const lengths = new KeptWith<{ readonly text: string }, { readonly length: number }>()
  const thing = { text: 'abc' }
  const first = lengths.of(thing, ({ text }) => ({ length: text.length }))
  expect(lengths.of(thing, () => expect.unreachable())).toBe(first)
  expect(JSON.stringify(thing)).toBe('{"text":"abc"}')
  expect(structuredClone(thing)).toEqual({ text: 'abc' })
  expect(lengths.of({ ...thing, text: 'abcd' }, ({ text }) => ({ length: text.length }))).toEqual({ length: 4 })
  expect(lengths.of(Object.freeze({ text: '' }), () => ({ length: 0 }))).toEqual({ length: 0 })
})
