import type { Session } from '../duck/index.ts'

/** A session that prepares one block at a time; what it prepared is stored after the blocks before it. */
export class Lane {
  readonly session: Session
  #busy: Promise<void> = Promise.resolve()

  constructor(session: Session) {
    this.session = session
  }

  /** Waits until its block is stored; throws what went wrong with it. */
  free(): Promise<void> {
    return this.#busy
  }

  /** Stores what is being prepared once `before` is done; the promise of that. */
  run(prepared: Promise<() => Promise<void>>, before: Promise<void>): Promise<void> {
    const done = Promise.all([prepared, before]).then(([store]) => store())
    // Whoever waits for it sees the fault; until then it must not count as unhandled.
    done.catch(() => undefined)
    this.#busy = done
    return done
  }
}
