import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot, unwrap } from '../../src/base/index.ts'
import { loadPlans, usedCodes } from '../../src/cards/index.ts'
import { addPackage, checkCodes, loadContent, wholeCodeSystems } from '../../src/content/index.ts'
import { readCodeSystem } from '../../src/terminology/code-system.ts'
import { bundleFile, clock, emptyContext } from './package-kit.ts'

// A release of a code system that a site loads as a package: what we use is held against it.

const rxNorm = 'http://www.nlm.nih.gov/research/umls/rxnorm'

interface Included {
  readonly compose: { readonly include: readonly { readonly concept: readonly { code: string; display: string }[] }[] }
}
const { compose } = JSON.parse(
  readFileSync(join(projectRoot, 'cds/severe-drug-pairs/valuesets/drug-ingredients.json'), 'utf8'),
) as Included
const listed = compose.include.flatMap(({ concept }) => concept)

test('the value set of ingredients is what the logic looks for', () => {
  const cql = readFileSync(join(projectRoot, 'cql', 'DrugIngredients.cql'), 'utf8')
  const drugs = [...cql.matchAll(/drugs: '([^']*)'/g)].flatMap(([, text = '']) => text.split(', '))
  const coded = drugs.flatMap((drug) => {
    const [, word, code] = /^([a-z]+) (\d+)$/.exec(drug) ?? []
    return word === undefined || code === undefined ? [] : [`${code} ${word}`]
  })
  expect(new Set(listed.map(({ code, display }) => `${code} ${display.split(' ')[0]}`))).toEqual(new Set(coded))
})

async function remarksOf(content: string, change: (concepts: typeof listed) => typeof listed) {
  const { store, context } = await emptyContext()
  const system = {
    resourceType: 'CodeSystem',
    url: rxNorm,
    version: '06072026',
    status: 'active',
    content,
    concept: change(listed),
  }
  const added = unwrap(await addPackage(bundleFile([system]), context, clock))
  const systems = await wholeCodeSystems(store.session, `${added.name}|${added.version}`)
  store.close()
  const { measures, valueSets } = await loadContent()
  const { plans } = await loadPlans({ valueSets })
  return checkCodes(usedCodes(measures, plans, valueSets.all), systems)
}

const ofIngredients = ({ place }: { place?: { resource?: string } }) =>
  place?.resource === 'ValueSet https://caregap.dev/fhir/ValueSet/drug-ingredients'

const turned = (display: string): string => `${display.split(' ').reverse().join(', ').toUpperCase()} (ingredient)`

test('a release that has all codes, in whatever order its names are written, leaves nothing to say of them', async () => {
  const remarks = await remarksOf('complete', (all) => all.map((one) => ({ ...one, display: turned(one.display) })))
  expect(remarks.filter(ofIngredients)).toEqual([])
})

test('a code that the release does not have, and one that it names otherwise, are told with their value set', async () => {
  const remarks = await remarksOf('complete', (all) =>
    all
      .filter(({ code }) => code !== '4917')
      .map((one) => (one.code === '7804' ? { ...one, display: 'aspirin' } : one)),
  )
  expect(remarks.filter(ofIngredients)).toMatchObject([
    {
      code: 'content/unknown-codes',
      severity: 'warning',
      message: expect.stringContaining('06072026: 4917.') as string,
    },
    {
      code: 'content/other-names',
      message: expect.stringContaining('7804 is "aspirin" there, and "oxycodone" here') as string,
    },
  ])
})

test('what is ordered is held against it too', async () => {
  const { measures, valueSets } = await loadContent({ ids: ['glycemic-status'] })
  const used = usedCodes(measures, [], valueSets.all)
  expect(used.flatMap(({ name, codings }) => (name.startsWith('the order') ? codings : []))).toMatchObject([
    { system: 'http://loinc.org', code: '4548-4' },
  ])
})

test('of a part of a code system nothing follows', async () => {
  expect(await remarksOf('fragment', () => [])).toEqual([])
})

test('codes that logic declares are held against it too, each with its library', async () => {
  const { measures, valueSets } = await loadContent({ ids: ['depression-screening'] })
  const { plans } = await loadPlans({ valueSets })
  const used = usedCodes(measures, plans, valueSets.all)
  const concept = { code: '73832-8', display: 'Body height' }
  const system = readCodeSystem({
    resourceType: 'CodeSystem',
    url: 'http://loinc.org',
    version: '2.80',
    status: 'active',
    content: 'complete',
    concept: [concept],
  })
  const remarks = checkCodes(used, system === undefined ? [] : [system])
  const ofLogic = remarks.filter(({ place }) => place?.resource === 'Library DepressionScreening')
  expect(ofLogic.map(({ code }) => code)).toEqual(['content/unknown-codes', 'content/other-names'])
  expect(ofLogic[0]?.message).toContain('73831-0')
  expect(remarks.some(({ place }) => place?.resource === 'Library StatinUse')).toBe(true)
})
