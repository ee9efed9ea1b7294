import type { Difference, DifferenceCause, Reconciliation } from '../../jobs/index.ts'
import { populationName } from '../measure/counts.ts'
import { countOf, formatCount } from '../parts/format.ts'
import { Panel } from '../parts/panel.tsx'
import { DataTable } from '../parts/table.tsx'

/** Why the two differ, as the pages say it. */
export const causeTitles: Readonly<Record<DifferenceCause, string>> = {
  'no-such-patient': 'Not in the data',
  'several-persons': 'Key of several persons',
  'same-person-twice': 'One person, listed twice',
  'not-evaluated': 'Could not be evaluated',
  'not-listed': 'Not in the EHR’s list',
  'other-sources': 'Facts of other sources',
  'by-the-logic': 'The logic decides otherwise',
}

const mostShown = 200

/** What differs between an EHR's list and what was found, and the same as a file. */
export const DifferencePanel = (props: {
  readonly found: Reconciliation
  readonly action: string
  readonly source: string
  readonly text: string
}) => {
  const { found, action, source, text } = props
  return (
    <>
      <Panel id="agreement" title={headingOf(found)} note={noteOf(found)} flush>
        <DataTable
          label="Counts of the list and counts found"
          narrow="cards"
          rows={found.totals}
          columns={[
            { label: 'Population', heading: true, cell: ({ population }) => populationName(population) },
            { label: `In the list`, align: 'end', cell: ({ reported }) => formatCount(reported) },
            { label: `Found among people of ${source}`, align: 'end', cell: (row) => formatCount(row.found) },
          ]}
        />
      </Panel>
      {found.differences.length === 0 ? null : (
        <section class="panel" aria-labelledby="differences">
          <div class="list-head list-head-first">
            <h2 id="differences">{countOf(found.differences.length, 'difference')}</h2>
            <form method="post" action={action} class="no-print">
              <input type="hidden" name="source" value={source} />
              <input type="hidden" name="list" value={text} />
              <button class="button" type="submit" name="format" value="csv">
                Download as CSV
              </button>
            </form>
          </div>
          <CauseList found={found} />
          <DifferenceTable rows={found.differences.slice(0, mostShown)} />
          {found.differences.length <= mostShown ? null : (
            <p class="panel-note">The first {mostShown}; the CSV holds all.</p>
          )}
        </section>
      )}
    </>
  )
}

const headingOf = ({ listed, agreeing }: Reconciliation): string =>
  `${formatCount(agreeing)} of ${countOf(listed, 'listed patient')} agree`

const noteOf = ({ hidden }: Reconciliation): string | undefined =>
  hidden === 0 ? undefined : `${countOf(hidden, 'listed patient')} of other practices are left out.`

const CauseList = ({ found }: { readonly found: Reconciliation }) => (
  <ul class="split panel-note">
    {(Object.keys(causeTitles) as DifferenceCause[])
      .map((cause) => ({ cause, count: found.differences.filter((one) => one.cause === cause).length }))
      .filter(({ count }) => count > 0)
      .map(({ cause, count }) => (
        <li>
          <strong>{formatCount(count)}</strong> {causeTitles[cause].toLowerCase()}
        </li>
      ))}
  </ul>
)

const said = (value: boolean | null): string => (value === null ? 'nothing' : value ? 'in' : 'out')

const DifferenceTable = ({ rows }: { readonly rows: readonly Difference[] }) => (
  <DataTable
    label="Differences"
    narrow="cards"
    rows={rows}
    columns={[
      {
        label: 'Person',
        heading: true,
        width: 'some',
        cell: ({ pid, name, key }) => (
          <>
            {pid === null ? key : <a href={`/people/${pid}`}>{name ?? `Person ${pid}`}</a>}
            {pid === null ? null : <span class="cell-note">{key}</span>}
          </>
        ),
      },
      {
        label: 'Population',
        cell: ({ populations }) => (
          <ul class="plain-list">
            {populations.map(({ population, reported, found }) => (
              <li>
                {populationName(population)}
                <span class="cell-note">
                  EHR says {said(reported)}, here {said(found)}
                </span>
              </li>
            ))}
          </ul>
        ),
      },
      { label: 'Cause', cell: ({ cause }) => causeTitles[cause] },
      { label: 'Why', width: 'half', cell: ({ sentence }) => sentence },
    ]}
  />
)
