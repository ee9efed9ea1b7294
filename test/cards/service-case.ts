import { invariant } from '../../src/base/index.ts'
import type { CdsService, HookRequest } from '../../src/cards/index.ts'
import { caseRequest as requestOfCase, type ServiceCase } from '../../src/cards/service-case.ts'
import { cardFaults } from './valid-card.ts'

export type { ServiceCase } from '../../src/cards/service-case.ts'

/** The request of a case, which must be one. */
export function caseRequest(service: CdsService, given: ServiceCase): HookRequest {
  const request = requestOfCase(service, given)
  invariant(request !== undefined, `${given.title} is a request`)
  return request
}

type ExpectedCards = Exclude<ServiceCase['expected'], string>

/** What the service says to a case, in the form of its expectation. */
export async function answerCase(service: CdsService, given: ServiceCase): Promise<ExpectedCards | string> {
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
