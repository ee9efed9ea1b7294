import type { Child } from 'hono/jsx'
import type { ScorecardCounts } from '../../store/index.ts'
import { formatCount, formatDay, formatPercent } from '../parts/format.ts'
import { dueByNow } from '../parts/history.ts'
import { PeopleCount } from '../parts/people-link.tsx'
import { Rate } from '../parts/rate.tsx'
import { DataTable } from '../parts/table.tsx'
import { atRiskOf, dueCountsOf, isInverse, type ScorecardRow } from './scorecard-row.ts'

/** The mark of a measure whose lower rate is the better one. */
export const InverseMark = () => (
  <span class="tag" title="Inverse measure: the numerator counts what should not be">
    Lower is better
  </span>
)

const Title = ({ row }: { readonly row: ScorecardRow }) => (
  <>
    <a href={`/measures/${encodeURIComponent(row.measure.measureId)}`}>{row.measure.title}</a>
    <span class="cell-note">
      {row.measure.measureId} {row.measure.version}
      {row.severalGroups ? ` · group ${row.counts?.groupId}` : ''}
      {row.asOfRun === undefined ? '' : ` · as of run ${row.asOfRun}: few people changed since`}{' '}
      {isInverse(row.group) ? <InverseMark /> : null}
    </span>
  </>
)

const RateCell = ({ row }: { readonly row: ScorecardRow }): Child => {
  if (row.counts === undefined) {
    return (
      <span>
        No result: <a href={`/runs/${row.measure.runId}`}>see why</a>
      </span>
    )
  }
  if (row.hidden.has('numerator')) return <span class="soft">Hidden: small counts</span>
  return (
    <Rate
      numerator={(row.counts.numerator ?? 0) - (row.counts.numeratorExclusion ?? 0)}
      atRisk={atRiskOf(row.counts)}
      scoring={row.group?.scoring}
    />
  )
}

/** The rate of those for whom it is due by now, in words; undefined where it is not told, or is of nobody. */
function dueRate(row: ScorecardRow, of: ScorecardCounts): string | undefined {
  const { numerator, atRisk } = dueByNow(dueCountsOf(of), isInverse(row.group))
  return atRisk <= 0 || isNoShare(row) ? undefined : formatPercent(numerator / atRisk)
}

const isNoShare = ({ group }: ScorecardRow): boolean => group !== undefined && group.scoring !== 'proportion'

/** Year to date: who is not due yet counts neither for nor against. */
const ToDate = ({ row }: { readonly row: ScorecardRow }): Child => {
  if (row.counts === undefined) return null
  if (row.hidden.has('prospectiveGaps') || row.hidden.has('numerator')) return <span class="zero">hidden</span>
  const rate = dueRate(row, row.counts)
  if (rate === undefined) return <span class="zero">{isNoShare(row) ? 'no rate' : 'nobody is due'}</span>
  const { prospectiveGaps } = row.counts
  return (
    <>
      {rate}
      <span class="cell-note">
        {prospectiveGaps === 0 ? 'all are due' : `${formatCount(prospectiveGaps)} not due yet`}
      </span>
    </>
  )
}

/** The same day of the year before: as a run of then knew it, else as it is looked back from the data of today, of how many. */
const LastYear = ({ row }: { readonly row: ScorecardRow }): Child => {
  if (row.counts === undefined) return null
  const before = row.lastYear === undefined ? undefined : dueRate(row, row.lastYear)
  if (before !== undefined) return before
  const looked = row.lookBack === undefined ? undefined : dueRate(row, row.lookBack.counts)
  const trend = `/measures/${encodeURIComponent(row.measure.measureId)}/trend`
  if (row.lookBack === undefined || looked === undefined)
    return (
      <a class="soft" href={trend} aria-label={`Not known on the same day last year, ${row.measure.title}: why`}>
        not known
      </a>
    )
  return (
    <>
      {looked}
      <span class="cell-note">of {formatCount(atRiskOf(row.lookBack.counts))}, looked back</span>
      <span class="cell-note">to {formatDay(row.lookBack.asOf)}</span>
    </>
  )
}

/** Who is left out of the rate: exclusions, and beside them exceptions where the measure has such. */
const LeftOut = ({ row, linked }: { readonly row: ScorecardRow; readonly linked: boolean }): Child => {
  if (row.counts === undefined) return null
  const { measureId, groupId, denominatorExclusion, denominatorException } = row.counts
  const { title } = row.measure
  return (
    <>
      <PeopleCount
        count={denominatorExclusion}
        hidden={row.hidden.has('denominatorExclusion')}
        target={{ measureId, groupId, population: 'denominator-exclusion' }}
        name={`Exclusions, ${title}`}
        linked={linked}
      />
      {denominatorException === null ? null : (
        <span class="cell-note">
          <PeopleCount
            count={denominatorException}
            hidden={row.hidden.has('denominatorException')}
            target={{ measureId, groupId, population: 'denominator-exception' }}
            name={`Exceptions, ${title}`}
            linked={linked}
          />{' '}
          {denominatorException === 1 ? 'exception' : 'exceptions'}
        </span>
      )}
    </>
  )
}

const Numerator = ({ row, linked }: { readonly row: ScorecardRow; readonly linked: boolean }): Child =>
  row.counts === undefined ? null : (
    <PeopleCount
      count={row.counts.numerator}
      hidden={row.hidden.has('numerator')}
      target={{ measureId: row.counts.measureId, groupId: row.counts.groupId, population: 'numerator' }}
      name={`Numerator, ${row.measure.title}`}
      linked={linked}
    />
  )

/** The denominator, with the initial population where that is another one. */
const Denominator = ({ row, linked }: { readonly row: ScorecardRow; readonly linked: boolean }): Child => {
  if (row.counts === undefined) return null
  const { measureId, groupId, denominator, initialPopulation } = row.counts
  const { title } = row.measure
  const isSame = denominator === initialPopulation && !row.hidden.has('denominator')
  return (
    <>
      <PeopleCount
        count={denominator}
        hidden={row.hidden.has('denominator')}
        target={{ measureId, groupId, population: 'denominator' }}
        name={`Denominator, ${title}`}
        linked={linked}
      />
      {isSame ? null : (
        <span class="cell-note">
          of{' '}
          <PeopleCount
            count={initialPopulation}
            hidden={row.hidden.has('initialPopulation')}
            target={{ measureId, groupId, population: 'initial-population' }}
            name={`Initial population, ${title}`}
            linked={linked}
          />
        </span>
      )}
    </>
  )
}

const OpenGaps = ({ row, linked }: { readonly row: ScorecardRow; readonly linked: boolean }) => {
  if (row.counts === undefined) return null
  const { measureId, groupId, openGaps, errors } = row.counts
  return (
    <>
      <PeopleCount
        count={openGaps}
        hidden={row.hidden.has('openGaps')}
        target={{ measureId, groupId, status: 'open' }}
        name={`open gaps, ${row.measure.title}`}
        linked={linked}
      />
      {errors === 0 || row.hidden.has('errors') ? null : (
        <span class="cell-note">{formatCount(errors)} not evaluated</span>
      )}
    </>
  )
}

/** The scorecard: a row per measure, each count a link to its people where the user may see them. */
export const ScorecardTable = ({
  rows,
  linked,
}: {
  readonly rows: readonly ScorecardRow[]
  readonly linked: boolean
}) => (
  <DataTable
    label="Measures"
    narrow="cards"
    rows={rows}
    columns={[
      { label: 'Measure', heading: true, width: 'some', cell: (row) => <Title row={row} /> },
      { label: 'Rate, 95% interval', width: 'some', cell: (row) => <RateCell row={row} /> },
      { label: 'Year to date', align: 'end', cell: (row) => <ToDate row={row} /> },
      { label: 'Same day last year', align: 'end', cell: (row) => <LastYear row={row} /> },
      { label: 'Open gaps', align: 'end', cell: (row) => <OpenGaps row={row} linked={linked} /> },
      { label: 'Numerator', align: 'end', cell: (row) => <Numerator row={row} linked={linked} /> },
      { label: 'Exclusions', align: 'end', cell: (row) => <LeftOut row={row} linked={linked} /> },
      { label: 'Denominator', align: 'end', cell: (row) => <Denominator row={row} linked={linked} /> },
    ]}
  />
)
