import { breathe } from '../base/index.ts'

/**
 * Work of this thread that is done in the order in which it came, one after the other: side by side each would only
 * wait for all others. Between two turns everything else gets its own (bodies are read, answers sent).
 */
export class Turns {
  #last: Promise<unknown> = Promise.resolve()

  take<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(breathe).then(work)
    this.#last = done.catch(() => undefined)
    return done
  }
}
