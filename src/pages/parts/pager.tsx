import { formatCount } from './format.ts'

/** Where in a list a page is, and the ways to the one before and the one after. */
export const Pager = (props: {
  readonly page: number
  readonly pageSize: number
  readonly total: number
  readonly href: (page: number) => string
}) => {
  const last = Math.max(1, Math.ceil(props.total / props.pageSize))
  const first = (props.page - 1) * props.pageSize + 1
  if (props.total === 0 || props.page > last) return null
  return (
    <nav class="pager" aria-label="Pages of the list">
      <span class="small soft">
        {formatCount(first)} to {formatCount(Math.min(first + props.pageSize - 1, props.total))} of{' '}
        {formatCount(props.total)}
      </span>
      {last === 1 ? null : (
        <ul>
          {props.page === 1 ? null : (
            <li>
              <a class="button" rel="prev" href={props.href(props.page - 1)}>
                Previous
              </a>
            </li>
          )}
          {props.page >= last ? null : (
            <li>
              <a class="button" rel="next" href={props.href(props.page + 1)}>
                Next
              </a>
            </li>
          )}
        </ul>
      )}
    </nav>
  )
}
