import type { Child } from 'hono/jsx'
import type { LookBack, PeoplePopulation, ScorecardCounts } from '../../store/index.ts'
import { formatCount, formatDay, formatPercent } from '../parts/format.ts'
import { dueByNow } from '../parts/history.ts'
import { PeopleCount } from '../parts/people-link.tsx'
import { Rate } from '../parts/rate.tsx'
import { type Column, DataTable } from '../parts/table.tsx'
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
    <>
      <Rate
        numerator={(row.counts.numerator ?? 0) - (row.counts.numeratorExclusion ?? 0)}
        atRisk={atRiskOf(row.counts)}
        scoring={row.group?.scoring}
      />
      <Course row={row} counts={row.counts} />
    </>
  )
}

/** The rate of those who are due by now, and the same day of the year before: where they say more than the rate alone. */
const Course = ({ row, counts }: { readonly row: ScorecardRow; readonly counts: ScorecardCounts }) => {
  const inverse = isInverse(row.group)
  const said = (of: ScorecardCounts) => {
    const { numerator, atRisk } = dueByNow(dueCountsOf(of), inverse)
    return atRisk <= 0 ? undefined : formatPercent(numerator / atRisk)
  }
  const toDate = counts.prospectiveGaps === 0 || row.hidden.has('prospectiveGaps') ? undefined : said(counts)
  const before = row.lastYear === undefined ? undefined : said(row.lastYear)
  const looked = row.lookBack === undefined ? undefined : said(row.lookBack.counts)
  const parts = [
    ...(toDate === undefined ? [] : [`${toDate} of those due by now`]),
    ...(before === undefined ? [] : [`${before} this day last year`]),
    ...(row.lookBack === undefined || looked === undefined ? [] : [`${looked} ${lookBackText(row.lookBack)}`]),
  ]
  return parts.length === 0 ? null : <span class="cell-note">{parts.join(' · ')}</span>
}

/** Of how many, for the data of then may be few. */
const lookBackText = ({ asOf, counts }: LookBack): string =>
  `of ${formatCount(atRiskOf(counts))} on ${formatDay(asOf)}, looked back`

function countColumn(
  label: string,
  population: PeoplePopulation,
  name: 'numerator' | 'denominatorExclusion' | 'denominator' | 'initialPopulation',
  linked: boolean,
): Column<ScorecardRow> {
  return {
    label,
    align: 'end',
    cell: (row) =>
      row.counts === undefined ? null : (
        <PeopleCount
          count={row.counts[name]}
          hidden={row.hidden.has(name)}
          target={{ measureId: row.counts.measureId, groupId: row.counts.groupId, population }}
          name={`${label}, ${row.measure.title}`}
          linked={linked}
        />
      ),
  }
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
      { label: 'Open gaps', align: 'end', cell: (row) => <OpenGaps row={row} linked={linked} /> },
      countColumn('Numerator', 'numerator', 'numerator', linked),
      countColumn('Exclusions', 'denominator-exclusion', 'denominatorExclusion', linked),
      countColumn('Denominator', 'denominator', 'denominator', linked),
      countColumn('Initial population', 'initial-population', 'initialPopulation', linked),
    ]}
  />
)
