import { randomUUID } from 'node:crypto'
import { CaregapError, fault, type Progress } from '../base/index.ts'
import type { Session } from '../duck/index.ts'
import type { Resource } from '../fhir/index.ts'
import { operationOutcome } from '../report/index.ts'
import {
  type AsyncAnswer,
  deleteAsyncAnswer,
  dropExpiredAnswers,
  endAsyncAnswer,
  openAsyncAnswer,
  readAsyncAnswer,
  settleAsyncAnswers,
} from '../store/index.ts'
import type { Application } from './application.ts'

/** What work for somebody who does not wait came to. */
export interface EndedAnswer {
  readonly state: 'done' | 'failed'
  readonly status: number
  readonly body: Resource
  readonly pids: readonly number[]
}

/** Work whose answer is fetched later. It never throws for what the caller did wrong: that is an answer too. */
export type AnswerWork = (application: Application, progress: Progress) => Promise<EndedAnswer>

/** An answer with how far it is. */
export interface AnswerNow extends AsyncAnswer {
  /** Of one that runs: what is being done, e.g. `evaluate 40%`. */
  readonly progress: string
}

/** How long an answer is kept once it is ready, and how long it may take. */
const keptMs = 24 * 60 * 60 * 1000

/** So many are made at a time for one user: each may be a run over everybody. */
const mostRunning = 4

interface Running {
  readonly userId: string
  progress: string
  cancelled: boolean
  /** The process ends: what is not ready is left open, and interrupted at the next start. */
  closing: boolean
  made: Promise<void>
}

/**
 * Answers that are made while their callers do not wait. They are kept in the store: after a restart one that was ready is
 * still there, and one that was being made is known to be interrupted.
 */
export class AnswerDesk {
  readonly #application: Application
  readonly #running = new Map<string, Running>()
  #settled: Promise<void> | undefined

  constructor(application: Application) {
    this.#application = application
    application.onClose?.(() => this.#end())
  }

  /** Begins the work and returns the answer's id. Fault: `jobs/too-many-answers`. */
  async begin(userId: string, measureId: string | null, work: AnswerWork): Promise<string> {
    const running = [...this.#running.values()].filter((one) => one.userId === userId)
    if (running.length >= mostRunning) {
      throw fault('usage', 'jobs/too-many-answers', `${mostRunning} answers are being made for you already.`, {
        remedy: 'Wait until one is ready, or DELETE one.',
      })
    }
    const answerId = randomUUID()
    const state: Running = {
      userId,
      progress: 'begun',
      cancelled: false,
      closing: false,
      made: Promise.resolve(),
    }
    this.#running.set(answerId, state)
    const startedAt = this.#application.clock.now()
    await this.#over(async (session) => {
      await dropExpiredAnswers(session, startedAt)
      const expiresAt = new Date(startedAt.getTime() + keptMs)
      await openAsyncAnswer(session, { answerId, userId, measureId }, { startedAt, expiresAt })
    })
    state.made = this.#make(answerId, state, work)
    return answerId
  }

  /** An answer of this user's, or (for an administrator) of anybody's; undefined where there is none, or no longer. */
  async read(
    answerId: string,
    reader: { readonly userId: string; readonly role: string },
  ): Promise<AnswerNow | undefined> {
    const now = this.#application.clock.now()
    const answer = await this.#over((session) => readAsyncAnswer(session, answerId, now))
    if (answer === undefined || (answer.userId !== reader.userId && reader.role !== 'admin')) return undefined
    // It may have ended since the row was read.
    return { ...answer, progress: this.#running.get(answerId)?.progress ?? 'about to end' }
  }

  /** Gives an answer up: what is being made ends at its next step, and nothing of it is kept. */
  async cancel(answerId: string): Promise<void> {
    const running = this.#running.get(answerId)
    if (running !== undefined) running.cancelled = true
    await this.#over((session) => deleteAsyncAnswer(session, answerId))
  }

  async #make(answerId: string, state: Running, work: AnswerWork): Promise<void> {
    const { store, clock, logger } = this.#application
    try {
      const session = await store.database.connect()
      try {
        const ended = await work({ ...this.#application, store: { ...store, session } }, progressOf(state))
        const expiresAt = new Date(clock.now().getTime() + keptMs)
        await endAsyncAnswer(session, answerId, { ...ended, body: JSON.stringify(ended.body), expiresAt })
      } finally {
        session.close()
      }
    } catch (thrown) {
      const code = thrown instanceof CaregapError ? (thrown.diagnostics[0]?.code ?? '') : 'unexpected'
      const givenUp = state.cancelled || state.closing
      const [level, event] = givenUp ? (['info', 'answer-given-up'] as const) : (['error', 'answer-failed'] as const)
      logger.log(level, event, { answerId, code })
      // Where even that fails the answer stays open: interrupted, at the next start.
      if (!state.closing) await this.#fail(answerId).catch(() => undefined)
    } finally {
      this.#running.delete(answerId)
    }
  }

  /** Has everything that is being made end at its next step. */
  async #end(): Promise<void> {
    const running = [...this.#running.values()]
    for (const state of running) state.closing = true
    await Promise.all(running.map(({ made }) => made))
  }

  /** Our own fault: the caller learns that there is no answer, and nothing of the inside. */
  async #fail(answerId: string): Promise<void> {
    const expiresAt = new Date(this.#application.clock.now().getTime() + keptMs)
    const message = 'The server made an error; its log names it by the id of this answer.'
    const body = operationOutcome([{ code: 'exception', diagnostic: { code: 'jobs/answer-failed', message } }])
    const end = { state: 'failed' as const, status: 500, body: JSON.stringify(body), pids: [], expiresAt }
    await this.#over((session) => endAsyncAnswer(session, answerId, end))
  }

  /** Runs over a session of its own: what others do over theirs must not be joined. */
  async #over<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const session = await this.#application.store.database.connect()
    try {
      this.#settled ??= settleAsyncAnswers(session, this.#application.clock.now())
      await this.#settled
      return await work(session)
    } finally {
      session.close()
    }
  }
}

/** Progress that tells how far the work is, and ends it where it was given up. */
function progressOf(state: Running): Progress {
  const check = () => {
    if (state.cancelled || state.closing) throw fault('usage', 'jobs/answer-cancelled', 'The answer was given up.')
  }
  return {
    stage(name, total) {
      check()
      let done = 0
      const tell = () => {
        state.progress = total === undefined || total === 0 ? name : `${name} ${Math.floor((done / total) * 100)}%`
      }
      tell()
      return {
        advance(units) {
          check()
          done += units
          tell()
        },
        done: () => undefined,
      }
    },
  }
}

const desks = new WeakMap<Application, AnswerDesk>()

/** The desk of an application: made once, whoever asks. */
export function answerDeskOf(application: Application): AnswerDesk {
  const desk = desks.get(application) ?? new AnswerDesk(application)
  desks.set(application, desk)
  return desk
}
