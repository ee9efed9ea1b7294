import type { CdsServiceSetting, Clock, Diagnostic } from '../base/index.ts'
import type { Link } from './card.ts'
import type { DrugIngredients } from './facts/drug-ingredients.ts'
import { type FactSurroundings, gatherFacts, unmetNeeds, unsentOf } from './facts/facts.ts'
import { type PrefetchPlan, planPrefetch } from './facts/prefetch-plan.ts'
import type { HookDefinition } from './hook/hook.ts'
import type { HookRequest } from './hook/hook-request.ts'
import { concluded, type Measured, type ServiceAnswer } from './quiet/conclude.ts'
import type { Quiet } from './quiet/quiet.ts'
import type { Topic } from './topic.ts'

/** How a service is run: when, where, and how much of it is shown. */
export interface ServiceSurroundings {
  readonly clock: Clock
  /** IANA zone in which "today" and the measurement year are meant. */
  readonly timeZone: string
  /** Cards of one answer at most. */
  readonly mostCards: number
  readonly quiet: Quiet
  readonly ingredients?: DrugIngredients
}

export interface ServiceParts {
  readonly id: string
  /** The folder, or `care-gaps`: what its setting is named by. */
  readonly name: string
  readonly hook: HookDefinition
  readonly title: string
  readonly description: string
  readonly topics: readonly Topic[]
  readonly withRole?: boolean
  readonly setting?: CdsServiceSetting
  readonly surroundings: ServiceSurroundings
}

/** What the edge brings to a call beside its body. */
export interface CallSurroundings extends Omit<FactSurroundings, 'ingredients'> {
  /** How reports name the client's place. */
  readonly site: string
  /** Links of cards to the patient, where we hold them for sure. */
  readonly links?: () => Promise<readonly Link[]>
}

/** One entry of discovery: a service on one hook, under an id of its own. */
export interface CdsService {
  readonly id: string
  readonly name: string
  readonly hook: HookDefinition
  readonly title: string
  readonly description: string
  readonly plan: PrefetchPlan
  answer(request: HookRequest, around: CallSurroundings): Promise<ServiceAnswer>
}

/**
 * A service over its topics. A topic whose data is not there is told as `unknown` and the others answer; where
 * that is all of them the answer is `unmet`, never an empty list of cards.
 */
export function createService(parts: ServiceParts): CdsService {
  const { id, name, hook, title, description, topics } = parts
  const plan = planPrefetch(
    topics.map(({ need }) => need),
    parts.withRole,
  )
  return {
    id,
    name,
    hook,
    title,
    description,
    plan,
    answer: (request, around) => answerCall({ ...parts, plan }, request, around),
  }
}

async function answerCall(
  parts: ServiceParts & { readonly plan: PrefetchPlan },
  request: HookRequest,
  around: CallSurroundings,
): Promise<ServiceAnswer> {
  const { plan, topics, surroundings } = parts
  const gathered = gatherFacts(request, plan, { ...around, ...ingredientsOf(surroundings) })
  if (gathered.kind !== 'facts') return gathered
  const { facts } = gathered
  const now = surroundings.clock.now().toISOString()
  const measured: Measured[] = []
  for (const topic of topics) {
    const unsent = unsentOf(topic.id, plan, request, facts)
    const unmet = [...unmetNeeds(topic.id, plan, facts), ...(unsent.isAll ? unsent.diagnostics : [])]
    measured.push(
      unmet.length > 0
        ? { topic, diagnostics: unmet }
        : inPart(
            await evaluated(topic, () => topic.evaluate({ request, facts, now, timeZone: surroundings.timeZone })),
            unsent.diagnostics,
          ),
    )
  }
  return concluded({ ...parts, request, facts, now, around }, measured)
}

const ingredientsOf = ({ ingredients }: ServiceSurroundings) => (ingredients === undefined ? {} : { ingredients })

/** What a topic says, and that it is not all. */
function inPart(measured: Measured, left: readonly Diagnostic[]): Measured {
  if (measured.findings === undefined || left.length === 0) return measured
  const reason = `In part: ${left.map(({ message }) => message).join(' ')}`
  return {
    ...measured,
    findings: [...measured.findings, { subject: measured.topic.subject, status: 'unknown', reason }],
  }
}

/** The text of what was thrown may quote the record: only that it failed goes out. */
async function evaluated(topic: Topic, evaluate: () => ReturnType<Topic['evaluate']>): Promise<Measured> {
  try {
    const answer = await evaluate()
    return answer.ok ? { topic, findings: answer.findings } : { topic, diagnostics: answer.diagnostics }
  } catch {
    const failed: Diagnostic = {
      code: 'cards/not-evaluated',
      severity: 'error',
      message: `${topic.id} could not be evaluated: the evaluation failed.`,
    }
    return { topic, diagnostics: [failed] }
  }
}
