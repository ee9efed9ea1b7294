import type { Config } from '../base/index.ts'
import { type Pull, readDataDates, readPulls, type Store } from '../store/index.ts'
import { newestSlot } from './schedule-slot.ts'

/** How a source that is pulled on a schedule stands: `due` has time yet, `late` and `failed` want somebody. */
export interface PullFreshness {
  readonly source: string
  readonly state: 'fresh' | 'due' | 'late' | 'failed'
  /** When the newest pull was due. */
  readonly slot: Date
  /** As of when its data are; null before the first load. */
  readonly dataOf: string | null
  /** Why a failed one failed, as the ledger has it; it may hold the server's words. */
  readonly pull: Pull | undefined
}

const minuteMs = 60_000

/** The standing of every source that has a schedule, in the order of the configuration. */
export async function pullFreshness(store: Store, config: Config, now: Date): Promise<PullFreshness[]> {
  const scheduled = config.sources.filter(({ schedule }) => schedule !== undefined)
  if (scheduled.length === 0) return []
  const pulls = await readPulls(store.session)
  const dates = new Map((await readDataDates(store.session)).map(({ source, dataOf }) => [source, dataOf]))
  return scheduled.flatMap(({ name: source, schedule, timeZone }) => {
    if (schedule === undefined) return []
    const slot = newestSlot(schedule, timeZone, now)
    const own = pulls.filter((pull) => pull.source === source)
    const newest = own.find(({ startedAt, finishedAt }) => Date.parse(finishedAt ?? startedAt) >= slot.getTime())
    const whole = own.some((pull) => isWhole(pull) && Date.parse(pull.finishedAt ?? '') >= slot.getTime())
    const late = now.getTime() > slot.getTime() + schedule.lateAfterMinutes * minuteMs
    const failed = newest?.state === 'failed' || (newest?.state === 'done' && newest.partial === true)
    const state = whole ? 'fresh' : failed ? 'failed' : late ? 'late' : 'due'
    return [{ source, state, slot, dataOf: dates.get(source) ?? null, pull: newest }] as const
  })
}

const isWhole = ({ state, partial, purpose }: Pull): boolean =>
  state === 'done' && partial !== true && purpose === 'refresh'
