/** Time as a thing that is handed in, so that tests and reports can hold it still. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

/** A clock that stands at one instant. */
export function fixedClock(instant: string): Clock {
  const time = new Date(instant).getTime()
  return { now: () => new Date(time) }
}
