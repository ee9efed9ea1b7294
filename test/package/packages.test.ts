import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { unwrap } from '../../src/base/index.ts'
import {
  addPackage,
  listPackages,
  loadContent,
  type PackageContext,
  removePackage,
  showPackage,
  verifyPackage,
} from '../../src/content/index.ts'
import {
  archiveOf,
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

const wholePackage = [
  measure('M', '1.0.0', 'http://x/Library/Logic'),
  library('Logic', '1.0.0', logic('Logic', '1.0.0')),
  valueSet(['1']),
]

const shipped = (text: string) => ({ contentType: 'application/elm+json', data: base64(text) })

const codesOf = async (path: string, context: PackageContext) =>
  (await addPackage(path, context, clock)).diagnostics.map(({ code, severity }) => `${severity} ${code}`)

const loaded = (context: PackageContext, more: object = {}) => loadContent({ session: context.session, ...more })

test('a bundle, a folder and an archive of each kind of the same resources are the same package', async () => {
  const { store, context } = await emptyContext()
  const files = Object.fromEntries(wholePackage.map((one, index) => [`resources/${index}.json`, JSON.stringify(one)]))
  const added = unwrap(await addPackage(bundleFile(wholePackage), context, clock))
  expect(added).toMatchObject({ name: 'M', version: '1.0.0', state: 'added' })
  for (const path of [folderOf(files), archiveOf(files), zipOf(files), bundleFile([...wholePackage].reverse())]) {
    expect(unwrap(await addPackage(path, context, clock))).toMatchObject({ state: 'present', sha256: added.sha256 })
  }
  expect(await listPackages(context)).toMatchObject([
    { name: 'M', version: '1.0.0', contents: { Library: 1, Measure: 1, ValueSet: 1 }, addedAt: '2026-05-01T12:00:00Z' },
  ])
  store.close()
})

test('a resource that is there twice and differs in its narrative alone is one', async () => {
  const { store, context } = await emptyContext()
  const told = { ...wholePackage[0], text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml"/>' } }
  const { sha256 } = unwrap(await addPackage(bundleFile([...wholePackage, told]), context, clock))
  expect(unwrap(await addPackage(bundleFile(wholePackage), context, clock))).toMatchObject({ state: 'present', sha256 })
  expect(await verifyPackage('M', context)).toEqual([])
  store.close()
})

test('a measure of a package stands beside the shipped ones, with the value sets of its package', async () => {
  const { store, context } = await emptyContext()
  unwrap(await addPackage(bundleFile(wholePackage), context, clock))
  const { measures, valueSets } = await loaded(context)
  expect(measures.map(({ id }) => id)).toEqual([
    'M',
    'breast-cancer-screening',
    'colorectal-cancer-screening',
    'controlling-blood-pressure',
    'depression-screening',
    'glycemic-status',
  ])
  const [canonical = ''] = measures[0]?.valueSets ?? []
  expect(canonical).toMatch(/^http:\/\/x\/ValueSet\/set\|unversioned#[0-9a-f]{12}$/)
  expect(valueSets.find(canonical)?.members).toEqual([{ system: 'http://loinc.org', code: '1' }])
  store.close()
})

test('two versions of a measure run side by side, each with its own value set of one url', async () => {
  const { store, context } = await emptyContext()
  const later = [
    measure('M', '1.10.0', 'http://x/Library/Logic'),
    library('Logic', '1.10.0', logic('Logic', '1.10.0')),
    valueSet(['1', '2']),
  ]
  unwrap(await addPackage(bundleFile(later), context, clock))
  unwrap(await addPackage(bundleFile(wholePackage), context, clock))
  const { measures, valueSets } = await loaded(context, { ids: ['M', 'M-1.0.0'] })
  const sizes = measures.map(({ id, version, closure, valueSets: sets }) => [
    id,
    version,
    closure.main.identifier.version,
    valueSets.find(sets[0] ?? '')?.members.length,
  ])
  expect(sizes).toEqual([
    ['M', '1.10.0', '1.10.0', 2],
    ['M-1.0.0', '1.0.0', '1.0.0', 1],
  ])
  store.close()
})

test('a package needs another: it says so, is refused until that is there, and keeps it there', async () => {
  const { store, context } = await emptyContext()
  const main = logic('Logic', '1.0.0', [`include Shared version '2.0.0' called S`, 'define "Both": S."In" and "In"'])
  const needing = bundleFile([
    measure('M', '1.0.0', 'http://x/Library/Logic', 'Both'),
    library('Logic', '1.0.0', main),
    valueSet(['1']),
  ])
  expect(await codesOf(needing, context)).toEqual(['warning content/missing-dependency'])
  expect((await loaded(context, { ids: ['M'] })).refused).toMatchObject([
    { id: 'M', diagnostics: [{ code: 'elm/missing-library' }] },
  ])
  const shared = bundleFile([library('Shared', '2.0.0', logic('Shared', '2.0.0'))], 'shared.json')
  expect(await codesOf(shared, context)).toEqual([])
  expect((await loaded(context, { ids: ['M'] })).measures.map(({ id }) => id)).toEqual(['M'])
  const { dependencies } = await showPackage('M', context)
  expect(dependencies).toMatchObject([
    { kind: 'Library', name: 'Shared|2.0.0', neededBy: 'Logic', foundIn: expect.stringMatching(/^shared\|/) as string },
    { kind: 'ValueSet', name: 'http://x/ValueSet/set', foundIn: 'packages' },
  ])
  expect((await removePackage('shared', context, false)).diagnostics).toMatchObject([{ code: 'content/still-needed' }])
  expect((await removePackage('shared', context, true)).ok).toBe(true)
  expect((await verifyPackage('M', context)).map(({ code }) => code)).toEqual(['content/missing-dependency'])
  store.close()
})

test('removing takes the texts away that no other package holds', async () => {
  const { store, context } = await emptyContext()
  unwrap(await addPackage(bundleFile(wholePackage), context, clock))
  unwrap(await addPackage(bundleFile([valueSet(['1'])], 'sets.json'), context, clock))
  unwrap(await removePackage('M|1.0.0', context, false))
  const left = await store.session.all<{ bodies: number }>('SELECT count(*)::INTEGER AS bodies FROM package_content')
  expect(left).toEqual([{ bodies: 1 }])
  expect((await loaded(context)).measures.map(({ id }) => id)).not.toContain('M')
  await expect(showPackage('M', context)).rejects.toThrow(/There is no package M/)
  store.close()
})

test('verify names a text that is not what was stored', async () => {
  const { store, context } = await emptyContext()
  unwrap(await addPackage(bundleFile(wholePackage), context, clock))
  expect(await verifyPackage('M', context)).toEqual([])
  await store.session.run(`UPDATE package_content SET body = replace(body, '"Set"', '"Sot"')`)
  expect((await verifyPackage('M', context)).map(({ code }) => code)).toContain('content/damaged')
  store.close()
})

test('ELM is made of the CQL; shipped ELM that differs is told, and ELM alone is run as it is', async () => {
  const { store, context } = await emptyContext()
  const cql = logic('Logic', '1.0.0')
  const content = [{ contentType: 'text/cql', data: base64(cql) }]
  const made = unwrap(await addPackage(bundleFile(wholePackage), context, clock))
  expect(made.state).toBe('added')
  const [{ closure } = { closure: undefined }] = (await loaded(context, { ids: ['M'] })).measures
  const elm = { ...closure?.main, valueSets: { def: [{ name: 'Set', id: 'http://x/ValueSet/set' }] } }
  const same = JSON.stringify({ library: elm })
  const changed = same.replace('"InValueSet"', '"Null"')
  const withElm = (text: string, name: string) =>
    bundleFile([library('Logic', '1.0.0', cql, { content: [...content, shipped(text)] })], name)
  expect(await codesOf(withElm(same, 'same.json'), context)).toEqual([])
  const differing = await addPackage(withElm(changed, 'changed.json'), context, clock)
  expect(differing.diagnostics).toMatchObject([{ code: 'content/elm-differs', severity: 'information' }])
  expect(differing.diagnostics[0]?.message).toContain('1 of 1 statements: "In"')
  await removePackage('M', context, true)
  const alone = [
    measure('Alone', '1.0.0', 'http://x/Library/Alone'),
    library('Alone', '1.0.0', '', {
      content: [shipped(same.replace('"id":"Logic"', '"id":"Alone"'))],
    }),
    valueSet(['1']),
  ]
  expect(await codesOf(bundleFile(alone), context)).toEqual([])
  expect((await loaded(context, { ids: ['Alone'] })).measures.map(({ id }) => id)).toEqual(['Alone'])
  store.close()
})

test('a model info comes with a package, as XML or in a Library, and CQL may use it', async () => {
  const xml = `<modelInfo xmlns="urn:hl7-org:elm-modelinfo:r1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    name="Tiny" version="1.0" url="http://x/tiny"><requiredModelInfo name="System" version="1.0.0"/></modelInfo>`
  const cql = `library Uses version '1'\nusing Tiny version '1.0'\ndefine "In": true`
  const uses = bundleFile([library('Uses', '1', cql)], 'uses.json')
  const definition = library('TinyModel', '1.0', '', {
    content: [{ contentType: 'application/xml', data: base64(xml) }],
  })
  for (const path of [folderOf({ 'tiny-modelinfo.xml': xml }), bundleFile([definition])]) {
    const { store, context } = await emptyContext()
    expect(await codesOf(uses, context)).toEqual(['warning content/missing-dependency'])
    unwrap(await addPackage(path, context, clock))
    expect(await verifyPackage('uses', context)).toEqual([])
    store.close()
  }
  writeFileSync(join(scratch, 'tiny.xml'), xml)
  const { store, context } = await emptyContext({ modelInfos: [join(scratch, 'tiny.xml')] })
  expect(await codesOf(uses, context)).toEqual([])
  store.close()
})
