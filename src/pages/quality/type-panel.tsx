import { isSmall } from '../../measure/index.ts'
import type { TypeCount } from '../../store/index.ts'
import { Panel } from '../parts/panel.tsx'
import { count, safeCounts } from '../parts/safe-column.tsx'
import { DataTable } from '../parts/table.tsx'

interface TypeRow {
  readonly type: string
  readonly bySource: ReadonlyMap<string, number>
}

/** Resources by type and source. */
export const TypePanel = (props: {
  readonly counts: readonly TypeCount[]
  readonly sources: readonly string[]
  readonly isSafe: boolean
}) => {
  const rows = new Map<string, Map<string, number>>()
  for (const { type, source, resources } of props.counts) {
    rows.set(type, (rows.get(type) ?? new Map<string, number>()).set(source, resources))
  }
  const sum = (row: TypeRow) => {
    const all = [...row.bySource.values()].reduce((total, value) => total + value, 0)
    return props.isSafe && isSmall(all) ? null : all
  }
  const told = (row: TypeRow, source: string) =>
    safeCounts(
      props.sources.map((one) => row.bySource.get(one) ?? 0),
      props.isSafe,
    )[props.sources.indexOf(source)] ?? null
  return (
    <Panel id="types" title="Resources by type" flush>
      <DataTable
        label="Resources by type and source"
        narrow="scroll"
        rows={[...rows].map(([type, bySource]): TypeRow => ({ type, bySource }))}
        columns={[
          { label: 'Type', heading: true, cell: (row) => row.type },
          ...props.sources.map((source) => count<TypeRow>(source, (row) => told(row, source))),
          count<TypeRow>('All', sum),
        ]}
      />
    </Panel>
  )
}
