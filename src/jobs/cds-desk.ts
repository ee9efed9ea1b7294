import type { Clock } from '../base/index.ts'
import { type CdsService, createServices, warmMeasures } from '../cards/index.ts'
import type { Session } from '../duck/index.ts'
import { readCodeMaps, readSources, type SourceRow } from '../store/index.ts'
import type { Application } from './application.ts'
import { type CdsMemory, createCdsMemory } from './cds-memory.ts'
import { type Translate, translationOf } from './live-translation.ts'
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
  /** What approved maps say of what is sent by a source, as they were at most some seconds ago. */
  readonly translation: (source: string | undefined) => Promise<Translate>
  /** Calls that are under way. */
  calls: number
}

const desks = new WeakMap<Application, CdsDesk>()

/** The desk of an application: made once, whoever asks. */
export function cdsDeskOf(application: Application): CdsDesk {
  const known = desks.get(application)
  if (known !== undefined) return known
  const { config, plans = [], ingredients = new Map(), logger } = application
  const memory = createCdsMemory(application)
  const { services, refusedOrders } = createServices({
    engine: application,
    plans,
    config: config.cds,
    timeZone: config.timeZone,
    quiet: memory.quiet,
    ingredients,
  })
  for (const { code, message } of refusedOrders) logger.log('warn', 'order-refused', { code, message })
  void warmMeasures(application, config.timeZone)
  const reading = readerOf(application)
  const sources = kept(application.clock, async () => readSources(await reading()))
  const maps = kept(application.clock, async () => translations(await reading()))
  const translation = async (source: string | undefined) => (await maps())(source)
  const desk: CdsDesk = { application, services, memory, turns: new Turns(), reading, sources, translation, calls: 0 }
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

/** The translation of each source by the maps that are approved, made once. */
async function translations(session: Session): Promise<(source: string | undefined) => Translate> {
  const approved = (await readCodeMaps(session)).filter(({ state }) => state === 'approved')
  const made = new Map<string | undefined, Translate>()
  return (source) => {
    const known = made.get(source) ?? translationOf(approved, source)
    made.set(source, known)
    return known
  }
}

const keptMs = 5000

/** What was read, for some seconds. */
function kept<T>(clock: Clock, read: () => Promise<T>): () => Promise<T> {
  let held: Promise<T> | undefined
  let until = 0
  return () => {
    const now = clock.now().getTime()
    if (held === undefined || now >= until) {
      held = read()
      until = now + keptMs
      // What failed is asked for again by the next call.
      held.catch(() => {
        held = undefined
      })
    }
    return held
  }
}
