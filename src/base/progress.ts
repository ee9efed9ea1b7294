/** One stage of a job: `total` in units, undefined where it cannot be known beforehand. */
export interface Stage {
  /** Counts further units as done. */
  advance(units: number): void
  /** Ends the stage with what to say of it, e.g. `38,483 resources`. */
  done(summary: string): void
}

/** Where a job says how far it is. The CLI draws a bar, the server sends events, tests listen. */
export interface Progress {
  stage(name: string, total?: number, unit?: string): Stage
}

export const silentProgress: Progress = {
  stage: () => ({ advance: () => undefined, done: () => undefined }),
}
