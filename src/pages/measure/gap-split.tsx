import type { GapStatus } from '../../gaps/index.ts'
import type { ScorecardCounts } from '../../store/index.ts'
import { GapChip, gapLabel } from '../parts/gap-chip.tsx'
import { PeopleCount } from '../parts/people-link.tsx'

/** Statuses that are not mentioned where nobody has them. */
const quietWhenNone: readonly GapStatus[] = ['ordered', 'awaiting-data', 'prospective']

/** How many gaps of each status, each count a link to its people. */
export const GapSplit = ({ counts, linked }: { readonly counts: ScorecardCounts; readonly linked: boolean }) => {
  const parts: readonly [GapStatus, number][] = [
    ['open', counts.openGaps],
    ['ordered', counts.orderedGaps],
    ['awaiting-data', counts.awaitingGaps],
    ['prospective', counts.prospectiveGaps],
    ['closed', counts.closedGaps],
    ['excluded', counts.excludedGaps],
    ['unknown', counts.unknownGaps],
  ]
  return (
    <ul class="split">
      {parts
        .filter(([status, count]) => count > 0 || !quietWhenNone.includes(status))
        .map(([status, count]) => (
          <li>
            <GapChip status={status} />
            <PeopleCount
              count={count}
              target={{ measureId: counts.measureId, groupId: counts.groupId, status }}
              name={`gaps ${gapLabel(status).toLowerCase()}`}
              linked={linked}
            />
          </li>
        ))}
    </ul>
  )
}
