import { formatCount } from '../parts/format.ts'
import type { Column } from '../parts/table.tsx'

/** A column of counts; zeros stand back. */
export const count = <Row,>(label: string, pick: (row: Row) => number): Column<Row> => ({
  label,
  align: 'end',
  cell: (row) => (pick(row) === 0 ? <span class="zero">0</span> : formatCount(pick(row))),
})
