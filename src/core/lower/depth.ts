/** Levels that logic may nest, defines and functions within each other counted: every engine goes down them by recursion. */
export const mostLevels = 500

/** How deep lowering is at this moment, and how deep each body that it made goes. */
export class Depth {
  #level = 0
  #deepest = 0
  readonly #bodies = new Map<string, number>()
  #told = false

  /** Goes a level down; false where that is one too many. */
  enter(): boolean {
    this.#level += 1
    this.#deepest = Math.max(this.#deepest, this.#level)
    return this.#level <= mostLevels
  }

  /** True the first time: what nests too deeply is told where it first does. */
  tell(): boolean {
    const first = !this.#told
    this.#told = true
    return first
  }

  leave(): void {
    this.#level -= 1
  }

  /** Lowers a body, and keeps how many levels it goes down. */
  ofBody<T>(key: string, lower: () => T): T {
    const outer = this.#deepest
    this.#deepest = this.#level
    const body = lower()
    this.#bodies.set(key, this.#deepest - this.#level)
    this.#deepest = Math.max(outer, this.#deepest)
    return body
  }

  /** A body that is read in this place; false where it goes down too many levels from here. */
  reads(key: string): boolean {
    const reached = this.#level + (this.#bodies.get(key) ?? 0)
    this.#deepest = Math.max(this.#deepest, reached)
    return reached <= mostLevels
  }
}
