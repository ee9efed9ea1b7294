import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { formatDiagnostic, projectRoot, unwrap } from '../../src/base/index.ts'
import { type LoadedPlans, loadPlans, readHookRequest } from '../../src/cards/index.ts'
import { addPackage, loadContent, type PackageContext, removePackage } from '../../src/content/index.ts'
import { bundleFile, clock, emptyContext, library, valueSet } from '../package/package-kit.ts'
import { dynamic, madeAction, madePlan, now, servicesOf, withCondition } from './made-plan.ts'

// A service of an installed package: PlanDefinition, Library and ValueSet as they are published, checked as a folder is.

const cql = `library MadePlan version '1.0.0'
using FHIR version '4.0.1'
include FHIRHelpers version '4.0.1' called FHIRHelpers
valueset "Set": 'http://x/ValueSet/set'
context Patient
define "Results": [Observation: "Set"]
define "Applies": exists "Results"
define "Words": 'Results: ' + ToString(Count("Results"))
define "Number": 1
`
const helpers = readFileSync(join(projectRoot, 'cql', 'FHIRHelpers.cql'), 'utf8')
const libraries = [library('MadePlan', '1.0.0', cql), library('FHIRHelpers', '4.0.1', helpers)]
const action = (more: Readonly<Record<string, unknown>> = {}) =>
  madeAction({ dynamicValue: [dynamic('action.title', 'Words')], ...more })
const plan = (more: Readonly<Record<string, unknown>> = {}) =>
  madePlan([action()], { library: ['http://x/Library/MadePlan|1.0.0'], ...more })

interface Loaded extends LoadedPlans {
  readonly remarks: readonly string[]
}

async function add(context: PackageContext, resources: readonly object[]): Promise<readonly string[]> {
  const added = await addPackage(bundleFile(resources), context, clock)
  unwrap(added)
  return added.diagnostics.map(formatDiagnostic)
}

async function load({ session }: PackageContext, shipped: boolean = false): Promise<Loaded> {
  const content = await loadContent({ session, ids: [] })
  const loaded = await loadPlans({ shipped, packaged: content.plans, valueSets: content.valueSets })
  const remarks = loaded.refused.flatMap(({ diagnostics }) => diagnostics.map(formatDiagnostic))
  return { ...loaded, remarks }
}

async function loadedOf(resources: readonly object[], shipped: boolean = false): Promise<Loaded> {
  const { store, context } = await emptyContext()
  try {
    await add(context, resources)
    return await load(context, shipped)
  } finally {
    store.close()
  }
}

async function answerOf(loaded: LoadedPlans, codes: readonly string[]) {
  const [service] = servicesOf(loaded)
  if (service === undefined) throw new RangeError('there is a service')
  const observation = codes.map((code, index) => ({
    resource: {
      resourceType: 'Observation',
      id: `o${index}`,
      status: 'final',
      subject: { reference: 'Patient/p' },
      code: { coding: [{ system: 'http://loinc.org', code }] },
    },
  }))
  const request = readHookRequest(
    {
      hook: 'patient-view',
      hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
      context: { userId: 'Practitioner/a', patientId: 'p' },
      prefetch: {
        patient: { resourceType: 'Patient', id: 'p' },
        observation: { resourceType: 'Bundle', type: 'searchset', entry: observation },
      },
    },
    'patient-view',
  )
  return service.answer(unwrap(request), { site: now })
}

test('a package with PlanDefinition, Library and ValueSet is a service, with the value sets of its package', async () => {
  const loaded = await loadedOf([plan(), ...libraries, valueSet(['1', '2'])])
  expect(loaded.remarks).toEqual([])
  expect(servicesOf(loaded).map(({ id, plan: { templates } }) => [id, Object.keys(templates)])).toEqual([
    ['made-patient-view', ['patient', 'observation']],
  ])
  expect(await answerOf(loaded, ['1', '2', '3'])).toMatchObject({ kind: 'cards', cards: [{ summary: 'Results: 2' }] })
  expect(await answerOf(loaded, ['3'])).toMatchObject({ kind: 'cards', cards: [] })
})

test.each([
  ['a define that is not there', plan({ action: [action(withCondition('Nowhere'))] }), /no define "Nowhere"/],
  ['a define of another type', plan({ action: [action(withCondition('Number'))] }), /Number/],
  ['a card without words', plan({ action: [action({ dynamicValue: [] })] }), /action\.0\.title: is missing/],
  ['a library that nobody has', plan({ library: ['http://x/Library/Other|1.0.0'] }), /Other\|1\.0\.0 is not there/],
  ['an id that is no name of a path', plan({ id: 'Made Plan' }), /id: lower-case/],
])('%s is refused, with its file and package', async (_, resource, reason) => {
  const { plans, refused, remarks } = await loadedOf([resource, ...libraries, valueSet(['1'])])
  expect(plans).toEqual([])
  expect(remarks.join()).toMatch(reason)
  expect(refused[0]?.diagnostics[0]?.place).toMatchObject({
    file: expect.stringMatching(/bundle-\d+\.json/),
    resource: expect.stringMatching(/^PlanDefinition\/.* of bundle-\d+\|/),
  })
})

test('a value set that is not at hand, or that is cut, is named', async () => {
  const without = await loadedOf([plan(), ...libraries])
  expect(without.remarks.join()).toContain('value set http://x/ValueSet/set')
  const cut = valueSet(['1'], { expansion: { total: 9, contains: [{ system: 'http://loinc.org', code: '1' }] } })
  expect((await loadedOf([plan(), ...libraries, cut])).remarks.join()).toContain('http://x/ValueSet/set')
})

test('a plan that no hook calls is no service; one with the id of a shipped service is refused beside it', async () => {
  const orderSet = plan({ id: 'set', action: [{ title: 'Order set', trigger: [{ type: 'periodic' }] }] })
  const quiet = await loadedOf([orderSet, ...libraries, valueSet(['1'])])
  expect([quiet.plans, quiet.refused]).toEqual([[], []])
  const twin = await loadedOf([plan({ id: 'statin-use' }), ...libraries, valueSet(['1'])], true)
  expect(twin.plans.find(({ plan: { id } }) => id === 'statin-use')?.plan.title).not.toBe('A made plan')
  expect(twin.remarks).toEqual([expect.stringContaining('has the id of another service')])
})

test('a package that is removed takes its service along; of two the one that was added last counts', async () => {
  const { store, context } = await emptyContext()
  await add(context, [plan(), ...libraries, valueSet(['1'])])
  await add(context, [plan({ title: 'A newer plan', version: '1.1.0' }), ...libraries, valueSet(['1', '2'])])
  const both = await load(context)
  expect(both.plans.map(({ plan: { title } }) => title)).toEqual(['A newer plan'])
  expect(await answerOf(both, ['1', '2'])).toMatchObject({ cards: [{ summary: 'Results: 2' }] })
  const [, newer] = (await context.session.all<{ name: string }>('SELECT name FROM package ORDER BY package_id')) as [
    unknown,
    { name: string },
  ]
  unwrap(await removePackage(newer.name, context, false))
  const older = await load(context)
  expect(older.plans.map(({ plan: { title } }) => title)).toEqual(['A made plan'])
  expect(await answerOf(older, ['1', '2'])).toMatchObject({ cards: [{ summary: 'Results: 1' }] })
  store.close()
})
