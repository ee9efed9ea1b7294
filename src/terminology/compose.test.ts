import { expect, test } from 'vitest'
import { readCodeSystem } from './code-system.ts'
import type { Terminology } from './compose.ts'
import { readFhirValueSet } from './fhir-value-set.ts'

const system = 'http://x/animals'
const animals = readCodeSystem({
  resourceType: 'CodeSystem',
  url: system,
  version: '1',
  content: 'complete',
  concept: [
    {
      code: 'mammal',
      concept: [
        {
          code: 'cat',
          display: 'Cat',
          property: [{ code: 'sound', valueString: 'meow' }],
          concept: [{ code: 'kitten' }],
        },
        { code: 'bat', property: [{ code: 'flies', valueBoolean: true }] },
      ],
    },
    { code: 'bird', property: [{ code: 'flies', valueBoolean: true }] },
    { code: 'gull', property: [{ code: 'parent', valueCode: 'bird' }] },
  ],
})
const terminology: Terminology = {
  codeSystem: (url) => (url === system ? animals : undefined),
  valueSet: (canonical) =>
    canonical === 'http://x/pets'
      ? [
          { system, code: 'cat' },
          { system, code: 'gull' },
        ]
      : undefined,
}

const read = (include: readonly object[], exclude?: readonly object[]) =>
  readFhirValueSet(
    { url: 'http://x/set', title: 'Tried', compose: { include, ...(exclude === undefined ? {} : { exclude }) } },
    { file: 'set.json' },
    terminology,
  )
const codes = (include: readonly object[], exclude?: readonly object[]) =>
  read(include, exclude).expansion?.members.map(({ code }) => code)
const filtered = (property: string, op: string, value: string) => ({ system, filter: [{ property, op, value }] })

test.each([
  [filtered('concept', 'is-a', 'cat'), ['cat', 'kitten']],
  [filtered('concept', 'descendent-of', 'mammal'), ['bat', 'cat', 'kitten']],
  [filtered('concept', 'is-a', 'bird'), ['bird', 'gull']],
  [filtered('concept', 'is-not-a', 'mammal'), ['bird', 'gull']],
  [filtered('sound', '=', 'meow'), ['cat']],
  [filtered('flies', '=', 'true'), ['bat', 'bird']],
  [filtered('concept', 'in', 'cat, bird'), ['bird', 'cat']],
  [filtered('flies', 'exists', 'false'), ['cat', 'gull', 'kitten', 'mammal']],
  [filtered('concept', 'generalizes', 'kitten'), ['cat', 'kitten', 'mammal']],
  [filtered('concept', 'child-of', 'mammal'), ['bat', 'cat']],
  [filtered('concept', 'not-in', 'cat,bird,gull'), ['bat', 'kitten', 'mammal']],
  [filtered('code', 'regex', '[bc]at'), ['bat', 'cat']],
  [filtered('display', 'regex', 'C'), undefined],
  [{ system }, ['bat', 'bird', 'cat', 'gull', 'kitten', 'mammal']],
  [{ valueSet: ['http://x/pets'] }, ['cat', 'gull']],
  [{ ...filtered('concept', 'is-a', 'mammal'), valueSet: ['http://x/pets'] }, ['cat']],
])('an include of %j', (include, expected) => {
  expect(codes([include])).toEqual(expected)
})

test('an exclude takes away what it gives, by filter or from another set', () => {
  expect(codes([{ system }], [filtered('concept', 'is-a', 'mammal')])).toEqual(['bird', 'gull'])
  expect(codes([{ system }], [{ valueSet: ['http://x/pets'] }])).toEqual(['bat', 'bird', 'kitten', 'mammal'])
})

test.each([
  ['a filter that is not supported', filtered('code', 'like', 'c'), /the filter "like" is not supported/],
  ['a regex that is none', filtered('code', 'regex', '(['), /the filter "regex" holds no regular expression/],
  ['a code system that is not there', { system: 'http://x/plants' }, /code system http:\/\/x\/plants is not at hand/],
  ['a value set that is not there', { valueSet: ['http://x/gone'] }, /value set http:\/\/x\/gone is not at hand/],
])('%s: the set is named, and only its flawed part is there', (_what, include, message) => {
  const { expansion, partial, diagnostics } = read([include])
  expect(expansion).toBeUndefined()
  expect(partial?.flaw).toMatch(message)
  expect(diagnostics).toMatchObject([{ code: 'terminology/not-expanded', severity: 'error' }])
  expect(diagnostics[0]?.message).toContain('"Tried" (http://x/set)')
})

test('a code system that is only a fragment answers no filter', () => {
  const fragment = readCodeSystem({ url: system, content: 'fragment', concept: [{ code: 'cat' }] })
  const result = readFhirValueSet(
    { url: 'http://x/set', compose: { include: [{ system }] } },
    { file: 'set.json' },
    { ...terminology, codeSystem: () => fragment },
  )
  expect(result.partial?.flaw).toMatch(/is not complete/)
})

test('parents in a circle end the search', () => {
  const concept = ['a', 'b'].map((code, index) => ({
    code,
    property: [{ code: 'parent', valueCode: ['b', 'a'][index] }],
  }))
  const circle = readCodeSystem({ url: system, content: 'complete', concept })
  const result = readFhirValueSet(
    { url: 'http://x/set', compose: { include: [filtered('concept', 'is-a', 'z')] } },
    { file: 'set.json' },
    { ...terminology, codeSystem: () => circle },
  )
  expect(result.diagnostics).toMatchObject([{ code: 'terminology/empty-value-set' }])
})
