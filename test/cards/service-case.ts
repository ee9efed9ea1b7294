import { unwrap } from '../../src/base/index.ts'
import { type CdsService, type HookRequest, readHookRequest } from '../../src/cards/index.ts'
import type { Resource } from '../../src/fhir/index.ts'
import { cardFaults } from './valid-card.ts'

/** A case of a service: a person, what is ordered, and the cards. */
export interface ServiceCase {
  readonly title: string
  readonly hook: string
  readonly now: string
  readonly facts: readonly Resource[]
  readonly drafts?: readonly Resource[]
  readonly selections?: readonly string[]
  readonly expected: readonly ExpectedCard[] | 'unmet'
  /** Why something could not be evaluated beside the cards; nothing where absent. */
  readonly unknown?: readonly string[]
}

interface ExpectedCard {
  readonly summary: string
  readonly indicator: string
  readonly suggestions: readonly string[]
}

/** The request of a case, with whole answers to every prefetch template of the service. */
export function caseRequest(service: CdsService, given: ServiceCase): HookRequest {
  const prefetch = Object.fromEntries(
    [...service.plan.types].map(([key, type]) => {
      // A search brings what its hits refer to along (_include).
      const included = type === 'MedicationRequest' ? ['Medication'] : []
      const found = given.facts.filter(({ resourceType }) => [type, ...included].includes(resourceType))
      const bundle = { resourceType: 'Bundle', type: 'searchset', entry: found.map((resource) => ({ resource })) }
      return [key, type === 'Patient' ? found[0] : bundle]
    }),
  )
  const bundle = { resourceType: 'Bundle', entry: (given.drafts ?? []).map((resource) => ({ resource })) }
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
  return unwrap(readHookRequest(request, given.hook))
}

/** What the service says to a case, in the form of its expectation. */
export async function answerCase(service: CdsService, given: ServiceCase): Promise<readonly ExpectedCard[] | string> {
  const answer = await service.answer(caseRequest(service, given), { site: 'test' })
  if (answer.kind === 'unmet') return 'unmet'
  if (answer.kind === 'refused') return answer.diagnostics.map(({ message }) => message).join(' ')
  const unknown = new Set(
    answer.evaluation.outcomes.filter(({ status }) => status === 'unknown').map(({ reason }) => reason),
  )
  if ([...unknown].join(' ') !== (given.unknown ?? []).join(' ')) return [...unknown].join(' ')
  const faults = cardFaults(answer.cards)
  if (faults.length > 0) return faults.join('; ')
  return answer.cards.map(({ summary, indicator, suggestions = [] }) => ({
    summary,
    indicator,
    suggestions: suggestions.map(({ label }) => label),
  }))
}
