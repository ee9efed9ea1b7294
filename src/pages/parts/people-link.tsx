import type { PeoplePopulation } from '../../store/index.ts'
import { formatCount } from './format.ts'

/** Which people of a measure a link leads to. */
export interface PeopleLinkTarget {
  readonly measureId: string
  readonly groupId?: string
  readonly population?: PeoplePopulation
  readonly status?: string
  readonly practice?: string
}

/** The address of a list of people; what is left out is not filtered by. */
export function peopleHref(target: PeopleLinkTarget): string {
  const query = new URLSearchParams()
  if (target.groupId !== undefined) query.set('group', target.groupId)
  if (target.population !== undefined) query.set('population', target.population)
  if (target.status !== undefined) query.set('status', target.status)
  if (target.practice !== undefined) query.set('practice', target.practice)
  const text = query.toString()
  return `/measures/${encodeURIComponent(target.measureId)}/people${text === '' ? '' : `?${text}`}`
}

/** A count that leads to its people, where the user may see them and there are any. `name` says what is counted. */
export const PeopleCount = ({
  count,
  target,
  name,
  linked,
  hidden = false,
}: {
  readonly count: number | null
  readonly target: PeopleLinkTarget
  readonly name: string
  readonly linked: boolean
  /** The count must not be told. */
  readonly hidden?: boolean
}) => {
  if (hidden) return <span class="zero">hidden</span>
  if (count === null) return <span class="zero">not used</span>
  if (count === 0 || !linked) return <span class={count === 0 ? 'zero' : ''}>{formatCount(count)}</span>
  return (
    <a href={peopleHref(target)} aria-label={`${formatCount(count)}: ${name}`}>
      {formatCount(count)}
    </a>
  )
}
