import {
  type Cell,
  type CellSafety,
  type GuardedCell,
  isSmall,
  largestSmall,
  leastWidth,
  safeCells,
} from './small-cells.ts'
import { type Margin, type Target, type TwoWayTable, widthOf } from './table-ranges.ts'

/** People of one group (a practice) and one unit (a provider), by their places in the lists. */
export interface SharedCell extends Cell {
  readonly group: number
  readonly unit: number
}

/** Two tables of the same people, which a reader may hold against each other. */
export interface TwoLevels {
  readonly groups: readonly GuardedCell[]
  readonly units: readonly GuardedCell[]
  readonly shared: readonly SharedCell[]
  /** What was told of one of them already, and stays. */
  readonly toldGroups?: readonly CellSafety[]
  readonly toldUnits?: readonly CellSafety[]
}

/** What of each may be said. */
export interface TwoLevelSafety {
  readonly groups: readonly CellSafety[]
  readonly units: readonly CellSafety[]
}

/**
 * Which cells of two tables of the same people must be hidden, where a reader knows who belongs to whom: a practice less those of its
 * providers that are told is its other providers together. Each table is safe by itself (`safeCells`); of both together no hidden
 * count, and no small one of a provider in a practice, can be told to within five whole numbers, of the people, of those with the
 * event or of those without; nor is what a sum leaves beside its told parts a small count. More is hidden until it is so:
 * the smallest units of the group first, for less is lost with them.
 */
export function safeLevels(levels: TwoLevels): TwoLevelSafety {
  const hidden = { groups: open(levels.groups), units: open(levels.units) }
  const table = (name: 'groups' | 'units', told: readonly CellSafety[] | undefined) => {
    const found = told ?? safeCells(levels[name].map((cell, at) => ({ ...cell, ...guarded(cell, hidden[name][at]) })))
    for (const [at, one] of found.entries()) hidden[name][at] = { ...one }
  }
  do {
    table('groups', levels.toldGroups)
    table('units', levels.toldUnits)
  } while (counted.some((what) => widen(levels, hidden, what)))
  return hidden
}

type Hidden = { readonly groups: Flags[]; readonly units: Flags[] }
type Flags = { hideEvents: boolean; hideTrials: boolean }
type What = (typeof counted)[number]
const counted = ['trials', 'events', 'rest'] as const

const open = (cells: readonly unknown[]): Flags[] => cells.map(() => ({ hideEvents: false, hideTrials: false }))

const guarded = ({ hideEvents = false, hideTrials = false }: GuardedCell, flags: Flags | undefined): Flags => ({
  hideEvents: hideEvents || flags?.hideEvents === true,
  hideTrials: hideTrials || flags?.hideTrials === true,
})

const valueOf = ({ trials, events }: Cell, what: What): number =>
  what === 'trials' ? trials : what === 'events' ? events : trials - events

/** Hides one more cell where something can be told; true where it did. */
function widen(levels: TwoLevels, hidden: Hidden, what: What): boolean {
  const isHidden = ({ hideTrials, hideEvents }: Flags) => (what === 'trials' ? hideTrials : hideEvents)
  const rows = levels.groups.map((cell, at) => marginOf(cell, what, hidden.groups[at]))
  const columns = levels.units.map((cell, at) => marginOf(cell, what, hidden.units[at]))
  const cells = levels.shared.map((cell) => ({ row: cell.group, column: cell.unit, value: valueOf(cell, what) }))
  const shown: TwoWayTable = { rows, columns, cells }
  const width = widthOf(shown, leastWidth)
  const targets: Target[] = [
    ...hidden.groups.flatMap((flags, at): Target[] => (isHidden(flags) ? [{ of: 'row', at }] : [])),
    ...hidden.units.flatMap((flags, at): Target[] => (isHidden(flags) ? [{ of: 'column', at }] : [])),
    ...cells.flatMap(({ value }, at): Target[] => (isSmall(value) ? [{ of: 'cell', at }] : [])),
  ]
  const beside = (target: Target) => hideBeside(levels, hidden, { what, ...placeOf(target, shown) })
  return (
    smallRests(shown, isHidden, hidden).some(beside) ||
    targets.some((target) => width(target) < leastWidth && beside(target))
  )
}

/** What a reader knows of a sum: itself, or that a small one is 1 to 10, and another at most what it is a part of. */
function marginOf(cell: GuardedCell, what: What, flags: Flags | undefined): Margin {
  const value = valueOf(cell, what)
  if (!(what === 'trials' ? flags?.hideTrials : flags?.hideEvents)) return { value, low: value, high: value }
  const most = what === 'trials' || flags?.hideTrials === true ? Number.POSITIVE_INFINITY : cell.trials
  return isSmall(value) ? { value, low: 1, high: Math.min(largestSmall, most) } : { value, low: 0, high: most }
}

/** The told sums that leave a small count beside those told sums of the other table that are wholly within them. */
function smallRests(table: TwoWayTable, isHidden: (flags: Flags) => boolean, hidden: Hidden): readonly Target[] {
  const rests = (of: 'row' | 'column'): Target[] => {
    const [own, other] = of === 'row' ? (['row', 'column'] as const) : (['column', 'row'] as const)
    const [ownFlags, otherFlags] = of === 'row' ? [hidden.groups, hidden.units] : [hidden.units, hidden.groups]
    const margins = of === 'row' ? table.rows : table.columns
    const spread = new Map<number, Set<number>>()
    for (const cell of table.cells) spread.set(cell[other], (spread.get(cell[other]) ?? new Set()).add(cell[own]))
    const left = margins.map(({ value }) => value)
    for (const cell of table.cells) {
      const flags = otherFlags[cell[other]]
      if (flags === undefined || isHidden(flags) || spread.get(cell[other])?.size !== 1) continue
      left[cell[own]] = (left[cell[own]] ?? 0) - cell.value
    }
    return left.flatMap((rest, at): Target[] => {
      const flags = ownFlags[at]
      return flags !== undefined && !isHidden(flags) && isSmall(rest) ? [{ of, at }] : []
    })
  }
  return [...rests('row'), ...rests('column')]
}

/** The groups and units that a target is of. */
function placeOf(
  { of, at }: Target,
  { cells }: TwoWayTable,
): { readonly groups: Set<number>; readonly units: Set<number> } {
  const own = cells.filter((cell, index) => (of === 'cell' ? index === at : cell[of] === at))
  return { groups: new Set(own.map(({ row }) => row)), units: new Set(own.map(({ column }) => column)) }
}

/** Hides the smallest unit that shares a group with the place, else the smallest of its groups, else the smallest of all. */
function hideBeside(
  { groups, units, shared, toldGroups, toldUnits }: TwoLevels,
  hidden: Hidden,
  place: { readonly what: What; readonly groups: Set<number>; readonly units: Set<number> },
): boolean {
  const { what } = place
  const near = new Set(shared.flatMap(({ group, unit }) => (place.groups.has(group) ? [unit] : [])))
  const choices = [
    ...(toldUnits === undefined ? [choiceOf(units, hidden.units, what, near)] : []),
    ...(toldGroups === undefined ? [choiceOf(groups, hidden.groups, what, place.groups)] : []),
    ...(toldUnits === undefined ? [choiceOf(units, hidden.units, what)] : []),
    ...(toldGroups === undefined ? [choiceOf(groups, hidden.groups, what)] : []),
  ]
  const chosen = choices.find((flags) => flags !== undefined)
  if (chosen === undefined) return false
  chosen.hideEvents = true
  if (what === 'trials') chosen.hideTrials = true
  return true
}

function choiceOf(cells: readonly Cell[], flags: readonly Flags[], what: What, among?: Set<number>): Flags | undefined {
  let found = -1
  for (const [at, cell] of cells.entries()) {
    const one = flags[at]
    const isShown = one !== undefined && !(what === 'trials' ? one.hideTrials : one.hideEvents)
    // A zero tells nothing that it would hide.
    if (!isShown || among?.has(at) === false || valueOf(cell, what) === 0) continue
    const best = cells[found]
    if (best === undefined || valueOf(cell, what) < valueOf(best, what)) found = at
  }
  return flags[found]
}
