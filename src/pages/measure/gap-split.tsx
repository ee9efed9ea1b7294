import type { GapStatus } from '../../gaps/index.ts'
import type { ScorecardCounts } from '../../store/index.ts'
import { GapChip, gapLabel } from '../parts/gap-chip.tsx'
import { PeopleCount } from '../parts/people-link.tsx'

/** How many gaps of each status, each count a link to its people. */
export const GapSplit = ({ counts, linked }: { readonly counts: ScorecardCounts; readonly linked: boolean }) => {
  const parts: readonly [GapStatus, number][] = [
    ['open', counts.openGaps],
    ['closed', counts.closedGaps],
    ['excluded', counts.excludedGaps],
    ['unknown', counts.unknownGaps],
  ]
  return (
    <ul class="split">
      {parts.map(([status, count]) => (
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
