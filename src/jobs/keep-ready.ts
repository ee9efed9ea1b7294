import { messageOf } from '../base/index.ts'
import { expireReportRuns, refreshFaults } from '../store/index.ts'
import type { Application } from './application.ts'
import { keepLookBack } from './look-back.ts'
import { refreshFacts } from './measure-facts.ts'
import { decideReleases } from './release-runs.ts'
import { refreshUnmapped } from './unmapped.ts'
import { readyWorklist } from './worklist/open-worklist.ts'

/** How often a server looks whether something was loaded, a run was published, or the day has changed. */
const lookEveryMs = 15_000

/**
 * Makes what pages list anew as soon as it is of other data, of another run or day (the worklist, what no measure reads, what
 * facts sources hold for measures, what is wrong with the data, what may be told to whom, and the year before where it is asked for), and takes away what no report needs any more, so that nobody who opens a page waits for it. Returns what ends it.
 */
export function keepListsReady(application: Application): () => Promise<void> {
  const ends = [
    keepReady(application, 'worklist-not-ready', () => workOnLists(application)),
    keepReady(application, 'unmapped-not-ready', () => refreshUnmapped(application)),
    keepReady(application, 'facts-not-counted', () => refreshFacts(application)),
    keepReady(application, 'faults-not-found', () => refreshFaults(application.store)),
    keepReady(application, 'no-look-back', () => keepLookBack(application)),
    keepReady(application, 'report-runs-kept', () => expireOldReports(application)),
    keepReady(application, 'releases-not-decided', async () => void (await decideReleases(application.store))),
  ]
  return async () => void (await Promise.all(ends.map((end) => end())))
}

/** What was evaluated for a report alone is kept twice as long as its answer: the answer refers to it, and others may use it again. */
const reportRunsKeptMs = 2 * 24 * 60 * 60 * 1000

/** Takes the results of old report runs away, which nobody could fetch any more. */
export async function expireOldReports({ store, clock }: Pick<Application, 'store' | 'clock'>): Promise<void> {
  const session = await store.session.sibling()
  try {
    await expireReportRuns(session, new Date(clock.now().getTime() - reportRunsKeptMs))
  } finally {
    session.close()
  }
}

async function workOnLists({ store, clock }: Application): Promise<void> {
  const session = await store.session.sibling()
  try {
    await readyWorklist(session, clock)
  } finally {
    session.close()
  }
}

/** Does the work now and whenever it looks again, never twice at once; a failure is logged under the name. Returns what ends it. */
export function keepReady(
  { logger }: Pick<Application, 'logger'>,
  failure: string,
  work: () => Promise<void>,
): () => Promise<void> {
  let under: Promise<void> = Promise.resolve()
  let isBusy = false
  const look = () => {
    if (isBusy) return
    isBusy = true
    under = work()
      .catch((thrown: unknown) => logger.log('warn', failure, { message: messageOf(thrown) }))
      .finally(() => {
        isBusy = false
      })
  }
  look()
  const timer = setInterval(look, lookEveryMs)
  timer.unref()
  return () => {
    clearInterval(timer)
    return under
  }
}
