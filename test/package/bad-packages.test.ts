import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  addPackage,
  listPackages,
  loadContent,
  type PackageContext,
  removePackage,
  showPackage,
} from '../../src/content/index.ts'
import type { Store } from '../../src/store/index.ts'
import {
  base64,
  bundleFile,
  clock,
  emptyContext,
  folderOf,
  library,
  logic,
  measure,
  scratch,
  valueSet,
  zipOf,
} from './package-kit.ts'

let store: Store
let context: PackageContext
beforeEach(async () => {
  ;({ store, context } = await emptyContext())
})
afterEach(() => store.close())

/** Adds what must be refused; nothing of it may stay. */
async function refusal(path: string) {
  const result = await addPackage(path, context, clock)
  expect(result.ok).toBe(false)
  expect(await listPackages(context)).toEqual([])
  return result.diagnostics.filter(({ severity }) => severity === 'error')
}

/** The only Measure names the package, so that packages with other content meet. */
const named = (one: object) => [measure('M', '1.0.0', 'http://x/Library/Logic'), one, valueSet(['1'])]

const including = (name: string, other: string) =>
  library(name, '1', logic(name, '1', [`include ${other} version '1' called X`]))

const good = library('Logic', '1.0.0', logic('Logic', '1.0.0'))

test('every fault is named at once, with file, resource and element', async () => {
  const path = folderOf({
    'a.json': '{"resourceType": "Measure"',
    'b.json': JSON.stringify({ resourceType: 'ValueSet', id: 'v' }),
    'c.json': JSON.stringify({ resourceType: 'Bundle', entry: [{ resource: good }, { resource: 3 }] }),
  })
  expect((await refusal(path)).map(({ code, place }) => [code, place])).toEqual([
    ['content/unreadable-resource', { file: 'a.json' }],
    ['content/missing-canonical', { file: 'b.json', resource: 'ValueSet/v', element: 'url' }],
    ['content/no-resource', { file: 'c.json', element: 'entry[1].resource' }],
  ])
})

test('a package without anything in it, and a path that is not there', async () => {
  expect(await refusal(bundleFile([{ resourceType: 'Patient' }]))).toMatchObject([{ code: 'content/empty-package' }])
  await expect(addPackage(join(scratch, 'nowhere'), context, clock)).rejects.toThrow(/cannot be read/)
})

test('an archive that is cut', async () => {
  const path = join(scratch, 'cut.tgz')
  const header = Buffer.alloc(512)
  header.write('package/a.json', 0)
  header.write('00000001000', 124)
  writeFileSync(path, gzipSync(header))
  await expect(addPackage(path, context, clock)).rejects.toThrow(/ends within a file/)
  writeFileSync(path, 'no gzip')
  await expect(addPackage(path, context, clock)).rejects.toThrow(/cannot be read/)
})

test('a zip that is cut, or none', async () => {
  const whole = readFileSync(zipOf({ 'a.json': JSON.stringify(good) }))
  const path = join(scratch, 'cut.zip')
  for (const [bytes, message] of [
    [whole.subarray(0, 60), /it has no end/],
    [Buffer.concat([whole.subarray(0, 40), whole.subarray(60)]), /cannot be read/],
    [Buffer.from('no zip'), /cannot be read/],
  ] as const) {
    writeFileSync(path, bytes)
    await expect(addPackage(path, context, clock)).rejects.toThrow(message)
  }
  expect(await listPackages(context)).toEqual([])
})

test('one canonical with two contents, in one package and in the store', async () => {
  const other = library('Logic', '1.0.0', logic('Logic', '1.0.0', ['define "More": 1']))
  expect(await refusal(bundleFile([good, other]))).toMatchObject([
    { code: 'content/two-contents', place: { resource: 'Library http://x/Library/Logic|1.0.0' } },
  ])
  expect((await addPackage(bundleFile(named(good)), context, clock)).ok).toBe(true)
  const again = await addPackage(bundleFile(named(other)), context, clock)
  expect(again.diagnostics).toMatchObject([{ code: 'content/package-differs', severity: 'error' }])
})

test.each([
  ['an attachment that is no base64', { content: [{ contentType: 'text/cql', data: '***' }] }, 'invalid-attachment'],
  ['ELM that is no ELM', { content: [{ contentType: 'application/elm+json', data: base64('{}') }] }, 'invalid-elm'],
  [
    'CQL of another name',
    { content: [{ contentType: 'text/cql', data: base64(logic('Other', '1.0.0')) }] },
    'wrong-library-name',
  ],
])('%s', async (_what, more, code) => {
  const [first] = await refusal(bundleFile([library('Logic', '1.0.0', '', more)]))
  expect(first).toMatchObject({ code: `content/${code}`, place: { resource: 'Library Logic' } })
})

test('CQL of another version than its Library or its ELM is told', async () => {
  const elm = { library: { identifier: { id: 'Logic', version: '0.9' } } }
  const content = [
    { contentType: 'text/cql', data: base64(logic('Logic', '1.0.1')) },
    { contentType: 'application/elm+json', data: base64(JSON.stringify(elm)) },
  ]
  const result = await addPackage(
    bundleFile([library('Logic', '1.0.0', '', { content }), valueSet(['1'])]),
    context,
    clock,
  )
  expect(result.ok).toBe(true)
  expect(result.diagnostics.map(({ code }) => code)).toEqual(['content/wrong-library-version', 'content/stale-elm'])
})

test('CQL that does not translate: library, line and column', async () => {
  const bad = library('Logic', '1.0.0', logic('Logic', '1.0.0', ['define "Bad": nowhere']))
  expect(await refusal(bundleFile([bad]))).toMatchObject([
    { code: 'elm/translation', place: { library: 'Logic', line: 6, column: 15 } },
  ])
})

test('a Library without CQL and ELM, and files that are passed over, are told', async () => {
  const folder = folderOf({
    'library.json': JSON.stringify(library('Logic', '1.0.0', '', { content: [] })),
    'library.xml': '<Library xmlns="http://hl7.org/fhir"/>',
    'measure.xml': '<Measure xmlns="http://hl7.org/fhir"/>',
  })
  const { ok, diagnostics } = await addPackage(folder, context, clock)
  expect(ok).toBe(true)
  expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([
    ['content/xml', 'information'],
    ['content/empty-library', 'warning'],
  ])
  expect(diagnostics[0]?.message).toContain('library.xml and 1 more')
})

test('includes in a circle', async () => {
  const [first] = await refusal(bundleFile([including('A', 'B'), including('B', 'A')]))
  expect(first).toMatchObject({ code: 'elm/cyclic-include' })
  expect(first?.message).toContain('A -> B -> A')
})

test('a Measure whose elements are not of their type', async () => {
  const broken = { ...measure('M', '1.0.0', 'http://x/Library/Logic'), library: [] }
  expect(await refusal(bundleFile([broken, good]))).toMatchObject([
    { code: 'content/malformed-measure', place: { resource: 'Measure http://x/Measure/M', element: 'library' } },
  ])
})

const of = (id: string, define: string) => measure(id, '1.0.0', 'http://x/Library/Logic', define)

test('a Measure that names no define, or one that its basis cannot count, is told when it is added, and refused alone', async () => {
  const scope = logic('Logic', '1.0.0', ['define "Many": { 1, 2 }'])
  const parts = [library('Logic', '1.0.0', scope), valueSet(['1'])]
  const path = bundleFile([...parts, of('Good', 'In'), of('Nameless', 'Nowhere'), of('Listed', 'Many')], 'three.json')
  const { ok, diagnostics } = await addPackage(path, context, clock)
  expect(ok).toBe(true)
  expect(diagnostics.map(({ code, severity, place }) => [code, severity, place])).toEqual([
    ['content/wrong-basis', 'warning', { file: 'three.json', library: 'Logic', define: 'Many' }],
    ['content/missing-define', 'warning', { file: 'three.json', library: 'Logic', define: 'Nowhere' }],
  ])
  const { measures, refused } = await loadContent({
    session: store.session,
    ids: ['Good', 'Nameless', 'Listed'],
    cacheDir: join(scratch, 'cache'),
  })
  expect(measures.map(({ id }) => id)).toEqual(['Good'])
  expect(refused.map(({ id, diagnostics: [first] }) => [id, first?.code])).toEqual([
    ['Listed', 'content/wrong-basis'],
    ['Nameless', 'content/missing-define'],
  ])
})

test('of several versions of a package the version must be named', async () => {
  for (const version of ['1.0.0', '2.0.0']) {
    const parts = [measure('M', version, 'http://x/Library/Logic'), library('Logic', version, logic('Logic', version))]
    expect((await addPackage(bundleFile([...parts, valueSet(['1'])]), context, clock)).ok).toBe(true)
  }
  await expect(showPackage('M', context)).rejects.toThrow('There are 2 packages M.')
  await expect(removePackage('M', context, false)).rejects.toMatchObject({
    diagnostics: [{ code: 'content/no-such-package', remedy: 'Name one of: M|1.0.0, M|2.0.0.' }],
  })
  expect((await removePackage('M|1.0.0', context, false)).ok).toBe(true)
})
