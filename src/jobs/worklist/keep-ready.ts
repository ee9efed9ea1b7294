import { messageOf } from '../../base/index.ts'
import type { Application } from '../application.ts'
import { readyWorklist } from './open-worklist.ts'

/** How often a server looks whether a run was published, or the day has changed. */
const lookEveryMs = 15_000

/**
 * Makes the lists anew as soon as they are of another run or day, so that nobody who opens a page waits for it. Returns what
 * ends it.
 */
export function keepWorklistReady({ store, clock, logger }: Application): () => Promise<void> {
  let under: Promise<void> = Promise.resolve()
  let isBusy = false
  const look = () => {
    if (isBusy) return
    isBusy = true
    under = store.session
      .sibling()
      .then((session) => readyWorklist(session, clock).finally(() => session.close()))
      .then(() => undefined)
      .catch((thrown: unknown) => logger.log('warn', 'worklist-not-ready', { message: messageOf(thrown) }))
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
