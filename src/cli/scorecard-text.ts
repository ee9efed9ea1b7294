import type { InstalledMeasure } from '../content/index.ts'
import { type GroupScore, scoreGroup } from '../measure/index.ts'
import {
  type ObservedValuesRow,
  readObservedValues,
  readScorecardCounts,
  type ScorecardCounts,
  type Store,
} from '../store/index.ts'

export interface ScorecardLine extends GroupScore {
  readonly measureId: string
  readonly groupId: string
  readonly title: string
  readonly improvementNotation: 'increase' | 'decrease'
  readonly counts: ScorecardCounts
}

/** The scorecard of a run: a line per measure and group. A measure that is not installed any more is left out. */
export async function readScorecard(
  store: Store,
  measures: readonly InstalledMeasure[],
  runId: number,
): Promise<ScorecardLine[]> {
  const counts = await readScorecardCounts(store.session, runId)
  return scorecardOf(measures, counts, await readObservedValues(store.session, runId))
}

/** The lines of counts. A measure that is not installed any more is left out; one that is scored by observations needs them. */
export function scorecardOf(
  measures: readonly InstalledMeasure[],
  counts: readonly ScorecardCounts[],
  observed: readonly ObservedValuesRow[],
): ScorecardLine[] {
  return counts.flatMap((row) => {
    const measure = measures.find(({ id }) => id === row.measureId)
    const group = measure?.groups.find(({ id }) => id === row.groupId)
    if (measure === undefined || group === undefined) return []
    const { measureId, groupId } = row
    const { improvementNotation } = group
    return [
      { measureId, groupId, title: measure.title, improvementNotation, counts: row, ...scoreOf(group, row, observed) },
    ]
  })
}

function scoreOf(
  group: InstalledMeasure['groups'][number],
  row: ScorecardCounts,
  observed: readonly ObservedValuesRow[],
): GroupScore {
  const own = observed.filter(({ measureId, groupId }) => measureId === row.measureId && groupId === row.groupId)
  const totals = {
    'initial-population': row.initialPopulation ?? 0,
    denominator: row.denominator ?? 0,
    'denominator-exclusion': row.denominatorExclusion ?? 0,
    'denominator-exception': row.denominatorException ?? 0,
    numerator: row.numerator ?? 0,
    'numerator-exclusion': row.numeratorExclusion ?? 0,
    'measure-population': row.measurePopulation ?? 0,
  }
  return scoreGroup(group, totals, Object.fromEntries(own.map(({ id, values }) => [id, values])))
}

const percent = (share: number): string => `${(share * 100).toFixed(1)}%`
const count = (value: number | null): string => (value === null ? '-' : value.toLocaleString('en-US'))

/** A share of people in percent; a ratio and an aggregate as the number that they are. */
function scoreText({ rate, value, interval }: ScorecardLine): string {
  const number = value ?? (interval === undefined ? rate : undefined)
  if (number !== undefined) return number.toLocaleString('en-US', { maximumSignificantDigits: 4 })
  return rate === undefined ? 'no score' : percent(rate)
}

const heads = ['Measure', 'Init. pop.', 'Denom.', 'Excl.', 'Num.', 'Rate', '95% interval', 'Open gaps'] as const

/** The scorecard as a table for a terminal. `↓` marks a measure in which a lower rate is better. */
export function scorecardText(lines: readonly ScorecardLine[]): string {
  const rows = lines.map((line) => [
    `${line.title}${line.improvementNotation === 'decrease' ? ' ↓' : ''}`,
    count(line.counts.initialPopulation),
    count(line.counts.denominator),
    count(line.counts.denominatorExclusion),
    count(line.counts.numerator),
    scoreText(line),
    line.interval === undefined ? '' : `${percent(line.interval.low)} - ${percent(line.interval.high)}`,
    count(line.counts.openGaps),
  ])
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const lineOf = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
  const legend = lines.some((line) => line.improvementNotation === 'decrease') ? ['↓ lower is better'] : []
  return [lineOf(heads), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(lineOf), ...legend].join('\n')
}
