import { expect, test } from 'vitest'
import { defaultConfig, silentLogger, silentProgress, unwrap } from '../../src/base/index.ts'
import { addPackage, type InstalledMeasure, loadContent } from '../../src/content/index.ts'
import { createApplication, loadData, makeReport } from '../../src/jobs/index.ts'
import { readRunMeasures, resultLines } from '../../src/store/index.ts'
import { bundleFile, clock, emptyContext, folderOf, library, logic, measure, valueSet } from './package-kit.ts'

const url = 'http://x/ValueSet/set'

/** Installs a measure that reads the set, with what is given of the set, and loads it. */
async function load(sets: readonly object[], acceptedValueSets: readonly string[] = []) {
  const { store, context } = await emptyContext()
  const resources = [
    measure('M', '1.0.0', 'http://x/Library/Logic'),
    library('Logic', '1.0.0', logic('Logic', '1.0.0')),
    ...sets,
  ]
  const added = unwrap(await addPackage(bundleFile(resources), context, clock))
  const content = await loadContent({ session: store.session, ids: ['M'], acceptedValueSets })
  return { store, added, content }
}

test.each([
  ['missing', []],
  ['empty', [valueSet([])]],
  ['cut', [valueSet(['1'], { expansion: { total: 9, contains: [{ system: 'http://loinc.org', code: '1' }] } })]],
  ['of 500 codes, where servers cut', [valueSet(Array.from({ length: 500 }, (_, index) => String(index)))]],
  ['not to be computed', [valueSet([], { expansion: undefined, compose: { include: [{ system: 'http://x/gone' }] } })]],
])('a set that is %s stops its measure by name, unless it is accepted: then the run says so', async (_how, sets) => {
  const { store, content } = await load(sets)
  expect(content.measures).toEqual([])
  expect(content.refused[0]?.diagnostics).toMatchObject([{ code: 'content/missing-value-set' }])
  expect(content.refused[0]?.diagnostics[0]?.message).toContain(`"Set" (${url})`)
  store.close()

  const accepted = await load(sets, [url])
  const { measures, refused, valueSets } = accepted.content
  expect(measures.map(({ id }) => id)).toEqual(['M'])
  const config = defaultConfig
  const people = folderOf({ 'Patient.ndjson': `${JSON.stringify({ resourceType: 'Patient', id: 'p' })}\n` })
  const options = {
    store: accepted.store,
    config,
    clock,
    logger: silentLogger,
    measures,
    refused,
    valueSets,
    workers: 0,
  }
  await loadData(accepted.store, { path: people, source: 'lakeside', config, progress: silentProgress })
  const application = await createApplication(options)
  const period = { start: '2026-01-01', end: '2026-12-31', timeZone: 'UTC' }
  const run = await application.evaluateRun({ measures: ['M'], period }, silentProgress)
  const [row] = await readRunMeasures(accepted.store.session, run)
  expect(row).toMatchObject({ measureId: 'M', state: 'done' })
  expect(JSON.parse(row?.diagnostics ?? '[]')).toMatchObject([
    { code: 'content/accepted-value-set', severity: 'warning' },
  ])
  expect(row?.diagnostics).toContain(url)
  // Each line of the results says so too, and so does every report.
  for await (const { remarks } of resultLines(accepted.store.session, run))
    expect(remarks).toEqual([expect.stringMatching(/^content\/accepted-value-set: Value set "Set"/)])
  const asked = { measure: measures[0] as InstalledMeasure, period, who: {}, kind: 'population' } as const
  expect(JSON.stringify((await makeReport(application, asked)).report)).toContain('accepted although it is not whole')
  accepted.store.close()
})

test('sets defined by each other, or by a code system of the package, are computed', async () => {
  const codeSystem = {
    resourceType: 'CodeSystem',
    url: 'http://loinc.org',
    content: 'complete',
    concept: [{ code: '0', concept: [{ code: '1' }] }],
  }
  const inner = {
    resourceType: 'ValueSet',
    url: 'http://x/ValueSet/inner',
    compose: {
      include: [{ system: 'https://loinc.org', filter: [{ property: 'concept', op: 'is-a', value: '0' }] }],
      exclude: [{ system: 'http://loinc.org', concept: [{ code: '0' }] }],
    },
  }
  const outer = valueSet([], {
    expansion: undefined,
    compose: { include: [{ valueSet: ['http://x/ValueSet/inner'] }] },
  })
  const { store, content } = await load([codeSystem, inner, outer])
  const [canonical = ''] = content.measures[0]?.valueSets ?? []
  expect(content.valueSets.find(canonical)?.members).toEqual([{ system: 'http://loinc.org', code: '1' }])
  store.close()
})

/** A set that is defined by another. */
const round = (own: string, other: string) => ({
  resourceType: 'ValueSet',
  url: own,
  compose: { include: [{ valueSet: [other] }] },
})

test('sets that are defined by each other in a circle are not at hand', async () => {
  const { store, content } = await load([round(url, 'http://x/ValueSet/b'), round('http://x/ValueSet/b', url)])
  expect(content.refused.map(({ id }) => id)).toEqual(['M'])
  expect(content.terminology.filter(({ code }) => code === 'terminology/not-expanded')).toHaveLength(2)
  store.close()
})
