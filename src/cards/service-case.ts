import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type CdsConfig, type Diagnostic, fixedClock, messageOf } from '../base/index.ts'
import type { Resource } from '../fhir/index.ts'
import { createServices } from './create-services.ts'
import { type HookRequest, readHookRequest } from './hook/hook-request.ts'
import { type LoadedPlan, serviceFolders, shippedServices } from './plan/load-plans.ts'
import { createQuiet } from './quiet/quiet.ts'
import type { CdsService } from './service.ts'

const resource = z.looseObject({ resourceType: z.string(), id: z.string().optional() })
const card = z.strictObject({ summary: z.string(), indicator: z.string(), suggestions: z.array(z.string()) })

const serviceCase = z.strictObject({
  title: z.string(),
  hook: z.string(),
  now: z.iso.datetime(),
  facts: z.array(resource),
  drafts: z.array(resource).optional(),
  selections: z.array(z.string()).optional(),
  missing: z.array(z.string()).optional(),
  expected: z.union([z.array(card), z.literal('unmet')]),
  unknown: z.array(z.string()).optional(),
})

/**
 * A case of a service: who the patient `p` is and what the EHR holds of them (`facts`), what is ordered, and the cards, or
 * `unmet` where nothing can be evaluated. `missing`: types that the EHR does not send. `unknown`: why something could not be beside the cards; nothing where absent.
 */
export interface ServiceCase {
  readonly title: string
  readonly hook: string
  readonly now: string
  readonly facts: readonly Resource[]
  readonly drafts?: readonly Resource[]
  readonly selections?: readonly string[]
  readonly missing?: readonly string[]
  readonly expected: z.infer<typeof serviceCase>['expected']
  readonly unknown?: readonly string[]
}

/** Reads a case; the faults of a file that is none are thrown as zod tells them. */
const readServiceCase = (text: string): ServiceCase => serviceCase.parse(JSON.parse(text)) as ServiceCase

/** The request of a case, with whole answers to every prefetch template of the service. Undefined where it is none. */
export function caseRequest(service: CdsService, given: ServiceCase): HookRequest | undefined {
  const prefetch = Object.fromEntries(
    whatIsSent(service, given).map(([key, type]) => {
      // A search brings what its hits refer to along (_include).
      const included = type.startsWith('Medication') ? ['Medication'] : []
      const found = given.facts.filter(({ resourceType }) => [type, ...included].includes(resourceType))
      const bundle = { resourceType: 'Bundle', type: 'searchset', entry: found.map((one) => ({ resource: one })) }
      return [key, type === 'Patient' ? found[0] : bundle]
    }),
  )
  const bundle = { resourceType: 'Bundle', entry: (given.drafts ?? []).map((one) => ({ resource: one })) }
  const request = {
    hook: given.hook,
    hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
    context: {
      userId: 'Practitioner/example',
      patientId: 'p',
      ...(given.drafts === undefined ? {} : { draftOrders: bundle }),
      ...(given.selections === undefined ? {} : { selections: given.selections }),
    },
    prefetch,
  }
  const read = readHookRequest(request, given.hook)
  return read.ok ? read.value : undefined
}

const whatIsSent = ({ plan }: CdsService, { missing = [] }: ServiceCase) =>
  [...plan.types].filter(([, type]) => !missing.includes(type))

/** The services of plans at a moment, with nothing remembered. */
export const servicesAt = (plans: readonly LoadedPlan[], config: CdsConfig, now: string): readonly CdsService[] =>
  createServices({
    engine: { measures: [], clock: fixedClock(now), evaluatePerson: () => Promise.resolve({ gaps: [] }) },
    plans,
    config,
    timeZone: 'UTC',
    quiet: createQuiet(0),
  }).services

/** The cases of service folders, shipped and own: a line for each that does not hold, and how many do. */
export async function checkServiceCases(
  plans: readonly LoadedPlan[],
  config: CdsConfig,
): Promise<readonly Diagnostic[]> {
  const folders = [shippedServices, ...config.folders].flatMap(serviceFolders)
  const found: Diagnostic[] = []
  let held = 0
  for (const { id, path } of folders) {
    const cases = join(path, 'cases')
    if (!existsSync(cases) || !plans.some(({ plan }) => plan.id === id)) continue
    for (const name of readdirSync(cases).filter((one) => one.endsWith('.json'))) {
      const fault = await faultOf(plans, config, id, join(cases, name))
      if (fault === undefined) held += 1
      else found.push(notHeld(id, join(cases, name), fault))
    }
  }
  const message = `${held} cases of CDS services hold.`
  return [...found, { code: 'cards/cases-hold', severity: 'information', message }]
}

async function faultOf(
  plans: readonly LoadedPlan[],
  config: CdsConfig,
  id: string,
  file: string,
): Promise<string | undefined> {
  let given: ServiceCase
  try {
    given = readServiceCase(readFileSync(file, 'utf8'))
  } catch (thrown) {
    return `it cannot be read: ${messageOf(thrown).replaceAll(/\s+/g, ' ')}`
  }
  const service = servicesAt(plans, config, given.now).find((one) => one.id === `${id}-${given.hook}`)
  const request = service === undefined ? undefined : caseRequest(service, given)
  if (service === undefined || request === undefined) return `the service is not called like that on ${given.hook}`
  const told = toldBy(await service.answer(request, { site: 'case' }))
  const wanted = JSON.stringify({ cards: given.expected, unknown: given.unknown ?? [] })
  return told === wanted ? undefined : `expected ${wanted}, and it says ${told}`
}

function toldBy(answer: Awaited<ReturnType<CdsService['answer']>>): string {
  if (answer.kind !== 'cards') return JSON.stringify({ cards: answer.kind, unknown: [] })
  const unknown = answer.evaluation.outcomes.filter(({ status }) => status === 'unknown').map(({ reason }) => reason)
  const cards = answer.cards.map(({ summary, indicator, suggestions = [] }) => ({
    summary,
    indicator,
    suggestions: suggestions.map(({ label }) => label),
  }))
  return JSON.stringify({ cards, unknown: [...new Set(unknown)] })
}

function notHeld(id: string, file: string, reason: string): Diagnostic {
  return {
    code: 'cards/case-does-not-hold',
    severity: 'error',
    message: `A case of the CDS service ${id} does not hold: ${reason}.`,
    place: { file },
    remedy: 'Correct the logic or the case.',
  }
}
