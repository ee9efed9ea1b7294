/** A part of a published whole: `events` of `trials`. */
export interface Cell {
  readonly events: number
  readonly trials: number
}

/** A cell of which something must be hidden for another reason than its own size. */
export interface GuardedCell extends Cell {
  readonly hideEvents?: boolean
  readonly hideTrials?: boolean
}

/** What of a cell may be said: its events (and so its rate), and its size. */
export interface CellSafety {
  readonly hideEvents: boolean
  readonly hideTrials: boolean
}

/** Counts from 1 to this one point at people (CMS cell size policy); 0 may be shown. */
export const largestSmall = 10

/** Each hidden count must be able to be so many different whole numbers, whatever else is shown. */
export const leastWidth = 5

export const isSmall = (count: number): boolean => count >= 1 && count <= largestSmall

/**
 * Which of the cells of one table must be hidden, where the sums of both columns are shown. Primary: a size of 1 to 10; then
 * events, or those who have none, of 1 to 10; and what a cell itself says must be hidden. Complementary: the smallest others,
 * until no hidden count can be told from the sums to within fewer than five whole numbers, even by who knows that small ones are
 * 1 to 10, and the hidden ones together are no small count either.
 */
export function safeCells(cells: readonly GuardedCell[]): readonly CellSafety[] {
  const sizes = hiddenOf(
    cells.map(({ trials, hideTrials = false }) => ({
      count: trials,
      most: Number.POSITIVE_INFINITY,
      primary: hideTrials || isSmall(trials),
    })),
  )
  const events = hiddenOf(
    cells.map(({ events: count, trials, hideEvents = false }, index) => ({
      count,
      of: trials,
      most: sizes[index] === true ? Number.POSITIVE_INFINITY : trials,
      primary: hideEvents || sizes[index] === true || isSmall(count) || isSmall(trials - count),
    })),
  )
  return cells.map((_, index) => ({ hideEvents: events[index] === true, hideTrials: sizes[index] === true }))
}

/** Which of some counts must be hidden where their sum is known; `few`: those that are of few people although they are not small. */
export const hideSmall = (counts: readonly number[], few: readonly boolean[] = []): readonly boolean[] =>
  hiddenOf(
    counts.map((count, index) => ({
      count,
      most: Number.POSITIVE_INFINITY,
      primary: isSmall(count) || few[index] === true,
    })),
  )

/**
 * Which of the counts of one thing at several times, the oldest first, may be told side by side: none of 1 to 10, and none that
 * differs by so few from one that is told. Null for the others.
 */
export function safeSeries(counts: readonly number[]): readonly (number | null)[] {
  const told: number[] = []
  return counts.map((count) => {
    if (isSmall(count) || told.some((earlier) => isSmall(Math.abs(count - earlier)))) return null
    told.push(count)
    return count
  })
}

interface Count {
  readonly count: number
  /** Of how many it is a part, where that is told or can be: what is left of them must not be few either. */
  readonly of?: number
  /** What it can be at most, by what is shown of its row. */
  readonly most: number
  readonly primary: boolean
}

/** True for each count that is hidden, primary and complementary, where the sum of all is shown. */
function hiddenOf(counts: readonly Count[]): readonly boolean[] {
  const hidden = counts.map(({ primary }) => primary)
  if (!hidden.includes(true)) return hidden
  while (!isVague(counts, hidden)) {
    const next = smallestShown(counts, hidden)
    if (next === -1) break
    hidden[next] = true
  }
  return hidden
}

/** What a reader knows of a hidden count without the sum: small ones are 1 to 10, others up to what their row allows. */
const boundsOf = ({ count, most }: Count) =>
  isSmall(count) ? { low: 1, high: Math.min(largestSmall, most) } : { low: 0, high: most }

function isVague(counts: readonly Count[], hidden: readonly boolean[]): boolean {
  const secret = counts.filter((_, index) => hidden[index])
  const sum = secret.reduce((total, { count }) => total + count, 0)
  // The hidden ones together are what the sum leaves: a small count of people too, where they are few.
  const rest = secret.reduce((total, { count, of = count }) => total + of - count, 0)
  if (isSmall(sum) || isSmall(rest)) return false
  const bounds = secret.map(boundsOf)
  return bounds.every(({ low, high }, index) => {
    const others = bounds.filter((_, at) => at !== index)
    const from = Math.max(low, sum - others.reduce((total, other) => total + other.high, 0))
    const to = Math.min(high, sum - others.reduce((total, other) => total + other.low, 0))
    return to - from + 1 >= leastWidth
  })
}

function smallestShown(counts: readonly Count[], hidden: readonly boolean[]): number {
  let found = -1
  for (const [index, { count }] of counts.entries()) {
    // A zero tells nothing that it would hide: it may be shown, and hiding it widens nothing a reader believes.
    if (hidden[index] === true || count === 0) continue
    if (found === -1 || count < (counts[found]?.count ?? 0)) found = index
  }
  return found
}
