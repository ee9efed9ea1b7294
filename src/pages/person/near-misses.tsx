import { z } from 'zod'
import type { NearMiss, NearMisses } from '../../gaps/index.ts'
import { nearMissesOf } from '../../jobs/index.ts'
import type { MeasurementPeriod } from '../../measure/index.ts'
import { countOf } from '../parts/format.ts'
import type { PageRequest } from '../site.tsx'

/** What a person's page takes in its address: the whole search. */
export const takesNear = z.strictObject({ near: z.enum(['all'], 'is all, or not there').optional() })

/** Near misses by measure and group, of the verdicts that something could still change. */
export type NearMissesByGap = ReadonlyMap<string, FoundMisses>

/** What was found, and whether the whole search was asked for. */
export interface FoundMisses extends NearMisses {
  readonly isWhole: boolean
}

/** A gap under the measure that it is of. */
interface GapOfMeasure {
  readonly measureId: string
  readonly gap: { readonly groupId: string; readonly status: string } | undefined
}

/** A page looks for so long, for all gaps of a person together; who asks for it waits for the whole search. */
const pagePatienceMs = 250

/** What nearly counted, found now from the person's record: only of gaps that are not closed. */
export async function readNearMisses(
  { session, site, context }: PageRequest,
  pid: number,
  verdicts: readonly GapOfMeasure[],
  period: MeasurementPeriod,
): Promise<NearMissesByGap> {
  const isWhole = context.req.query('near') === 'all'
  const gaps = verdicts.flatMap(({ measureId, gap }) => (gap === undefined ? [] : [{ ...gap, measureId }]))
  const search = { pid, period, ...(isWhole ? {} : { patienceMs: pagePatienceMs }) }
  const found = await nearMissesOf(site.application, session, gaps, search)
  return new Map([...found].map(([key, misses]) => [key, { ...misses, isWhole }]))
}

const mostShown = 5

/** The near misses of a gap; nothing where there are none. */
export const NearMissList = ({ found, pid }: { readonly found: FoundMisses | undefined; readonly pid: number }) => {
  if (found === undefined || (found.misses.length === 0 && found.untried === 0)) return null
  const shown = found.misses.slice(0, mostShown)
  return (
    <div class="near-misses">
      {shown.length === 0 ? null : (
        <>
          <h4>What nearly counted</h4>
          <ul class="plain-list">
            {shown.map((miss) => (
              <NearMissItem miss={miss} pid={pid} />
            ))}
          </ul>
        </>
      )}
      {found.misses.length > mostShown ? <p class="small soft">And {found.misses.length - mostShown} more.</p> : null}
      {found.untried === 0 ? null : (
        <p class="small soft">
          {countOf(found.untried, 'resource')} {found.untried === 1 ? 'was' : 'were'} not tried
          {found.isWhole ? ': the record is too large.' : ' while the page was made. '}
          {found.isWhole ? null : <a href={`/people/${pid}?near=all`}>Try them all</a>}
        </p>
      )}
    </div>
  )
}

const tags: Readonly<Record<NearMiss['kind'], string>> = {
  'date-outside': 'Date',
  'no-unit': 'Unit',
  'no-value': 'Value',
  'not-final': 'Status',
  'unmapped-code': 'Code',
  'wrong-encounter': 'Encounter',
}

const NearMissItem = ({ miss, pid }: { readonly miss: NearMiss; readonly pid: number }) => (
  <li>
    <span class="tag">{tags[miss.kind]}</span> {miss.sentence}{' '}
    <a href={`/people/${pid}/resources/${miss.fact.rid}`}>
      {miss.fact.type}/{miss.fact.id}
    </a>
  </li>
)
