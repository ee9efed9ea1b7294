import type { Clock } from '../base/index.ts'
import { type CdsService, createServices, warmMeasures } from '../cards/index.ts'
import type { Session } from '../duck/index.ts'
import { readSources, type SourceRow } from '../store/index.ts'
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
  /** Reads what is stored of patients, on a connection of its own: no other work is waited for. */
  readonly reading: () => Promise<Session>
  /** The sources that are loaded, as they were at most some seconds ago. */
  readonly sources: () => Promise<readonly SourceRow[]>
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
  const reading = readerOf(application)
  const sources = keptSources(application.clock, reading)
  const desk: CdsDesk = { application, services, memory, turns: new Turns(), reading, sources, calls: 0 }
  desks.set(application, desk)
  return desk
}

/** A connection that is made when first asked for, and closed before the store is. */
function readerOf(application: Application): () => Promise<Session> {
  let session: Promise<Session> | undefined
  return () => {
    if (session === undefined) {
      const opened = application.store.database.connect()
      application.onClose?.(async () => (await opened).close())
      session = opened
    }
    return session
  }
}

const sourcesMs = 5000

function keptSources(clock: Clock, reading: CdsDesk['reading']): CdsDesk['sources'] {
  let kept: Promise<readonly SourceRow[]> | undefined
  let until = 0
  return () => {
    const now = clock.now().getTime()
    if (kept === undefined || now >= until) {
      kept = reading().then(readSources)
      until = now + sourcesMs
      // What failed is asked for again by the next call.
      kept.catch(() => {
        kept = undefined
      })
    }
    return kept
  }
}
