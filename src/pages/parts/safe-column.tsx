import { hideSmall } from '../../measure/index.ts'
import { formatCount } from './format.ts'
import type { Column } from './table.tsx'

/** A column of counts; zeros stand back, and what is null is hidden. */
export const count = <Row,>(label: string, pick: (row: Row) => number | null): Column<Row> => ({
  label,
  align: 'end',
  cell: (row) => {
    const value = pick(row)
    if (value === null) return <span class="zero">hidden</span>
    return value === 0 ? <span class="zero">0</span> : formatCount(value)
  },
})

/** Counts whose sum is shown, as they may be told: null for small ones and for those that would tell them. */
export function safeCounts(counts: readonly number[], isSafe: boolean): readonly (number | null)[] {
  const hidden = isSafe ? hideSmall(counts) : []
  return counts.map((value, index) => (hidden[index] === true ? null : value))
}
