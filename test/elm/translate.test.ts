import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { type Diagnostic, unwrap } from '../../src/base/index.ts'
import { cqlSource, type TranslationRequest, translate } from '../../src/elm/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'caregap-elm-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Translates texts, the first of which is asked for, with a cache of the test's own. */
function translateTexts(name: string, texts: readonly string[], more: Partial<TranslationRequest> = {}) {
  return translate({ name, sources: texts.map((text) => cqlSource(text)), cacheDir: folder, ...more })
}

/** A library that comes in several versions. */
const low = (version: string) => `library Low version '${version}'\ndefine One: ${version}`

const places = (diagnostics: readonly Diagnostic[]) =>
  diagnostics.map(({ code, place }) => [code, place?.library, place?.line, place?.column])

test('gives the library with all that it includes, dependency first, with result types and places', async () => {
  const closure = unwrap(
    await translateTexts('Top', [
      `library Top version '1'\ninclude Low version '1' called Low\ndefine Two: Low.One + 1`,
      `library Low version '1'\ndefine One: 1`,
      `library Other version '1'\ndefine Broken: nothing`,
    ]),
  )
  expect(closure.libraries.map((library) => library.identifier)).toEqual([
    { id: 'Low', version: '1' },
    { id: 'Top', version: '1' },
  ])
  expect(closure.main.identifier.id).toBe('Top')
  expect(closure.cql.get('Low')).toContain('define One: 1')
  const two = closure.main.statements?.def.find((statement) => statement.name === 'Two')
  expect(two?.expression).toMatchObject({
    type: 'Add',
    locator: '3:13-3:23',
    resultTypeName: '{urn:hl7-org:elm-types:r1}Integer',
  })
})

test('every error of every library stops it, each with library, line and column', async () => {
  const result = await translateTexts('Top', [
    `library Top version '1'\ninclude Low version '1' called Low\ndefine A: Low.One + 'x'\ndefine B: nowhere`,
    `library Low version '1'\ndefine One: 1\ndefine Bad: [Nonsense]`,
  ])
  expect(result.ok).toBe(false)
  expect(places(result.diagnostics)).toEqual([
    ['elm/translation', 'Low', 3, 13],
    ['elm/translation', 'Top', 3, 11],
    ['elm/translation', 'Top', 4, 11],
  ])
  expect(result.diagnostics.map((diagnostic) => diagnostic.message).join('\n')).toMatch(
    /Nonsense[\s\S]*Add[\s\S]*nowhere/,
  )
  expect(result.diagnostics.every((diagnostic) => diagnostic.severity === 'error')).toBe(true)
})

test('a syntax error is an error with its place', async () => {
  const result = await translateTexts('Cut', [`library Cut\ndefine A: 1 +`])
  expect(result.ok).toBe(false)
  expect(result.diagnostics.map(({ message }) => message).join('\n')).toContain('Syntax error')
})

test('an invalid unit is an error', async () => {
  const result = await translateTexts('Unit', [`library Unit\ndefine A: 5 'mmHg'\ndefine B: 5 'mm[Hg]'`])
  expect(result.ok).toBe(false)
  expect(result.diagnostics.map(({ message }) => message)).toEqual([expect.stringContaining('mmHg')])
})

test('a missing include is named with its place', async () => {
  const result = await translateTexts('Top', [`library Top\n\n  include Gone version '3' called G\ndefine A: 1`])
  expect(places(result.diagnostics)).toEqual([['elm/missing-library', 'Top', 3, 3]])
  expect(result.diagnostics[0]?.message).toContain('Gone|3')
})

test('an include of another version says which are there', async () => {
  const result = await translateTexts('Top', [
    `library Top\ninclude Low version '3' called Low\ndefine A: 1`,
    low('1'),
    low('2'),
  ])
  expect(places(result.diagnostics)).toEqual([['elm/wrong-library-version', 'Top', 2, 1]])
  expect(result.diagnostics[0]?.message).toMatch(/Low\|3.*Low\|1.*Low\|2/)
})

test('an include without a version is ambiguous where two versions are there', async () => {
  const result = await translateTexts('Top', [`library Top\ninclude Low called Low\ndefine A: 1`, low('1'), low('2')])
  expect(places(result.diagnostics)).toEqual([['elm/ambiguous-library', 'Top', 2, 1]])
})

test('two versions of a library live in one closure where each is asked for', async () => {
  const closure = unwrap(
    await translateTexts('Top', [
      `library Top\ninclude Low version '1' called A\ninclude Low version '2' called B\ndefine C: A.One + B.One`,
      low('1'),
      low('2'),
    ]),
  )
  expect(closure.libraries.map(({ identifier }) => `${identifier.id}|${identifier.version}`)).toEqual([
    'Low|1',
    'Low|2',
    'Top|undefined',
  ])
})

test('includes in a circle are named as the circle', async () => {
  const result = await translateTexts('A', [
    `library A\ninclude B called B\ndefine X: 1`,
    `library B\ninclude C called C\ndefine X: 1`,
    `library C\ninclude A called A\ndefine X: 1`,
  ])
  expect(places(result.diagnostics)).toEqual([['elm/cyclic-include', 'C', 2, 1]])
  expect(result.diagnostics[0]?.message).toContain('A -> B -> C -> A')
})

test('a model that is not at hand is named', async () => {
  const result = await translateTexts('Top', [`library Top\nusing QICore version '6.0.0'\ndefine A: 1`])
  expect(places(result.diagnostics)).toEqual([['elm/missing-model', 'Top', 2, 1]])
})

test('what was translated before comes from the cache without importing the translator', async () => {
  const texts = [`library Cached version '1'\ndefine A: 1 + 1`]
  const first = unwrap(await translateTexts('Cached', texts))
  vi.resetModules()
  vi.doMock('../../src/elm/translator.ts', () => {
    throw new RangeError('the translator was imported')
  })
  const fresh = await import('../../src/elm/index.ts')
  const request = { name: 'Cached', sources: texts.map((text) => fresh.cqlSource(text)), cacheDir: folder }
  const again = unwrap(await fresh.translate(request))
  expect(again).toEqual(first)
  const changed = { ...request, sources: [fresh.cqlSource(`${texts[0]}\ndefine B: 2`)] }
  await expect(fresh.translate(changed)).rejects.toThrow()
  vi.doUnmock('../../src/elm/translator.ts')
})

test('a cached file that cannot be read is made anew, and warnings are kept with the logic', async () => {
  const texts = [`library Hiding\ndefine function F(A Integer): A\ndefine A: 1`]
  const own = mkdtempSync(join(folder, 'own-'))
  const first = await translateTexts('Hiding', texts, { cacheDir: own })
  const [file = ''] = readdirSync(own)
  writeFileSync(join(own, file), '{"libraries": [')
  const second = await translateTexts('Hiding', texts, { cacheDir: own })
  const third = await translateTexts('Hiding', texts, { cacheDir: own })
  expect(unwrap(second)).toEqual(unwrap(first))
  expect(third).toEqual(first)
})

test.skipIf(process.getuid?.() === 0)('a cache that cannot be written costs a warning and nothing else', async () => {
  const locked = mkdtempSync(join(folder, 'locked-'))
  chmodSync(locked, 0o500)
  const result = await translateTexts('Cold', [`library Cold\ndefine A: 1`], { cacheDir: locked })
  expect(result.ok).toBe(true)
  expect(result.diagnostics.map(({ code }) => code)).toEqual(['elm/cache-not-written'])
})

test('a cache folder that is a file costs a warning and nothing else', async () => {
  const file = join(folder, 'a-file')
  writeFileSync(file, '')
  const result = await translateTexts('Cold', [`library Cold\ndefine A: 1`], { cacheDir: file })
  expect(result.ok).toBe(true)
  expect(result.diagnostics.map(({ code, severity }) => [code, severity])).toEqual([
    ['elm/cache-not-written', 'warning'],
  ])
})
