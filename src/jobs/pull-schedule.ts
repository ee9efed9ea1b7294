import { CaregapError, type Logger, messageOf, silentProgress } from '../base/index.ts'
import { readSecret } from '../bulk/index.ts'
import { rememberAlert, type Store, wasAlerted } from '../store/index.ts'
import type { Application } from './application.ts'
import { type PullFreshness, pullFreshness } from './pull-freshness.ts'
import { pullSource } from './pull-source.ts'
import { isPulling } from './running-pulls.ts'

/** How a schedule looks at the world; handed in for tests. */
export interface ScheduleTools {
  readonly application: Pick<Application, 'store' | 'config' | 'clock' | 'logger' | 'oneAtATime'>
  /** Pulls a source; faults are the caller's to log. */
  readonly pull: (source: string) => Promise<void>
  readonly post: (url: string, body: string, token: string | undefined) => Promise<number>
}

/** After a pull that could not be completed (network, server) the next try waits this long. */
const retryMs = 15 * 60_000
const lookEveryMs = 30_000

/** Pulls by schedule, and word of those that are late. One object per process. */
export class PullSchedule {
  readonly #tools: ScheduleTools
  readonly #tried = new Map<string, number>()
  readonly #running = new Set<Promise<void>>()

  constructor(tools: ScheduleTools) {
    this.#tools = tools
  }

  /** Begins the pulls that are due, and tells the webhook of late and failed ones. */
  async look(): Promise<void> {
    const { application } = this.#tools
    const { store, config, clock } = application
    const now = clock.now()
    for (const one of await pullFreshness(store, config, now)) {
      if (one.state === 'due' || one.state === 'late') this.#begin(one, now)
      if (config.alerts !== undefined) await this.#tell(one)
    }
  }

  /** Waits for the pulls that it began. */
  async idle(): Promise<void> {
    await Promise.all(this.#running)
  }

  #begin({ source }: PullFreshness, now: Date): void {
    const { application, pull } = this.#tools
    const last = this.#tried.get(source)
    if (isPulling(application.store, source)) return
    if (last !== undefined && now.getTime() - last < retryMs) return
    this.#tried.set(source, now.getTime())
    const work = pull(source)
      .catch((thrown: unknown) => {
        const code = thrown instanceof CaregapError ? (thrown.diagnostics[0]?.code ?? '') : messageOf(thrown)
        application.logger.log('error', 'scheduled-pull-stopped', { source, code })
      })
      .finally(() => this.#running.delete(work))
    this.#running.add(work)
  }

  /** Each event of a night once; one that the webhook did not take is told again at the next look. */
  async #tell(one: PullFreshness): Promise<void> {
    const { application, post } = this.#tools
    const { store, config, logger, clock } = application
    const event = await eventOf(store, one)
    if (event === undefined || config.alerts === undefined) return
    const { source, slot, dataOf } = one
    const { webhook, token } = config.alerts
    const body = JSON.stringify({ event, source, due: slot.toISOString(), dataOf, state: one.pull?.state ?? null })
    try {
      const status = await post(webhook, body, token === undefined ? undefined : readSecret(token))
      if (status < 200 || status > 299) return logger.log('error', 'webhook-refused', { source, event, status })
      await rememberAlert(store.session, { source, slot: slot.toISOString(), event }, clock.now())
    } catch (thrown) {
      logger.log('error', 'webhook-failed', { source, event, reason: messageOf(thrown) })
    }
  }
}

/** What is to be told: late, failed, and that it is well again where one of these was told. */
async function eventOf(store: Store, { source, slot, state }: PullFreshness): Promise<string | undefined> {
  const told = (event: string) => wasAlerted(store.session, { source, slot: slot.toISOString(), event })
  if (state === 'late' || state === 'failed') return (await told(`pull-${state}`)) ? undefined : `pull-${state}`
  if (state !== 'fresh' || (await told('pull-recovered'))) return undefined
  return (await told('pull-late')) || (await told('pull-failed')) ? 'pull-recovered' : undefined
}

/** Starts the schedule of a server, where a source has one. The returned function ends it. */
export function startPullSchedule(application: Application): () => Promise<void> {
  const { config, store, logger } = application
  if (!config.sources.some(({ schedule }) => schedule !== undefined)) return async () => undefined
  const schedule = new PullSchedule({ application, pull: (source) => pullNow(application, source), post })
  let looking: Promise<void> = Promise.resolve()
  const look = () => {
    looking = looking.then(() => schedule.look()).catch((thrown: unknown) => told(logger, thrown))
  }
  look()
  const timer = setInterval(look, lookEveryMs)
  return async () => {
    clearInterval(timer)
    await looking
    await schedule.idle()
    logger.log('info', 'schedule-ended', { database: store.path })
  }
}

const told = (logger: Logger, thrown: unknown) => logger.log('error', 'schedule-failed', { reason: messageOf(thrown) })

async function pullNow(application: Application, source: string): Promise<void> {
  const { store, config, logger } = application
  const session = await store.database.connect()
  try {
    const { pull, resources } = await pullSource(
      { ...store, session },
      {
        source,
        config,
        progress: silentProgress,
        onNote: () => undefined,
        inTurn: (work) => application.oneAtATime(work),
      },
    )
    logger.log('info', 'scheduled-pull-done', { source, pull: pull.pullId, resources, partial: pull.partial === true })
  } finally {
    session.close()
  }
}

async function post(url: string, body: string, token: string | undefined): Promise<number> {
  const headers = {
    'Content-Type': 'application/json',
    ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
  }
  const answer = await fetch(url, {
    method: 'POST',
    headers,
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(10_000),
  })
  await answer.body?.cancel()
  return answer.status
}
