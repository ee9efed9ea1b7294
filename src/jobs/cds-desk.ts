import { type CdsService, createServices, warmMeasures } from '../cards/index.ts'
import type { Application } from './application.ts'
import { type CdsMemory, createCdsMemory } from './cds-memory.ts'
import { Turns } from './turns.ts'

/** The CDS services of a process with what is remembered between their calls: shared by all edges. */
export interface CdsDesk {
  readonly application: Application
  readonly services: readonly CdsService[]
  readonly memory: CdsMemory
  /** The order in which calls are evaluated. */
  readonly turns: Turns
  /** Calls that are under way. */
  calls: number
}

const desks = new WeakMap<Application, CdsDesk>()

/** The desk of an application: made once, whoever asks. */
export function cdsDeskOf(application: Application): CdsDesk {
  const known = desks.get(application)
  if (known !== undefined) return known
  const { config, plans = [], logger } = application
  const memory = createCdsMemory(application)
  const { services, refusedOrders } = createServices({
    engine: application,
    plans,
    config: config.cds,
    timeZone: config.timeZone,
    quiet: memory.quiet,
  })
  for (const { code, message } of refusedOrders) logger.log('warn', 'order-refused', { code, message })
  void warmMeasures(application, config.timeZone)
  const desk: CdsDesk = { application, services, memory, turns: new Turns(), calls: 0 }
  desks.set(application, desk)
  return desk
}
