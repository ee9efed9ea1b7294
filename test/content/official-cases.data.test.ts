import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { projectRoot } from '../../src/base/index.ts'
import { type LoadedContent, loadContent } from '../../src/content/index.ts'
import { shippedValueSetFolders } from '../../src/content/load-measures.ts'
import type { Resource } from '../../src/fhir/index.ts'
import type { GroupEvaluation } from '../../src/measure/index.ts'
import { loadValueSets } from '../../src/terminology/index.ts'
import { evaluateBySql, evaluationOfSet, storeOf } from './case-store.ts'
import { evaluatorOf } from './measure-case.ts'

const data = join(process.env['CAREGAP_TEST_DATA'] ?? resolve(projectRoot, '../shared/data'), 'ecqm')
const isThere = existsSync(data)
if (!isThere) console.log(`official-cases: skipped, there is no ${data}`)

/** Our measures and the published ones that they follow, by the name of the published test cases' folder. */
const measures = [
  ['glycemic-status', 'CMS122FHIRDiabetesAssessGreaterThan9Percent'],
  ['controlling-blood-pressure', 'CMS165FHIRControllingHighBloodPressure'],
  ['breast-cancer-screening', 'CMS125FHIRBreastCancerScreening'],
  ['colorectal-cancer-screening', 'CMS130FHIRColorectalCancerScreening'],
  ['depression-screening', 'CMS2FHIRPCSDepressionScreenAndFollowUp'],
] as const
const runs = (['direct', 'interpreter'] as const).flatMap((engine) =>
  measures.map(([id, folder]) => [engine, id, folder] as const),
)

interface ExpectedPopulation {
  readonly measure: string
  readonly patientId: string
  readonly periodStart: string
  readonly periodEnd: string
  readonly kind: string
  readonly code: string
  readonly count: number
}

const linesOf = (...path: readonly string[]): readonly unknown[] =>
  gunzipSync(readFileSync(join(data, ...path)))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown)

/** The resources of each case. Ids are made of the patient's: `<patient>` and `<patient>.<rest>`. */
function peopleOf(folder: string): ReadonlyMap<string, readonly Resource[]> {
  const people = new Map<string, Resource[]>()
  const files = readdirSync(join(data, 'cases', folder)).filter((file) => file !== 'cases.ndjson.gz')
  for (const resource of files.sort().flatMap((file) => linesOf('cases', folder, file) as readonly Resource[])) {
    const patientId = resource.id?.split('.')[0] ?? ''
    people.set(patientId, [...(people.get(patientId) ?? []), resource])
  }
  return people
}

function expectedOf(folder: string): ReadonlyMap<string, readonly ExpectedPopulation[]> {
  const { cases } = JSON.parse(readFileSync(join(data, 'doubtful-cases.json'), 'utf8')) as {
    readonly cases: readonly { readonly measure: string; readonly patientId: string }[]
  }
  const doubtful = new Set(cases.filter(({ measure }) => measure === folder).map(({ patientId }) => patientId))
  const all = linesOf('expected.ndjson.gz') as readonly ExpectedPopulation[]
  const lines = all.filter(
    ({ measure, kind, patientId }) => measure === folder && kind === 'population' && !doubtful.has(patientId),
  )
  const byPatient = new Map<string, ExpectedPopulation[]>()
  for (const line of lines) byPatient.set(line.patientId, [...(byPatient.get(line.patientId) ?? []), line])
  return byPatient
}

describe.skipIf(!isThere)('our measures reach what is published for the official test cases', () => {
  let content: LoadedContent
  beforeAll(async () => {
    content = await loadContent({ terminology: [join(data, 'valuesets.ndjson.gz')] })
  })

  test.each(runs)('%s, %s: every population of every case of %s', async (engine, id, folder) => {
    const measure = content.measures.find((candidate) => candidate.id === id)
    if (measure === undefined) throw new RangeError(`${id} is not installed`)
    const period = { start: '2026-01-01', end: '2026-12-31', timeZone: 'UTC' }
    const evaluate = evaluatorOf(measure, content.valueSets, period, engine)
    const people = peopleOf(folder)
    const differences: string[] = []
    for (const [patientId, lines] of expectedOf(folder)) {
      const { groups, error } = await evaluate(people.get(patientId) ?? [])
      if (error !== undefined) differences.push(`${patientId}: ${error.message}`)
      const populations: GroupEvaluation['populations'] = groups[0]?.populations ?? {}
      for (const { code, count } of lines) {
        const got = Object.entries(populations).find(([name]) => name === code)?.[1]
        if (got !== count) differences.push(`${patientId} ${code}: expected ${count}, got ${got}`)
      }
    }
    expect(differences).toEqual([])
    expect(expectedOf(folder).size).toBeGreaterThan(30)
  })

  test.each(measures)('by SQL, %s: every population of every case of %s', { timeout: 600_000 }, async (id, folder) => {
    const measure = content.measures.find((candidate) => candidate.id === id)
    if (measure === undefined) throw new RangeError(`${id} is not installed`)
    const period = { start: '2026-01-01', end: '2026-12-31', timeZone: 'UTC' }
    const store = await storeOf([...peopleOf(folder).values()].flat())
    const expected = expectedOf(folder)
    const { persons, irregular } = await evaluateBySql(measure, content.valueSets, period, store, [...expected.keys()])
    store.close()
    console.log(`by SQL, ${id}: ${expected.size} cases, ${irregular} of them by closures`)
    const differences: string[] = []
    for (const [patientId, lines] of expected) {
      const person = persons.get(patientId)
      const { groups, error } = person === undefined ? { groups: [] } : await evaluationOfSet(measure, person)
      if (error !== undefined) differences.push(`${patientId}: ${error.message}`)
      const populations = new Map(Object.entries(groups[0]?.populations ?? {}))
      for (const { code, count } of lines) {
        const got = populations.get(code)
        if (got !== count) differences.push(`${patientId} ${code}: expected ${count}, got ${got}`)
      }
    }
    expect(differences).toEqual([])
  })

  test('with the official expansions no measure has a part of its codes only', () => {
    expect(content.measures.flatMap(({ remarks = [] }) => remarks)).toEqual([])
  })

  test('the value sets that ship state how many codes the official ones have', () => {
    const official = new Map(officialSets().map((set) => [set.url, set.members.length]))
    const shipped = loadValueSets(shippedValueSetFolders()).valueSets.all
    expect(shipped.length).toBeGreaterThan(50)
    const wrong = shipped.filter(({ url, officialCodes }) => official.get(url) !== officialCodes)
    expect(
      wrong.map(({ title, url, officialCodes }) => `${title}: ${officialCodes}, not ${official.get(url)}`),
    ).toEqual([])
  })

  test('the value sets that ship hold no code that the official ones lack', () => {
    const shipped = content.measures.flatMap(({ valueSets }) => valueSets)
    const own = new Map(linesOfShipped().map((set) => [set.url, set]))
    const official = new Map(officialSets().map((set) => [set.url, set]))
    const strangers = shipped.flatMap((url) => {
      const known = new Set(official.get(url)?.members.map(({ system, code }) => `${system}|${code}`))
      return (own.get(url)?.codes ?? []).filter((code) => !known.has(code)).map((code) => `${url}: ${code}`)
    })
    expect(strangers).toEqual([])
  })
})

const officialSets = () => loadValueSets([join(data, 'valuesets.ndjson.gz')]).valueSets.all

function linesOfShipped(): readonly { readonly url: string; readonly codes: readonly string[] }[] {
  const folders = [
    join(projectRoot, 'cql', 'valuesets'),
    ...measures.map(([id]) => join(projectRoot, 'measures', id, 'valuesets')),
  ]
  const files = folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)))
  return files.map((file) => {
    const { url, compose } = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly url: string
      readonly compose: { readonly include: readonly { system: string; concept: readonly { code: string }[] }[] }
    }
    return {
      url,
      codes: compose.include.flatMap(({ system, concept }) => concept.map(({ code }) => `${system}|${code}`)),
    }
  })
}
