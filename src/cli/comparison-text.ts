import type { RunComparison } from '../jobs/index.ts'

const heads = ['Measure', 'Group', 'Population', 'In', 'Out', 'Counts differ', 'Cause'] as const

/** A comparison of two runs as a table for a terminal: distinct persons by population and cause. */
export function comparisonText({ before, after, measures, notCompared, totals }: RunComparison): string {
  const rows = totals.map((total) => [
    total.measure,
    total.group,
    total.population,
    String(total.in),
    String(total.out),
    String(total.count),
    total.causes.length === 0 ? 'UNEXPLAINED' : total.causes.join(' or '),
  ])
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const lineOf = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  const differs = measures.flatMap(({ measure, differs: what }) =>
    what.length === 0 ? [] : [`${measure}: ${what.join(', ')} of run ${after.runId} differs from run ${before.runId}`],
  )
  return [
    `Run ${before.runId} (${before.periodStart}..${before.periodEnd}) against run ${after.runId} (${after.periodStart}..${after.periodEnd})`,
    ...differs,
    ...notCompared.map((id) => `${id}: only one of the runs has it`),
    ...(rows.length === 0 ? ['Nobody is otherwise in any population.'] : [lineOf(heads), ...rows.map(lineOf)]),
  ].join('\n')
}
