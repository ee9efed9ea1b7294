import { expect, test } from 'vitest'
import { defaultConfig, fixedClock, unwrap } from '../../src/base/index.ts'
import { readDrugIngredients } from '../../src/cards/facts/drug-ingredients.ts'
import { createQuiet, createServices, loadDrugIngredients, loadPlans } from '../../src/cards/index.ts'
import { addPackage, loadContent } from '../../src/content/index.ts'
import type { Resource } from '../../src/fhir/index.ts'
import { bundleFile, clock, emptyContext } from '../package/package-kit.ts'
import { answerCase, type ServiceCase } from './service-case.ts'

// What a site says its products contain: RxNorm ingredients by codes of any system, and by texts.

const url = 'https://site.example/fhir/ConceptMap/products'
const rxNorm = 'http://www.nlm.nih.gov/research/umls/rxnorm'
const local = 'https://ehr.example/drugs'
const element = (code: string, ...targets: readonly object[]) => ({
  code,
  target: targets.map((target) => ({ equivalence: 'wider', ...target })),
})
const products = {
  resourceType: 'ConceptMap',
  url,
  status: 'active',
  group: [
    {
      source: local,
      target: rxNorm,
      element: [
        element('77', { code: '4917', display: 'nitroglycerin' }),
        element('78', { code: '999', display: 'acacia' }, { code: '4917' }),
        element('79', { code: '161' }),
        element('80', { code: '4917', equivalence: 'relatedto' }),
      ],
    },
    { source: 'http://hl7.org/fhir/sid/ndc', target: rxNorm, element: [element('0071-0418-13', { code: '4917' })] },
    {
      source: 'https://caregap.dev/fhir/CodeSystem/concept-text',
      target: rxNorm,
      element: [element('White heart tablets', { code: '4917' })],
    },
    { source: local, target: 'http://snomed.info/sct', element: [element('81', { code: '387404004' })] },
  ],
}
const place = { file: 'products.json' }

const taken = (medication: object): Resource => ({
  resourceType: 'MedicationRequest',
  id: 'm',
  status: 'active',
  intent: 'order',
  subject: { reference: 'Patient/p' },
  authoredOn: '2026-05-01',
  ...medication,
})
const concept = (system: string, code: string) => ({ coding: [{ system, code }] })
const sildenafil = { coding: [{ system: rxNorm, code: '314200', display: 'sildenafil 50 MG Oral Tablet' }] }

async function serviceWith(maps: readonly unknown[]) {
  const { valueSets } = await loadContent({ ids: [] })
  const { services } = createServices({
    engine: {
      measures: [],
      clock: fixedClock('2026-06-15T12:00:00Z'),
      evaluatePerson: () => Promise.resolve({ gaps: [] }),
    },
    plans: (await loadPlans({ valueSets })).plans,
    config: defaultConfig.cds,
    timeZone: 'UTC',
    quiet: createQuiet(90),
    ingredients: readDrugIngredients(maps.map((resource) => ({ resource, place }))).ingredients,
  })
  const service = services.find(({ id }) => id === 'severe-drug-pairs-order-sign')
  if (service === undefined) throw new RangeError('no such service')
  return service
}

const caseOf = (facts: readonly Resource[]): ServiceCase => ({
  title: '',
  hook: 'order-sign',
  now: '2026-06-15T12:00:00Z',
  facts: [{ resourceType: 'Patient', id: 'p', birthDate: '1970-03-14', gender: 'female' }, ...facts],
  drafts: [{ ...taken({ medicationCodeableConcept: sildenafil }), id: 'd', status: 'draft' }],
  expected: [],
})

const pair = [
  {
    summary: 'Do not combine sildenafil with nitroglycerin: severe hypotension',
    indicator: 'critical',
    suggestions: ['Take the order back'],
  },
]

const medication = { resourceType: 'Medication', id: 'x', code: concept(local, '77') }
const inside = { resourceType: 'Medication', id: 'x', ingredient: [{ itemCodeableConcept: concept(local, '77') }] }

test.each<[string, readonly Resource[]]>([
  ['a local code', [taken({ medicationCodeableConcept: concept(local, '77') })]],
  ['an NDC', [taken({ medicationCodeableConcept: concept('http://hl7.org/fhir/sid/ndc', '0071-0418-13') })]],
  ['the second of two ingredients', [taken({ medicationCodeableConcept: concept(local, '78') })]],
  ['a text, in any writing', [taken({ medicationCodeableConcept: { text: ' white  HEART tablets' } })]],
  ['a Medication', [taken({ medicationReference: { reference: 'Medication/x' } }), medication]],
  ['an ingredient of a contained one', [taken({ contained: [inside], medicationReference: { reference: '#x' } })]],
])('%s that a ConceptMap translates is matched by its ingredient, and is unknown without', async (_, facts) => {
  expect(await answerCase(await serviceWith([products]), caseOf(facts))).toEqual(pair)
  expect(await answerCase(await serviceWith([]), caseOf(facts))).toMatch(/unmet|not known/)
})

test('a product of other ingredients is known: nothing to say', async () => {
  const facts = [taken({ medicationCodeableConcept: concept(local, '79') })]
  expect(await answerCase(await serviceWith([products]), caseOf(facts))).toEqual([])
})

test('what is merely related, or leads elsewhere than to RxNorm, is left out and told', () => {
  const { ingredients, remarks } = readDrugIngredients([{ resource: products, place }])
  expect(remarks.map(({ code }) => code)).toEqual(['terminology/unusable-translation', 'cards/no-ingredient'])
  expect([...ingredients.keys()].filter((key) => /8[01]$/.test(key))).toEqual([])
  expect(readDrugIngredients([{ resource: { resourceType: 'ValueSet' }, place }]).remarks).toMatchObject([
    { code: 'terminology/malformed-concept-map', place },
  ])
})

test('the ConceptMap of an installed package is read by its canonical; one that is not installed is told', async () => {
  const { store, context } = await emptyContext()
  unwrap(await addPackage(bundleFile([{ ...products, id: 'products', version: '1.0.0' }]), context, clock))
  const loaded = await loadDrugIngredients(store.session, [url, 'https://site.example/none'])
  expect(loaded.ingredients.get(`${local}|77`)).toEqual([{ system: rxNorm, code: '4917', display: 'nitroglycerin' }])
  store.close()
  expect(loaded.remarks[0]).toMatchObject({ code: 'cards/no-ingredient-map', severity: 'error' })
})
