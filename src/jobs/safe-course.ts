import { isSmall } from '../measure/index.ts'

/** By how much one of the counts under a key changed on a day (`YYYY-MM-DD`). */
export interface Change {
  readonly key: string
  readonly day: string
  readonly name: string
  readonly change: number
}

type Counts = ReadonlyMap<string, number>

/**
 * The last day of each key whose counts may be told: of the days that have ended (before `today`), the first one, and then each
 * from which no small difference to any day told before can be seen. Counts of one to ten are hidden anyway, and no concern
 * here. A key whose days have not ended has none. `further` adds counts that follow from the others.
 */
export function lastRelease(
  changes: readonly Change[],
  today: string,
  further: (counts: Counts) => Counts = (counts) => counts,
): ReadonlyMap<string, string> {
  const byKey = new Map<string, Change[]>()
  for (const change of changes) {
    const known = byKey.get(change.key)
    if (known === undefined) byKey.set(change.key, [change])
    else known.push(change)
  }
  return new Map([...byKey].flatMap(([key, own]) => lastDay(own, today, further).map((day) => [key, day] as const)))
}

function lastDay(changes: readonly Change[], today: string, further: (counts: Counts) => Counts): readonly string[] {
  const days = [...new Set(changes.map(({ day }) => day))].filter((day) => day < today).sort()
  const counts = new Map<string, number>()
  const releases: { readonly day: string; readonly counts: Counts }[] = []
  for (const day of days) {
    for (const { name, change } of changes.filter((one) => one.day === day))
      counts.set(name, (counts.get(name) ?? 0) + change)
    const now = further(new Map(counts))
    if (!releases.some((release) => tellsFew(release.counts, now))) releases.push({ day, counts: now })
  }
  return releases.slice(-1).map(({ day }) => day)
}

function tellsFew(one: Counts, other: Counts): boolean {
  return [...other].some(([name, count]) => {
    const before = one.get(name) ?? 0
    return !isSmall(before) && !isSmall(count) && isSmall(Math.abs(count - before))
  })
}
