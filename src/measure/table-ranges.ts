/** The sum of a row or a column: where it is told `low` and `high` are the value itself. */
export interface Margin {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** How many are of one row and one column; a reader knows which of them there are, and of each only that it is not negative. */
export interface InnerCell {
  readonly row: number
  readonly column: number
  readonly value: number
}

/** A table of two facts whose total is known, and its sums as far as they are told. */
export interface TwoWayTable {
  readonly rows: readonly Margin[]
  readonly columns: readonly Margin[]
  readonly cells: readonly InnerCell[]
}

/** What of a table a reader may want to find out. */
export type Target = { readonly of: 'row' | 'column' | 'cell'; readonly at: number }

/**
 * For how many different whole numbers a value of the table fits all that is told of it, counted up to `enough`. Exact: the table
 * is a flow from rows to columns, and a value can differ by what can flow around a circle through it.
 */
export function widthOf(table: TwoWayTable, enough: number): (target: Target) => number {
  const network = networkOf(table)
  return ({ of, at }) => {
    const edge = of === 'cell' ? at : table.cells.length + at + (of === 'row' ? 0 : table.rows.length)
    const up = flowAround(network, 2 * edge, enough - 1)
    const down = up >= enough - 1 ? 0 : flowAround(network, 2 * edge + 1, enough - 1 - up)
    return 1 + up + down
  }
}

/** Arc 2e leads along edge e by as much as its value may grow, arc 2e + 1 back by as much as it may shrink. */
interface Network {
  readonly from: readonly number[]
  readonly to: readonly number[]
  readonly room: readonly number[]
  readonly leaving: readonly (readonly number[])[]
}

function networkOf({ rows, columns, cells }: TwoWayTable): Network {
  const [source, sink, firstRow, firstColumn] = [0, 1, 2, 2 + rows.length]
  const edges = [
    ...cells.map(({ row, column, value }) => ({
      from: firstRow + row,
      to: firstColumn + column,
      up: Number.POSITIVE_INFINITY,
      down: value,
    })),
    ...rows.map(({ value, low, high }, at) => ({
      from: source,
      to: firstRow + at,
      up: high - value,
      down: value - low,
    })),
    ...columns.map(({ value, low, high }, at) => ({
      from: firstColumn + at,
      to: sink,
      up: high - value,
      down: value - low,
    })),
  ]
  const leaving: number[][] = Array.from({ length: firstColumn + columns.length }, () => [])
  for (const [edge, { from, to }] of edges.entries()) {
    leaving[from]?.push(2 * edge)
    leaving[to]?.push(2 * edge + 1)
  }
  return {
    from: edges.flatMap(({ from, to }) => [from, to]),
    to: edges.flatMap(({ from, to }) => [to, from]),
    room: edges.flatMap(({ up, down }) => [up, down]),
    leaving,
  }
}

/** How much can flow along an arc and back to where it began by other edges, at most `most`. */
function flowAround({ from, to, room, leaving }: Network, arc: number, most: number): number {
  const [start, end] = [to[arc], from[arc]]
  if (start === undefined || end === undefined) return 0
  const wanted = Math.min(most, room[arc] ?? 0)
  const left = new Map<number, number>()
  const roomOf = (one: number) => left.get(one) ?? room[one] ?? 0
  let flow = 0
  while (flow < wanted) {
    const path = shortPath({ to, leaving }, { start, end, barred: arc >> 1 }, roomOf)
    if (path === undefined) break
    const step = Math.min(wanted - flow, ...path.map(roomOf))
    for (const one of path) {
      left.set(one, roomOf(one) - step)
      left.set(one ^ 1, roomOf(one ^ 1) + step)
    }
    flow += step
  }
  return flow
}

/** From one node to another by arcs that have room; whoever leads to the end is known beforehand, for most tables are wide. */
function shortPath(
  { to, leaving }: Pick<Network, 'to' | 'leaving'>,
  { start, end, barred }: { readonly start: number; readonly end: number; readonly barred: number },
  roomOf: (arc: number) => number,
): readonly number[] | undefined {
  const isOpen = (arc: number) => arc >> 1 !== barred && roomOf(arc) > 0
  const last = new Map((leaving[end] ?? []).flatMap((arc) => (isOpen(arc ^ 1) ? [[to[arc], arc ^ 1] as const] : [])))
  const cameBy = new Map<number, number>([[start, -1]])
  const queue = [start]
  for (const node of queue) {
    const ending = last.get(node)
    if (ending !== undefined) return pathTo(node, to, cameBy, [ending])
    for (const arc of leaving[node] ?? []) {
      const next = to[arc]
      if (next === undefined || cameBy.has(next) || !isOpen(arc)) continue
      cameBy.set(next, arc)
      queue.push(next)
      const nextEnding = last.get(next)
      if (nextEnding !== undefined) return pathTo(next, to, cameBy, [nextEnding])
    }
  }
  return undefined
}

function pathTo(
  node: number,
  to: readonly number[],
  cameBy: ReadonlyMap<number, number>,
  path: number[],
): readonly number[] {
  for (let arc = cameBy.get(node) ?? -1; arc >= 0; arc = cameBy.get(to[arc ^ 1] ?? -1) ?? -1) path.push(arc)
  return path
}
