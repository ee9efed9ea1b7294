import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type LoadedMeasures, type LoadOptions, loadMeasures } from '../../src/content/index.ts'
import { loadValueSets } from '../../src/terminology/index.ts'

const root = mkdtempSync(join(tmpdir(), 'caregap-content-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const goodCql = `library Logic version '1'
codesystem "Loinc": 'http://loinc.org'
valueset "Set": 'http://x/set'
code "One": '1' from "Loinc"
define "In": "One" in "Set"
define "Out": false`

const population = (code: string, expression: string) => ({
  code: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/measure-population', code }] },
  criteria: { language: 'text/cql-identifier', expression },
})
const cqfm = (name: string, value: object) => ({
  url: `http://hl7.org/fhir/us/cqfmeasures/StructureDefinition/cqfm-${name}`,
  ...value,
})
const scoring = (code: string) => cqfm('scoring', { valueCodeableConcept: { coding: [{ code }] } })
const goodGroup = {
  id: 'g',
  extension: [scoring('proportion'), cqfm('populationBasis', { valueCode: 'boolean' })],
  population: [population('initial-population', 'In'), population('numerator', 'Out')],
}
const goodMeasure = (id: string) => ({
  resourceType: 'Measure',
  id,
  url: `http://x/Measure/${id}`,
  library: ['http://x/Library/Logic|1'],
  group: [goodGroup],
})

interface Parts {
  readonly cql?: readonly string[]
  /** By folder name; JSON, or text as it stands. */
  readonly measures?: Readonly<Record<string, unknown>>
  readonly valueSets?: readonly object[]
}

let worlds = 0
/** Loads the measures of a folder made of parts; parts that are not given are good ones. */
async function load(parts: Parts, more: Partial<LoadOptions> = {}): Promise<LoadedMeasures> {
  worlds += 1
  const at = (...names: readonly string[]) => join(root, String(worlds), ...names)
  for (const folder of ['cql', 'measures', 'valuesets']) mkdirSync(at(folder), { recursive: true })
  for (const [index, text] of (parts.cql ?? [goodCql]).entries()) writeFileSync(at('cql', `${index}.cql`), text)
  for (const [name, content] of Object.entries(parts.measures ?? { m: goodMeasure('m') })) {
    mkdirSync(at('measures', name))
    const text = typeof content === 'string' ? content : JSON.stringify(content)
    writeFileSync(at('measures', name, 'measure.json'), text)
  }
  const set = { url: 'http://x/set', codes: [['http://loinc.org', '1']] }
  const lines = (parts.valueSets ?? [set]).map((line) => `${JSON.stringify(line)}\n`)
  writeFileSync(at('valuesets', 'sets.ndjson'), lines.join(''))
  return loadMeasures({
    folders: [at('measures')],
    cqlFolders: [at('cql')],
    valueSets: loadValueSets([at('valuesets')]).valueSets,
    cacheDir: join(root, 'cache'),
    ...more,
  })
}

/** What was refused, as `id: code`, with nothing installed beside `installed`. */
async function refusals(parts: Parts, installed: readonly string[] = []): Promise<readonly string[]> {
  const { measures, refused } = await load(parts)
  expect(measures.map(({ id }) => id)).toEqual(installed)
  return refused.flatMap(({ id, diagnostics }) => diagnostics.map(({ code }) => `${id}: ${code}`))
}

test('a good measure is installed with its groups, value sets and a hash that follows its expansions', async () => {
  const { measures, refused } = await load({})
  expect(refused).toEqual([])
  expect(measures[0]).toMatchObject({
    id: 'm',
    groups: [{ id: 'g', scoring: 'proportion', basis: 'boolean', improvementNotation: 'increase' }],
    valueSets: ['http://x/set'],
  })
  const other = await load({ valueSets: [{ url: 'http://x/set', codes: [['http://loinc.org', '2']] }] })
  expect(other.measures[0]?.contentHash).not.toBe(measures[0]?.contentHash)
})

test('CQL that does not translate: every message, with library, line and column', async () => {
  const { measures, refused } = await load({ cql: [`${goodCql}\ndefine A: nowhere\ndefine B: 1 + 'x'`] })
  expect(measures).toEqual([])
  expect(refused[0]?.diagnostics.map(({ code, place }) => [code, place?.library, place?.line, place?.column])).toEqual([
    ['elm/translation', 'Logic', 7, 11],
    ['elm/translation', 'Logic', 8, 11],
  ])
})

test('a library that is missing, and an include of another version', async () => {
  expect(await refusals({ cql: [] })).toEqual(['m: elm/missing-library'])
  expect(await refusals({ cql: [goodCql.replace("'1'", "'2'")] })).toEqual(['m: elm/wrong-library-version'])
  expect(await refusals({ cql: [`${goodCql}\ninclude Gone version '1' called G`] })).toEqual(['m: elm/missing-library'])
})

test.each([
  ['Nowhere', 'content/missing-define'],
  ['In', 'content/due-date-type'],
])('a due date by "%s" is refused', async (define, code) => {
  const dueDate = { url: 'https://caregap.dev/fhir/StructureDefinition/due-date', valueString: define }
  expect(await refusals({ measures: { m: { ...goodMeasure('m'), extension: [dueDate] } } })).toEqual([`m: ${code}`])
})

test.each([
  ['missing', []],
  ['empty', [{ url: 'http://x/set', codes: [] }]],
  ['cut', [{ resourceType: 'ValueSet', url: 'http://x/set', expansion: { total: 9, contains: [{ code: '1' }] } }]],
])('a value set that is %s is named', async (_how, valueSets) => {
  const { refused } = await load({ valueSets })
  expect(refused[0]?.diagnostics).toMatchObject([{ code: 'content/missing-value-set', place: { library: 'Logic' } }])
  expect(refused[0]?.diagnostics[0]?.message).toContain('"Set" (http://x/set)')
})

test('criteria and phrases that name no define', async () => {
  const group = { ...goodGroup, population: [population('initial-population', 'Nowhere')] }
  const parts = ['define', 'whenTrue', 'whenFalse'].map((url) => ({
    url,
    valueString: url === 'define' ? 'Gone' : 'x',
  }))
  const extension = [{ url: 'https://caregap.dev/fhir/StructureDefinition/define-phrase', extension: parts }]
  const { refused } = await load({ measures: { m: { ...goodMeasure('m'), group: [group], extension } } })
  expect(refused[0]?.diagnostics.map(({ code, place }) => [code, place?.define])).toEqual([
    ['content/missing-define', 'Nowhere'],
    ['content/missing-define', 'Gone'],
  ])
})

test('a scoring, basis, notation or population that is not known; a criterion that is not there', async () => {
  const group = {
    extension: [
      scoring('guess'),
      cqfm('populationBasis', { valueString: 'episodes of care' }),
      cqfm('improvementNotation', { valueCodeableConcept: { coding: [{ code: 'sideways' }] } }),
    ],
    population: [population('initial-population', ''), population('bystanders', 'In')],
  }
  expect(await refusals({ measures: { m: { ...goodMeasure('m'), group: [group] } } })).toEqual([
    'm: content/unknown-scoring',
    'm: content/unknown-population-basis',
    'm: content/unknown-improvement-notation',
    'm: content/missing-criteria',
    'm: content/unknown-population',
  ])
})

test('a scoring that is stated nowhere is refused, one on the Measure counts for its groups', async () => {
  const group = { ...goodGroup, extension: [] }
  expect(await refusals({ measures: { m: { ...goodMeasure('m'), group: [group] } } })).toEqual([
    'm: content/unknown-scoring',
  ])
  const stated = { ...goodMeasure('m'), group: [group], scoring: { coding: [{ code: 'cohort' }] } }
  const { measures } = await load({ measures: { m: stated } })
  expect(measures[0]?.groups[0]?.scoring).toBe('cohort')
})

test('a file that is no JSON, no Measure, or of another id than its folder', async () => {
  expect(
    await refusals({ measures: { a: '{"resourceType": ', b: { resourceType: 'Library' }, c: goodMeasure('d') } }),
  ).toEqual(['a: content/unreadable-measure', 'b: content/malformed-measure', 'c: content/wrong-id'])
})

test('logic that the engine would answer wrongly in silence', async () => {
  const cql = `${goodCql}\ndefine "Unknown": HighBoundary(1.0, 8) > 1`
  const group = { ...goodGroup, population: [population('initial-population', 'Unknown')] }
  const { refused } = await load({ cql: [cql], measures: { m: { ...goodMeasure('m'), group: [group] } } })
  expect(refused[0]?.diagnostics).toMatchObject([
    { code: 'elm/unsupported-operator', place: { library: 'Logic', define: 'Unknown', line: 7 } },
  ])
})

test('a faulty measure does not stop the others', async () => {
  const bad = { ...goodMeasure('bad'), library: ['http://x/Library/Gone'] }
  expect(await refusals({ measures: { bad, good: goodMeasure('good') } }, ['good'])).toEqual([
    'bad: elm/missing-library',
  ])
})

test('an id that is there twice is refused, and so is one that is asked for and not there', async () => {
  const first = await load({})
  expect(first.measures.length).toBe(1)
  const folders = [join(root, String(worlds), 'measures')]
  const twice = await load({}, { folders: [...folders, join(root, String(worlds + 1), 'measures')] })
  expect(twice.measures).toEqual([])
  expect(twice.refused.map(({ id, diagnostics }) => [id, diagnostics.map(({ code }) => code)])).toEqual([
    ['m', ['content/duplicate-id']],
  ])
  const absent = await load({}, { ids: ['m', 'other'] })
  expect(absent.measures.map(({ id }) => id)).toEqual(['m'])
  expect(absent.refused).toMatchObject([{ id: 'other', diagnostics: [{ code: 'content/no-such-measure' }] }])
})

test('a folder that is not there is a fault', async () => {
  await expect(load({}, { folders: [join(root, 'nowhere')] })).rejects.toThrow(/Measures cannot be read/)
  await expect(load({}, { cqlFolders: [join(root, 'nowhere')] })).rejects.toThrow(/CQL cannot be read/)
})
