import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CdsConfig, defaultConfig, fixedClock } from '../../src/base/index.ts'
import {
  type CdsService,
  createQuiet,
  createServices,
  type LoadedPlans,
  loadPlans,
  type Quiet,
} from '../../src/cards/index.ts'

// A service of one's own in a folder, as users add them.

export const now = '2026-06-15T12:00:00Z'
export const extensionBase = 'https://caregap.dev/fhir/StructureDefinition/'

const cql = `library MadePlan version '1.0.0'
using FHIR version '4.0.1'
include FHIRHelpers version '4.0.1' called FHIRHelpers
parameter "Orders" List<String> default { }
parameter "Least" Integer default 1
context Patient
define "Applies": Count([Condition]) + Count([MedicationRequest]) + Count([AllergyIntolerance]) + Count([Appointment]) >= "Least"
define "Never": false
define "Words": 'Orders: ' + Coalesce(Combine("Orders", ', '), 'none')
define "Details": 'From the record: ' + Coalesce(First([Condition]).code.text.value, 'nothing')
define "First Order": First("Orders")
define "Other Order": 'MedicationRequest/ehr.other'
define "Fails": Message(true, true, '1', 'Error', 'Jane Doe')
define "Number": 1
`

const condition = (expression: string) => [
  { kind: 'applicability', expression: { language: 'text/cql-identifier', expression } },
]
export const dynamic = (path: string, expression: string) => ({
  path,
  expression: { language: 'text/cql-identifier', expression },
})

/** The one card of the plan; what is given takes its place. */
export function madeAction(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    id: 'card',
    trigger: [{ type: 'named-event', name: 'patient-view' }],
    condition: condition('Applies'),
    dynamicValue: [dynamic('action.title', 'Words'), dynamic('action.description', 'Details')],
    ...more,
  }
}

export const withCondition = (expression: string) => ({ condition: condition(expression) })

export function madePlan(actions: readonly unknown[], more: Readonly<Record<string, unknown>> = {}) {
  return {
    resourceType: 'PlanDefinition',
    id: 'made',
    url: 'http://example.org/PlanDefinition/made',
    version: '1.0.0',
    title: 'A made plan',
    description: 'Made for a test.',
    library: ['http://example.org/Library/MadePlan|1.0.0'],
    action: actions,
    ...more,
  }
}

const cacheDir = mkdtempSync(join(tmpdir(), 'caregap-made-elm-'))

/** Loads a plan from a folder that is written for it. */
export function loadMade(
  plan: unknown,
  settings: NonNullable<Parameters<typeof loadPlans>[0]['settings']> = {},
  name: string = 'made',
): Promise<LoadedPlans> {
  const folder = mkdtempSync(join(tmpdir(), 'caregap-plan-'))
  mkdirSync(join(folder, name, 'cql'), { recursive: true })
  writeFileSync(join(folder, name, 'plan.json'), typeof plan === 'string' ? plan : JSON.stringify(plan))
  writeFileSync(join(folder, name, 'cql', 'MadePlan.cql'), cql)
  const valueSets = { find: () => undefined, all: [] }
  return loadPlans({ folders: [folder], shipped: false, valueSets, settings, cacheDir })
}

/** The services of a loaded plan. */
export function servicesOf(
  { plans }: LoadedPlans,
  config: Partial<CdsConfig> = {},
  quiet: Quiet = createQuiet(90),
): readonly CdsService[] {
  return createServices({
    engine: { measures: [], clock: fixedClock(now), evaluatePerson: () => Promise.resolve({ gaps: [] }) },
    plans,
    config: { ...defaultConfig.cds, careGapHooks: [], ...config },
    timeZone: 'UTC',
    quiet,
  }).services
}
