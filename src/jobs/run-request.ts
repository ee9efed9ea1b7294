import { contentHash, type Diagnostic, fault } from '../base/index.ts'
import type { InstalledMeasure, RefusedMeasure } from '../content/index.ts'
import { type MeasurementPeriod, measureDefines } from '../measure/index.ts'
import type { MeasureBasis, RunMeasureRow } from '../store/index.ts'
import type { ValueSets } from '../terminology/index.ts'
import type { RunRequest } from './application.ts'
import type { Evaluator } from './evaluator.ts'

/** What a request comes to: measures to evaluate, and measures that were refused when they were loaded. */
export interface ChosenMeasures {
  readonly measures: readonly InstalledMeasure[]
  readonly refused: readonly RefusedMeasure[]
}

/** The measures that a request names, or all. Fault: `jobs/unknown-measure` with those that there are. */
export function chooseMeasures(request: RunRequest, all: ChosenMeasures): ChosenMeasures {
  const { measures: ids } = request
  if (ids === undefined) return all
  const known = new Set([...all.measures, ...all.refused].map(({ id }) => id))
  const unknown = ids.filter((id) => !known.has(id))
  if (unknown.length > 0) {
    throw fault('usage', 'jobs/unknown-measure', `There is no measure ${unknown.join(', ')}.`, {
      remedy: known.size === 0 ? 'Install a measure first.' : `Name one of: ${[...known].sort().join(', ')}.`,
    })
  }
  return {
    measures: all.measures.filter(({ id }) => ids.includes(id)),
    refused: all.refused.filter(({ id }) => ids.includes(id)),
  }
}

/** Fault: `jobs/invalid-period` for days that do not exist, an end before its start, or an unknown zone. */
export function checkPeriod({ start, end, timeZone }: MeasurementPeriod): void {
  const wrong =
    [start, end].find((day) => !isDay(day)) ?? (end < start ? `${start}..${end}` : undefined) ?? zoneFault(timeZone)
  if (wrong === undefined) return
  throw fault('usage', 'jobs/invalid-period', `The measurement period is not valid: ${wrong}.`, {
    remedy: 'Give two days as YYYY-MM-DD, the end not before the start, and an IANA time zone.',
  })
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`)
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

function zoneFault(timeZone: string): string | undefined {
  try {
    return Intl.DateTimeFormat('en-US', { timeZone }) && undefined
  } catch {
    return timeZone
  }
}

/** The rows of a run's measures, in the order of their ids; a refused one is there with its diagnostics. */
export function measureRows(
  evaluator: Evaluator,
  chosen: ChosenMeasures,
  valueSets: ValueSets,
): readonly RunMeasureRow[] {
  const rows = [
    ...evaluator.measures.map((measure) => ({ ...measureRow(measure, []), basis: basisOf(measure, valueSets) })),
    ...evaluator.refused.map(({ measure, diagnostics }) => measureRow(measure, diagnostics)),
    ...chosen.refused.map(refusedRow),
  ]
  return rows.sort((a, b) => (a.measureId < b.measureId ? -1 : 1))
}

function measureRow(measure: InstalledMeasure, diagnostics: readonly Diagnostic[]): RunMeasureRow {
  const { id: measureId, url, version, title, contentHash: hash } = measure
  const failed = diagnostics.length > 0
  return {
    measureId,
    url,
    version,
    title,
    contentHash: hash,
    state: failed ? 'failed' : 'done',
    defines: failed ? [] : measureDefines(measure),
    // What its results must say of themselves: value sets that are not whole.
    diagnostics: failed ? diagnostics : (measure.remarks ?? []),
  }
}

/** What a measure's results rest on, taken apart: so that two runs can say what differs between them. */
function basisOf(measure: InstalledMeasure, valueSets: ValueSets): MeasureBasis {
  return {
    logicHash: contentHash(JSON.stringify(measure.resource), measure.closure.hash),
    ...(measure.package === undefined ? {} : { package: measure.package }),
    valueSets: measure.valueSets.map((canonical) => {
      const expansion = valueSets.find(canonical)
      const version = expansion?.version
      return { canonical, ...(version === undefined ? {} : { version }), sha256: expansion?.sha256 ?? '' }
    }),
  }
}

/** What was refused before it was a measure has no url or version to tell. */
function refusedRow({ id, diagnostics }: RefusedMeasure): RunMeasureRow {
  return {
    measureId: id,
    url: '',
    version: '',
    title: id,
    contentHash: contentHash(JSON.stringify(diagnostics)),
    state: 'failed',
    defines: [],
    diagnostics,
  }
}
