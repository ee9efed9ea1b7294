import type { CdsConfig, Diagnostic } from '../base/index.ts'
import type { DrugIngredients } from './facts/drug-ingredients.ts'
import { type CareGapEngine, careGapTopics } from './gap/gap-topic.ts'
import { hookNamed } from './hook/hook.ts'
import { cardsOn, hooksOf, type LoadedPlan } from './plan/load-plans.ts'
import { planTopic } from './plan/plan-topic.ts'
import type { Quiet } from './quiet/quiet.ts'
import { type CdsService, createService, type ServiceParts } from './service.ts'

export interface ServicesSetting {
  readonly engine: CareGapEngine
  readonly plans: readonly LoadedPlan[]
  readonly config: CdsConfig
  readonly timeZone: string
  readonly quiet: Quiet
  readonly ingredients?: DrugIngredients
}

export interface CdsServices {
  /** Each with an id of its own: real clients keep services by their address. */
  readonly services: readonly CdsService[]
  /** Orders in installed measures that no card can offer. */
  readonly refusedOrders: readonly Diagnostic[]
}

/** The name by which the care-gap services are set up. */
const careGaps = 'care-gaps'

/** Care gaps and the services of all plans, one per hook. */
export function createServices(setting: ServicesSetting): CdsServices {
  const { engine, plans, config, timeZone, quiet } = setting
  const { ingredients = new Map() } = setting
  const surroundings = { clock: engine.clock, timeZone, mostCards: config.mostCards, quiet, ingredients }
  const { topics, refusedOrders } = careGapTopics(engine)
  const titles = engine.measures.map(({ title }) => title).join('; ') || 'no measure is installed'
  const settingOf = (name: string) => {
    const found = config.services[name]
    return found === undefined ? {} : { setting: found }
  }
  const gaps = config.services[careGaps]?.enabled === false ? [] : config.careGapHooks
  const parts: (Omit<ServiceParts, 'hook'> & { readonly on: string })[] = [
    ...gaps.map((on) => ({
      id: `caregap-${on}`,
      name: careGaps,
      on,
      title: 'Care gaps',
      description: `Open care gaps of the patient, each with its reason: ${titles}.`,
      topics,
      surroundings,
      ...settingOf(careGaps),
    })),
    ...plans.flatMap(({ plan, logic }) =>
      hooksOf(plan).map((on) => ({
        id: `${plan.id}-${on}`,
        name: plan.id,
        on,
        title: plan.title,
        description: plan.description,
        topics: cardsOn(plan, on).map((card) => planTopic(plan, card, logic)),
        withRole: cardsOn(plan, on).some(({ roles }) => roles.length > 0),
        surroundings,
        ...settingOf(plan.id),
      })),
    ),
  ]
  const services = parts.flatMap(({ on, ...rest }) => {
    const hook = hookNamed(on)
    return hook === undefined ? [] : [createService({ ...rest, hook })]
  })
  return { services, refusedOrders }
}
