import { readyWorklist } from '../../jobs/index.ts'
import { compareRates } from '../../measure/index.ts'
import type { StratumKind } from '../../store/index.ts'
import { formatCount, formatSex } from '../parts/format.ts'
import { GroupedAsOf } from '../parts/grouped-as-of.tsx'
import { Panel } from '../parts/panel.tsx'
import { type SafeStratum, strataOf } from '../parts/safe-strata.ts'
import { releaseHref, SafetyNote } from '../parts/safety-note.tsx'
import { DataTable } from '../parts/table.tsx'
import { isInverse } from '../scorecard/scorecard-row.ts'
import { maySeeLists, mustBeSafe, type PageRequest, type PageView } from '../site.tsx'
import { MeasureHead, type OpenMeasure, openMeasure } from './measure-frame.tsx'
import { rateColumn } from './rate-column.tsx'

const facts: readonly { readonly kind: StratumKind; readonly title: string; readonly label: string }[] = [
  { kind: 'race', title: 'Race', label: 'Race' },
  { kind: 'ethnicity', title: 'Ethnicity', label: 'Ethnicity' },
  { kind: 'sex', title: 'Sex', label: 'Sex' },
  { kind: 'age', title: 'Age at the end of the period', label: 'Age' },
  { kind: 'payer', title: 'Payer', label: 'Payer' },
  { kind: 'language', title: 'Language', label: 'Language' },
]

/** One fact's strata as a page may show them, and the stratum that the others are compared with. */
interface Facet {
  readonly kind: StratumKind
  readonly title: string
  readonly label: string
  readonly strata: readonly SafeStratum[]
  readonly reference: SafeStratum | undefined
}

/** How far a measure's rate differs between groups of people, with intervals; who is unknown is a group of their own. */
export async function disparitiesPage(request: PageRequest): Promise<PageView> {
  const opened = await openMeasure(request, 'disparities')
  if (!('run' in opened)) return opened
  await readyWorklist(request.session, request.site.application.clock)
  const isSafe = mustBeSafe(request)
  const facets: Facet[] = []
  for (const fact of facts) {
    const strata = await strataOf(request, fact.kind, opened)
    facets.push({ ...fact, strata, reference: largest(strata) })
  }
  const hidden = facets.flatMap(({ strata }) => strata).filter(({ isHidden }) => isHidden).length
  return {
    title: `Disparities: ${opened.data.title}`,
    section: 'scorecard',
    content: (
      <>
        <MeasureHead
          data={opened.data}
          group={opened.group}
          current="disparities"
          linked={maySeeLists(request.scope.principal)}
        />
        <div class="stack">
          <section class="panel panel-words" aria-label="How to read this">
            <p>
              Each group is compared with the largest known one of its kind: the difference of the rates in percentage
              points and their ratio, each with its 95% interval. An interval that holds 0 points, or a ratio of 1, is
              no ground for speaking of a difference. <GroupedAsOf run={opened.run} by="People are in these groups" />
            </p>
            <SafetyNote isSafe={isSafe} hidden={hidden} href={releaseHref(request.context)} />
          </section>
          {facets.map((facet) => (
            <FacetPanel facet={facet} opened={opened} />
          ))}
        </div>
      </>
    ),
  }
}

/** The largest stratum that is known and shown; ties by name. */
function largest(strata: readonly SafeStratum[]): SafeStratum | undefined {
  return strata
    .filter(({ label, atRisk, numerator }) => label !== null && atRisk !== null && numerator !== null)
    .toSorted((a, b) => (b.atRisk ?? 0) - (a.atRisk ?? 0))[0]
}

const FacetPanel = ({ facet, opened }: { readonly facet: Facet; readonly opened: OpenMeasure }) => {
  const known = facet.strata.filter(({ label }) => label !== null)
  if (known.length === 0) {
    return (
      <Panel id={`by-${facet.kind}`} title={facet.title}>
        <p class="soft">No source states it, so nothing can be said. That is a finding of its own: see data quality.</p>
      </Panel>
    )
  }
  const direction = isInverse(opened.group) ? 'Lower is better' : 'Higher is better'
  return (
    <Panel id={`by-${facet.kind}`} title={facet.title} note={noteOf(facet, direction)} flush>
      <DataTable
        label={facet.title}
        narrow="cards"
        rows={facet.strata}
        columns={[
          { label: facet.label, heading: true, width: 'some', cell: (row) => nameOf(facet.kind, row) },
          rateColumn,
          {
            label: 'Counted',
            align: 'end',
            cell: (row) => (row.atRisk === null ? <span class="soft">hidden</span> : formatCount(row.atRisk)),
          },
          { label: 'Difference', cell: (row) => <Difference row={row} reference={facet.reference} /> },
          { label: 'Ratio', cell: (row) => <Ratio row={row} reference={facet.reference} /> },
        ]}
      />
    </Panel>
  )
}

function noteOf({ reference, kind }: Facet, direction: string): string {
  return reference === undefined
    ? direction
    : `${direction}. Compared with ${nameOf(kind, reference)}, the largest group.`
}

function nameOf(kind: StratumKind, { label }: SafeStratum): string {
  if (label === null) return 'Not known'
  return kind === 'sex' ? formatSex(label) : label
}

const comparisonOf = (row: SafeStratum, reference: SafeStratum | undefined) =>
  reference === undefined ||
  row === reference ||
  row.numerator === null ||
  row.atRisk === null ||
  reference.numerator === null ||
  reference.atRisk === null
    ? undefined
    : compareRates(
        { events: row.numerator, trials: row.atRisk },
        { events: reference.numerator, trials: reference.atRisk },
      )

interface Compared {
  readonly row: SafeStratum
  readonly reference: SafeStratum | undefined
}

const points = (share: number): string => `${share < 0 ? '−' : '+'}${Math.abs(share * 100).toFixed(1)}`

const Difference = ({ row, reference }: Compared) => {
  if (row === reference) return <span class="soft">Reference</span>
  const comparison = comparisonOf(row, reference)
  if (comparison === undefined) return null
  const { difference, differenceInterval } = comparison
  const isClear = differenceInterval.low > 0 || differenceInterval.high < 0
  const text = `${points(difference)} points`
  return (
    <>
      {isClear ? <strong>{text}</strong> : text}
      <span class="cell-note">
        {points(differenceInterval.low)} to {points(differenceInterval.high)}
      </span>
    </>
  )
}

const Ratio = ({ row, reference }: Compared) => {
  if (row === reference) return <span class="soft">Reference</span>
  const ratio = comparisonOf(row, reference)?.ratio
  if (ratio === undefined) return <span class="soft">{row.isHidden ? 'Not told' : 'Not defined'}</span>
  return (
    <>
      {ratio.value.toFixed(2)}
      <span class="cell-note">
        {ratio.interval.low.toFixed(2)} to {ratio.interval.high.toFixed(2)}
      </span>
    </>
  )
}
