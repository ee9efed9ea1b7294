import { type GapStatus, gapStatuses } from '../../gaps/index.ts'

const labels: Readonly<Record<GapStatus, string>> = {
  open: 'Open',
  prospective: 'Not due yet',
  ordered: 'Ordered',
  'awaiting-data': 'Awaiting data',
  closed: 'Closed',
  excluded: 'Excluded',
  'not-applicable': 'Not applicable',
  unknown: 'Cannot be evaluated',
}

/** A shape for each status, so that it is never told by colour alone. */
const shapes: Readonly<Record<GapStatus, string>> = {
  open: 'M11.2 8.6 A4.6 4.6 0 1 1 11.2 5.4',
  prospective: 'M7 3.5V7l2.4 1.6M12 7A5 5 0 1 1 2 7a5 5 0 0 1 10 0',
  ordered: 'M3 7h8M8 4l3 3-3 3',
  'awaiting-data': 'M4 2.5h6L7 7ZM4 11.5h6L7 7Z',
  closed: 'M2 7.6 5.4 11 12 3.4',
  excluded: 'M2.5 11.5 11.5 2.5',
  'not-applicable': 'M2.5 7h9',
  unknown: 'M4.4 5a2.6 2.6 0 1 1 3.8 2.3Q7 8 7 9.2M7 12v.1',
}

/** A status that a database row or a URL holds; undefined where it is none. */
export const asGapStatus = (text: string | null | undefined): GapStatus | undefined =>
  gapStatuses.find((status) => status === text)

/** A status in words. */
export const gapLabel = (status: GapStatus): string => labels[status]

/** The status of a gap as a chip. */
export const GapChip = ({ status }: { readonly status: GapStatus }) => (
  <span class={`chip chip-${status}`}>
    <svg viewBox="0 0 14 14" aria-hidden="true">
      <path d={shapes[status]} />
    </svg>
    {labels[status]}
  </span>
)
