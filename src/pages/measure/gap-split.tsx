import type { GapStatus } from '../../gaps/index.ts'
import type { CountName } from '../../jobs/index.ts'
import type { ScorecardCounts } from '../../store/index.ts'
import { GapChip, gapLabel } from '../parts/gap-chip.tsx'
import { PeopleCount } from '../parts/people-link.tsx'

/** Statuses that are not mentioned where nobody has them. */
const quietWhenNone: readonly GapStatus[] = ['ordered', 'awaiting-data', 'prospective']

type GapCount = Extract<CountName, `${string}Gaps`>

/** How many gaps of each status, each count a link to its people. */
export const GapSplit = ({
  counts,
  hidden,
  linked,
}: {
  readonly counts: ScorecardCounts
  readonly hidden: ReadonlySet<CountName>
  readonly linked: boolean
}) => {
  const parts: readonly [GapStatus, GapCount][] = [
    ['open', 'openGaps'],
    ['ordered', 'orderedGaps'],
    ['awaiting-data', 'awaitingGaps'],
    ['prospective', 'prospectiveGaps'],
    ['closed', 'closedGaps'],
    ['excluded', 'excludedGaps'],
    ['unknown', 'unknownGaps'],
  ]
  return (
    <ul class="split">
      {parts
        .filter(([status, name]) => counts[name] > 0 || !quietWhenNone.includes(status))
        .map(([status, name]) => (
          <li>
            <GapChip status={status} />
            <PeopleCount
              count={counts[name]}
              hidden={hidden.has(name)}
              target={{ measureId: counts.measureId, groupId: counts.groupId, status }}
              name={`gaps ${gapLabel(status).toLowerCase()}`}
              linked={linked}
            />
          </li>
        ))}
    </ul>
  )
}
