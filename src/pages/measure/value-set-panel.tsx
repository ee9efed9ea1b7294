import type { InstalledMeasure } from '../../content/index.ts'
import type { Expansion, ValueSets } from '../../terminology/index.ts'
import { countOf, formatCount, shortHash } from '../parts/format.ts'
import { Panel } from '../parts/panel.tsx'
import { DataTable } from '../parts/table.tsx'

interface NamedValueSet {
  readonly canonical: string
  readonly expansion: Expansion | undefined
}

/** The value sets that the logic reads, with how many codes each has here. */
export const ValueSetPanel = ({
  measure,
  valueSets,
}: {
  readonly measure: InstalledMeasure
  readonly valueSets: ValueSets
}) => {
  const rows: NamedValueSet[] = measure.valueSets.map((canonical) => ({
    canonical,
    expansion: valueSets.find(canonical),
  }))
  return (
    <Panel id="value-sets" title="Value sets" note={remarkOf(rows)}>
      <details>
        <summary>{countOf(rows.length, 'value set')}, with their codes and hashes</summary>
        <ValueSetTable rows={rows} />
      </details>
    </Panel>
  )
}

/** What must not stand folded: by a set that is missing, or empty, the logic finds nothing. */
function remarkOf(rows: readonly NamedValueSet[]): string {
  const missing = rows.filter(({ expansion }) => expansion === undefined).length
  const empty = rows.filter(({ expansion }) => expansion?.members.length === 0).length
  const part = rows.filter(({ expansion }) => (expansion?.officialCodes ?? 0) > (expansion?.members.length ?? 0)).length
  const remarks = [
    ...(missing === 0 ? [] : [`${formatCount(missing)} missing`]),
    ...(empty === 0 ? [] : [`${formatCount(empty)} without any code, which find nothing`]),
    ...(part === 0 ? [] : [`${formatCount(part)} with a part of the published codes`]),
  ]
  return remarks.length === 0 ? 'All are here, as they were published.' : `${remarks.join('; ')}.`
}

const ValueSetTable = ({ rows }: { readonly rows: readonly NamedValueSet[] }) => (
  <DataTable
    label="Value sets"
    narrow="cards"
    rows={rows}
    columns={[
      {
        label: 'Value set',
        heading: true,
        cell: (row) => (
          <>
            {row.expansion?.title ?? row.canonical}
            <span class="cell-note">{row.canonical}</span>
          </>
        ),
      },
      { label: 'Version', cell: (row) => row.expansion?.version ?? <span class="soft">none given</span> },
      {
        label: 'Codes',
        align: 'end',
        cell: (row) => <Codes expansion={row.expansion} />,
      },
      {
        label: 'Hash',
        cell: (row) => (row.expansion === undefined ? '' : <code>{shortHash(row.expansion.sha256)}</code>),
      },
    ]}
  />
)

/** How many codes there are; none at all is said aloud, for then the logic finds nothing by this value set. */
const Codes = ({ expansion }: { readonly expansion: Expansion | undefined }) => {
  if (expansion === undefined) return <strong>missing</strong>
  if (expansion.members.length > 0) {
    return (
      <>
        {formatCount(expansion.members.length)}
        {expansion.officialCodes === undefined ? null : (
          <span class="cell-note">of {formatCount(expansion.officialCodes)} published</span>
        )}
      </>
    )
  }
  return (
    <>
      0<span class="cell-note">finds nothing</span>
    </>
  )
}
