import type { Clock, Progress, Stage } from '../base/index.ts'

/** One step of work under way, as it is told. */
export interface ActivityStage {
  readonly name: string
  readonly unit: string | null
  readonly total: number | null
  readonly done: number
  /** ISO instants. */
  readonly startedAt: string
  readonly endedAt: string | null
  readonly summary: string | null
}

/** Work under way, or that ended a short while ago. */
export interface Activity {
  readonly id: number
  readonly name: string
  readonly startedAt: string
  readonly endedAt: string | null
  /** How it ended; null while it goes on. */
  readonly outcome: 'done' | 'failed' | null
  readonly stages: readonly ActivityStage[]
}

type Changing<T> = { -readonly [Key in keyof T]: T[Key] }

/** So many ended ones are kept, so that whoever looks away for a moment sees how it went. */
const keptEnded = 5

/** What this process is doing: jobs write to it as they go, pages and streams read it. Nothing of it is about a person. */
export class ActivityBoard {
  readonly #clock: Clock
  #activities: Changing<Activity>[] = []
  #last = 0
  /** Grows with each change: a reader knows whether there is anything new. */
  version = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Everything under way and the newest that ended, the newest first. */
  list(): readonly Activity[] {
    return this.#activities.toReversed()
  }

  /** Runs work that reports to \`progress\` too, and shows how far it is until it ends. */
  async follow<T>(name: string, progress: Progress, work: (progress: Progress) => Promise<T>): Promise<T> {
    const stages: Changing<ActivityStage>[] = []
    const activity: Changing<Activity> = {
      id: ++this.#last,
      name,
      startedAt: this.#now(),
      endedAt: null,
      outcome: null,
      stages,
    }
    this.#activities.push(activity)
    this.version += 1
    try {
      const value = await work({ stage: (...told) => this.#stage(stages, told, progress.stage(...told)) })
      this.#end(activity, 'done')
      return value
    } catch (thrown) {
      this.#end(activity, 'failed')
      throw thrown
    }
  }

  #stage(stages: Changing<ActivityStage>[], told: Parameters<Progress['stage']>, stage: Stage): Stage {
    const [name, total, unit] = told
    const shown: Changing<ActivityStage> = {
      name,
      unit: unit ?? null,
      total: total ?? null,
      done: 0,
      startedAt: this.#now(),
      endedAt: null,
      summary: null,
    }
    stages.push(shown)
    this.version += 1
    return {
      advance: (units) => {
        shown.done += units
        this.version += 1
        stage.advance(units)
      },
      done: (summary) => {
        shown.endedAt = this.#now()
        shown.summary = summary
        this.version += 1
        stage.done(summary)
      },
    }
  }

  #end(activity: Changing<Activity>, outcome: 'done' | 'failed'): void {
    activity.endedAt = this.#now()
    activity.outcome = outcome
    const ended = this.#activities.filter(({ endedAt }) => endedAt !== null)
    const dropped = new Set(ended.slice(0, Math.max(0, ended.length - keptEnded)))
    this.#activities = this.#activities.filter((one) => !dropped.has(one))
    this.version += 1
  }

  #now(): string {
    return this.#clock.now().toISOString()
  }
}
