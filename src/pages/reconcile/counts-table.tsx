import { isFound, type ReportedPopulation } from '../../jobs/index.ts'
import type { ReconciledResult } from '../../store/index.ts'
import { populationName } from '../measure/counts.ts'
import { formatCount } from '../parts/format.ts'
import { Panel } from '../parts/panel.tsx'
import { DataTable } from '../parts/table.tsx'

/** A count that an EHR reported, with the people that it is held against. */
export interface ReportedCount {
  readonly population: ReportedPopulation
  readonly reported: number
  readonly results: readonly ReconciledResult[]
}

const foundOf = ({ results, population }: ReportedCount): number =>
  results.filter((result) => isFound(result, population) === true).length

/** Facts of other EHRs explain a part of a difference of counts: how many people they decide. */
const elsewhereOf = ({ results, population }: ReportedCount): number =>
  results.filter((result) => isFound(result, population) === true && result.otherSources.length > 0).length

const signed = (value: number): string => `${value > 0 ? '+' : value < 0 ? '−' : ''}${formatCount(Math.abs(value))}`

/** Reported counts beside those of the same source's people here. */
export const CountsTable = ({ rows, source }: { readonly rows: readonly ReportedCount[]; readonly source: string }) => (
  <Panel
    id="counts-compared"
    title="Counts compared"
    note={`Only people of ${source}: its EHR knows no others. Counts tell how far apart the two are, a list tells who.`}
    flush
  >
    <DataTable
      label="Counts compared"
      narrow="cards"
      rows={rows}
      columns={[
        { label: 'Population', heading: true, cell: ({ population }) => populationName(population) },
        { label: 'Reported', align: 'end', cell: ({ reported }) => formatCount(reported) },
        { label: 'Found here', align: 'end', cell: (row) => formatCount(foundOf(row)) },
        { label: 'Difference', align: 'end', cell: (row) => <strong>{signed(foundOf(row) - row.reported)}</strong> },
        { label: 'Decided by facts of other sources', align: 'end', cell: (row) => formatCount(elsewhereOf(row)) },
      ]}
    />
  </Panel>
)
