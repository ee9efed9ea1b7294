import { CaregapError, type Diagnostic, type Logger } from '../base/index.ts'
import {
  type CdsService,
  createQuiet,
  type FeedbackEntry,
  type FiredCard,
  type Quiet,
  type ServiceAnswer,
} from '../cards/index.ts'
import {
  type CdsUnmetRow,
  type FeedbackRow,
  insertCdsCalls,
  insertFeedback,
  readCdsCards,
  readCdsOverrides,
} from '../store/index.ts'
import type { Application } from './application.ts'

/** What is kept of calls: cards for feedback and reports, overrides for quiet. */
export interface CdsMemory {
  readonly quiet: Quiet
  /** Takes what a call of a site gave, cards and why some are missing; written soon, in one go with others. */
  keep(service: Pick<CdsService, 'id'>, site: string, answer: ServiceAnswer): void
  /** Keeps feedback, and snoozes what was overridden. */
  learn(service: CdsService, entries: readonly FeedbackEntry[], userId: string): Promise<void>
  /** Writes what is waiting. */
  flush(): Promise<void>
}

const flushMs = 1000
/** Beyond this many waiting rows the oldest are let go, and that is logged: reports may lack them, patients do not. */
const mostWaiting = 50_000

/** A memory over the application's store. Overrides of earlier processes are read once, at the start. */
export function createCdsMemory(application: Application): CdsMemory {
  const { store, config, clock, logger } = application
  const days = config.cds.snoozeDays
  const quiet = createQuiet(days)
  const since = new Date(clock.now().getTime() - days * 86_400_000).toISOString()
  const ready = readCdsOverrides(store.session, since)
    .then((found) => {
      for (const one of found) quiet.snooze(one)
    })
    .catch((thrown: unknown) => failed(logger, thrown))
  let cards: FiredCard[] = []
  let unmet: CdsUnmetRow[] = []
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = ready

  function flush(): Promise<void> {
    if (timer !== undefined) clearTimeout(timer)
    timer = undefined
    const [some, others] = [cards, unmet]
    cards = []
    unmet = []
    if (some.length + others.length > 0)
      writing = writing
        .then(() => insertCdsCalls(store.session, some, others))
        .catch((thrown: unknown) => failed(logger, thrown))
    return writing
  }

  application.onClose?.(flush)
  return {
    quiet,
    flush,
    keep({ id: serviceId }, site, answer) {
      const at = clock.now().toISOString()
      const more = answer.kind === 'cards' ? answer.fired : []
      const reasons = unmetOf(answer).map(({ message }) => ({ at, serviceId, site, reason: message }))
      if (more.length + reasons.length === 0) return
      if (cards.length + unmet.length > mostWaiting) {
        logger.log('error', 'cds-cards-dropped', { cards: cards.length })
        cards = []
        unmet = []
      }
      cards.push(...more)
      unmet.push(...reasons)
      timer ??= setTimeout(() => void flush(), flushMs).unref()
    },
    async learn(service, entries, userId) {
      const receivedAt = clock.now().toISOString()
      const rows = entries.map((entry) => feedbackRow(entry, receivedAt, userId, service.id))
      await insertFeedback(store.session, rows)
      const overridden = entries.filter(({ outcome }) => outcome === 'overridden')
      if (overridden.length === 0) return
      await flush()
      const found = await readCdsCards(
        store.session,
        service.id,
        overridden.map(({ card }) => card),
      )
      for (const { card, reason } of overridden) {
        const one = found.find(({ uuid }) => uuid === card)
        if (one === undefined) continue
        const { person, topic, fingerprint, clinician } = one
        quiet.snooze({ person, topic, fingerprint, clinician, reason: reason?.code ?? null, at: receivedAt })
      }
    },
  }
}

/** A call that cannot be taken is the caller's fault, and counts nowhere. */
function unmetOf(answer: ServiceAnswer): readonly Diagnostic[] {
  if (answer.kind === 'refused') return []
  return answer.kind === 'unmet' ? answer.diagnostics : answer.unmet
}

function failed(logger: Logger, thrown: unknown): void {
  const code = thrown instanceof CaregapError ? (thrown.diagnostics[0]?.code ?? '') : 'unexpected'
  logger.log('error', 'cds-memory-failed', { code })
}

function feedbackRow(entry: FeedbackEntry, receivedAt: string, userId: string, serviceId: string): FeedbackRow {
  return {
    receivedAt,
    serviceId,
    userId,
    card: entry.card,
    outcome: entry.outcome,
    outcomeTimestamp: entry.outcomeTimestamp,
    suggestions: entry.suggestions,
    reasonSystem: entry.reason?.system ?? null,
    reasonCode: entry.reason?.code ?? null,
    reasonDisplay: entry.reason?.display ?? null,
    comment: entry.comment ?? null,
  }
}
