import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { loadValueSets } from './load-value-sets.ts'

const root = mkdtempSync(join(tmpdir(), 'caregap-terminology-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let files = 0
/** Writes content into a folder of its own and gives the folder. */
function folderWith(content: unknown, name = 'set.json'): string {
  files += 1
  const folder = join(root, String(files))
  mkdirSync(folder)
  writeFileSync(
    join(folder, name),
    typeof content === 'string' || content instanceof Buffer ? content : JSON.stringify(content),
  )
  return folder
}

const loinc = 'http://loinc.org'
const composed = (url: string, codes: readonly string[], more: object = {}) => ({
  resourceType: 'ValueSet',
  url,
  title: 'Tried',
  compose: { include: [{ system: loinc, concept: codes.map((code) => ({ code })) }] },
  ...more,
})
const expanded = (expansion: object) => ({ resourceType: 'ValueSet', url: 'http://x/e', title: 'Expanded', expansion })
const member = { system: loinc, code: '1' }

const codesOf = (paths: readonly string[], url: string) =>
  loadValueSets(paths)
    .valueSets.find(url)
    ?.members.map(({ code }) => code)
const hashOf = (path: string) => loadValueSets([path]).valueSets.find('http://x/a')?.sha256
const faults = (content: unknown, name?: string) =>
  loadValueSets([folderWith(content, name)]).diagnostics.map(({ code, severity }) => `${severity} ${code}`)

test('reads what a compose lists, without what it excludes', () => {
  const set = composed('http://x/a', ['1', '2', '3'])
  const exclude = [{ system: loinc, concept: [{ code: '2' }] }]
  const folder = folderWith({ ...set, compose: { ...set.compose, exclude } })
  expect(codesOf([folder], 'http://x/a')).toEqual(['1', '3'])
})

test('an expansion counts before a compose; groups are no members', () => {
  const contains = [
    { system: loinc, code: 'group', abstract: true, contains: [{ system: loinc, code: '7', display: 'Seven' }] },
  ]
  const folder = folderWith(composed('http://x/a', ['1'], { version: '2', expansion: { contains } }))
  const { valueSets } = loadValueSets([folder])
  expect(valueSets.find('http://x/a|2')).toMatchObject({ members: [{ system: loinc, code: '7', display: 'Seven' }] })
  expect(valueSets.find('http://x/a|1')).toBeUndefined()
})

test('reads bundles, and lines as they are or compressed', () => {
  const line = { url: 'http://x/line', version: '1', title: 'Line', codes: [[loinc, '1']] }
  const bundle = {
    resourceType: 'Bundle',
    entry: [{ resource: composed('http://x/b', ['2']) }, { resource: { resourceType: 'Library' } }],
  }
  const paths = [folderWith(gzipSync(`${JSON.stringify(line)}\n`), 'sets.ndjson.gz'), folderWith(bundle)]
  expect(codesOf(paths, 'http://x/line')).toEqual(['1'])
  expect(codesOf(paths, 'http://x/b')).toEqual(['2'])
})

test('one code system under two URIs is one, and a member stands once', () => {
  const include = [
    'http://www.nlm.nih.gov/research/umls/hcpcs',
    'http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets',
  ].map((system) => ({ system, concept: [{ code: 'G0438' }] }))
  const { valueSets } = loadValueSets([
    folderWith({ resourceType: 'ValueSet', url: 'http://x/h', compose: { include } }),
  ])
  expect(valueSets.find('http://x/h')?.members).toEqual([
    { system: 'http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets', code: 'G0438' },
  ])
})

test('of two sets with one url the later path counts; the hash tells them apart and not their order', () => {
  const shipped = folderWith(composed('http://x/a', ['1']))
  const official = folderWith(composed('http://x/a', ['2', '1']))
  const turned = folderWith(composed('http://x/a', ['1', '2']))
  expect(codesOf([shipped, official], 'http://x/a')).toEqual(['1', '2'])
  expect(hashOf(shipped)).not.toBe(hashOf(official))
  expect(hashOf(turned)).toBe(hashOf(official))
})

test('a later set that is cut or empty leaves the earlier one of its url out too: it must not fall back in silence', () => {
  const shipped = folderWith(composed('http://x/e', ['1']))
  const cut = folderWith(expanded({ total: 1001, contains: [member] }))
  const empty = folderWith(composed('http://x/e', []))
  for (const paths of [
    [shipped, cut],
    [shipped, empty],
  ]) {
    const { valueSets, diagnostics } = loadValueSets(paths)
    expect(valueSets.find('http://x/e')).toBeUndefined()
    expect(diagnostics).toMatchObject([{ severity: 'error' }])
  }
  expect(loadValueSets([cut, shipped]).valueSets.find('http://x/e')).toBeDefined()
})

test.each([
  ['a total beyond its members', { total: 1001, contains: [member] }],
  ['an offset', { offset: 500, contains: [member] }],
  ['a next page', { next: 'http://x/page2', contains: [member] }],
  ['an offset that was asked for', { parameter: [{ name: 'offset', valueInteger: 100 }], contains: [member] }],
  ['a count that was reached', { parameter: [{ name: 'count', valueInteger: 1 }], contains: [member] }],
  ['a mark that it is limited', { parameter: [{ name: 'limitedExpansion', valueBoolean: true }], contains: [member] }],
  [
    'a mark that it was too costly',
    {
      extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/valueset-toocostly', valueBoolean: true }],
      contains: [member],
    },
  ],
])('an expansion with %s is cut: an error that names the set, which is left out', (_sign, expansion) => {
  const { valueSets, diagnostics } = loadValueSets([folderWith(expanded(expansion))])
  expect(diagnostics).toMatchObject([{ code: 'terminology/truncated-value-set', severity: 'error' }])
  expect(diagnostics[0]?.message).toMatch(/"Expanded" \(http:\/\/x\/e\)/)
  expect(valueSets.find('http://x/e')).toBeUndefined()
})

test('a count beyond what came, or with the total that came, is no cut', () => {
  const parameter = [{ name: 'count', valueInteger: 1000 }]
  expect(faults(expanded({ parameter, contains: [member] }))).toEqual([])
  expect(faults(expanded({ parameter: [{ name: 'count', valueInteger: 1 }], total: 1, contains: [member] }))).toEqual(
    [],
  )
})

test('a set without codes is an error, unless it says why it ships without', () => {
  const empty = composed('http://x/a', [])
  const why = { url: 'https://caregap.dev/fhir/StructureDefinition/no-shippable-codes', valueString: 'CPT alone.' }
  expect(faults(empty)).toEqual(['error terminology/empty-value-set'])
  expect(faults({ ...empty, extension: [why] })).toEqual(['warning terminology/no-shippable-codes'])
  expect(faults({ url: 'http://x/l', codes: [] }, 'sets.ndjson')).toEqual(['error terminology/empty-value-set'])
})

test('500 listed codes and their multiples are where servers cut without a word: the set is left out, and kept as partial', () => {
  const codes = Array.from({ length: 1000 }, (_, index) => String(index))
  const contains = codes.map((code) => ({ system: loinc, code }))
  for (const set of [
    composed('http://x/a', codes),
    expanded({ contains }),
    expanded({ total: 1000, contains }),
    { url: 'http://x/l', codes: codes.slice(500).map((code) => [loinc, code]) },
  ]) {
    const { valueSets, partial, diagnostics } = loadValueSets([folderWith(set, 'set.ndjson')])
    expect(diagnostics).toMatchObject([{ code: 'terminology/suspicious-size', severity: 'error' }])
    expect(valueSets.all).toEqual([])
    expect(partial).toMatchObject([{ flaw: expect.stringMatching(/it has (500|1000) codes/) as string }])
  }
  expect(faults(composed('http://x/a', codes.slice(1)))).toEqual([])
})

test.each([
  ['a filter', { system: loinc, filter: [{ property: 'concept', op: 'is-a', value: '1' }] }],
  ['another value set', { valueSet: ['http://x/other'] }],
  ['a whole code system', { system: loinc }],
])('a set that is defined by %s needs an expansion', (_what, include) => {
  const set = { resourceType: 'ValueSet', url: 'http://x/a', compose: { include: [include] } }
  expect(faults(set)).toEqual(['error terminology/not-expanded'])
  expect(faults({ ...set, expansion: { contains: [member] } })).toEqual([])
})

test('what is no value set is an error with its place', () => {
  const { diagnostics } = loadValueSets([folderWith('{"url": "http://x/a", "codes": [["1"]]}\n', 'sets.ndjson')])
  expect(diagnostics).toMatchObject([{ code: 'terminology/malformed-value-set', place: { line: 1 } }])
  expect(faults({ resourceType: 'ValueSet' })).toEqual(['error terminology/malformed-value-set'])
})

test('a file that is no JSON, and a path that is not there, are faults', () => {
  expect(() => loadValueSets([folderWith('{"resourceType": "Val')])).toThrow(/cannot be read/)
  expect(() => loadValueSets([join(root, 'nowhere')])).toThrow(/cannot be read/)
})
