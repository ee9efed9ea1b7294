import type { Child } from 'hono/jsx'

/** A column: its heading, its alignment, and what a row shows in it. */
export interface Column<Row> {
  readonly label: string
  readonly align?: 'end'
  /** The cell names the row. */
  readonly heading?: boolean
  /** Room that the column takes on a wide screen: some at least, or half of the table (and a card's whole width). */
  readonly width?: 'some' | 'half'
  readonly cell: (row: Row) => Child
  /** Where the heading sorts the list. */
  readonly sort?: { readonly href: string; readonly direction?: 'ascending' | 'descending' }
}

/**
 * `cards`: on a narrow screen each row becomes a card. `scroll`: the table scrolls within its own box, its
 * first column staying. Roles are written out, for a table that is laid out as cards loses them.
 */
export interface TableProps<Row> {
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly narrow: 'cards' | 'scroll'
}

const classOf = <Row,>(column: Column<Row>) =>
  [column.align, column.width === undefined ? undefined : `width-${column.width}`]
    .filter((name) => name !== undefined)
    .join(' ')

const SortMark = ({ direction }: { readonly direction: 'ascending' | 'descending' }) => (
  <svg class="sort-mark" viewBox="0 0 6 8" aria-hidden="true">
    <path d={direction === 'ascending' ? 'M3 1 6 6H0z' : 'M3 7 0 2h6z'} />
  </svg>
)

function HeadCell<Row>({ column }: { readonly column: Column<Row> }) {
  const sort = column.sort
  const sorted = sort?.direction === undefined ? {} : { 'aria-sort': sort.direction }
  return (
    <th scope="col" role="columnheader" class={classOf(column)} {...sorted}>
      {sort === undefined ? (
        column.label
      ) : (
        <a href={sort.href}>
          {column.label}
          {sort.direction === undefined ? null : <SortMark direction={sort.direction} />}
        </a>
      )}
    </th>
  )
}

function BodyCell<Row>({ column, row }: { readonly column: Column<Row>; readonly row: Row }) {
  if (column.heading === true) {
    return (
      <th scope="row" role="rowheader" class={classOf(column)}>
        {column.cell(row)}
      </th>
    )
  }
  const content = column.cell(row)
  const empty = content === null || content === '' ? { 'data-empty': '' } : {}
  return (
    <td role="cell" class={classOf(column)} data-label={column.label} {...empty}>
      <div class="cell">{content}</div>
    </td>
  )
}

/** So many columns do not fit a tablet: there the rows lie as tiles. */
const manyColumns = 7

const layoutOf = (narrow: TableProps<unknown>['narrow'], columns: number): string =>
  narrow === 'scroll' ? '' : columns < manyColumns ? 'as-cards' : 'as-cards as-tiles'

/** A table with a name, right for screen readers, narrow screens and print. */
export function DataTable<Row>({ label, columns, rows, narrow }: TableProps<Row>) {
  const table = (
    <table role="table" aria-label={label} class={layoutOf(narrow, columns.length)}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <HeadCell column={column} />
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr role="row">
            {columns.map((column) => (
              <BodyCell column={column} row={row} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
  if (narrow === 'cards') return table
  return (
    // Keyboard users scroll it with the arrow keys, so it must take the focus.
    <div class="table-scroll" role="region" aria-label={`${label}, table`} tabindex={0}>
      {table}
    </div>
  )
}
