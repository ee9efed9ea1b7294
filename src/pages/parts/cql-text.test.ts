import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutCql } from './cql-text.tsx'
import { textsOfDefines } from './define-text.ts'

test('keywords, names, strings and comments are told apart', () => {
  const kinds = cutCql(`define "A": exists [Condition: "B"] c where c.x = 'where' // where`)
    .filter(({ kind }) => kind !== undefined)
    .map(({ text, kind }) => `${kind} ${text}`)
  expect(kinds).toEqual([
    'keyword define',
    'name "A"',
    'keyword exists',
    'name "B"',
    'keyword where',
    "string 'where'",
    'comment // where',
  ])
})

test('the pieces are the text, whatever it holds', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(`'`, '"', '\\', '/', '*', '\n', ' ', 'define', 'x', '9') }),
      (text) => {
        expect(
          cutCql(text)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(text)
      },
    ),
  )
})

const library = `library L version '1'

define "A":
  exists "B"

/* About B,
define nothing here */
define "B":
  [Observation]

// A function.
define fluent function "f"(x Integer):
  x

define function "f"(x Decimal):
  x
define private Plain: 1
`

test('each define has its own text, without the comments of the next', () => {
  const texts = textsOfDefines(library)
  expect([...texts.keys()]).toEqual(['A', 'B', 'f', 'Plain'])
  expect(texts.get('A')).toBe('define "A":\n  exists "B"')
  expect(texts.get('B')).toBe('define "B":\n  [Observation]')
  expect(texts.get('f')).toContain('x Integer')
  expect(texts.get('f')).toContain('x Decimal')
})
