/** What is written to the store: one piece of work after the other, in the order in which they are asked for. */
export class Writer {
  #last: Promise<unknown> = Promise.resolve()

  /** Does the work when all before it is done; where something before it failed it is left, and the same is thrown. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work)
    // Whoever waits for it sees the fault; until then it must not count as unhandled.
    done.catch(() => undefined)
    this.#last = done
    return done
  }

  /** Waits until all that was asked for is done or left. */
  async idle(): Promise<void> {
    await this.#last.catch(() => undefined)
  }
}
