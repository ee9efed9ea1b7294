import { expect, test } from 'vitest'
import { parseCqlHeader } from './cql-header.ts'

test('reads library, models and includes with their places', () => {
  const header = parseCqlHeader(`library "My Logic" version '2.1'
using FHIR version '4.0.1'
  include org.example.Dates version '1.0' called D
include Status called S
context Patient
define A: 1`)
  expect(header).toEqual({
    library: { name: 'My Logic', version: '2.1', line: 1, column: 1 },
    usings: [{ name: 'FHIR', version: '4.0.1', line: 2, column: 1 }],
    includes: [
      { name: 'Dates', version: '1.0', line: 3, column: 3 },
      { name: 'Status', line: 4, column: 1 },
    ],
  })
})

test('words in comments, texts and quoted names are no declarations', () => {
  const header = parseCqlHeader(`// library A
/* include B version '1' called B
   using C */
library Real
define "include D version '1'": 'using E' + "include F"
define G: x.include`)
  expect(header.library?.name).toBe('Real')
  expect(header.usings).toEqual([])
  expect(header.includes).toEqual([])
})

test('a text without a library declaration has none', () => {
  expect(parseCqlHeader('define A: 1').library).toBeUndefined()
})
