import type { InstalledMeasure, MeasureGroup } from '../../content/index.ts'
import type { Session } from '../../duck/index.ts'
import { releasedCounts } from '../../jobs/index.ts'
import {
  type RunMeasureSummary,
  type RunSummary,
  readPublishedRun,
  readRun,
  readRunMeasures,
  readScorecardCounts,
  type ScorecardCounts,
} from '../../store/index.ts'
import { mustBeSafe, type PageRequest } from '../site.tsx'

/** What is known of a measure that a URL names: installed here, part of the last run, or both. */
export interface MeasureData {
  readonly id: string
  readonly title: string
  readonly version: string
  readonly installed: InstalledMeasure | undefined
  readonly run: RunSummary | undefined
  readonly runMeasure: RunMeasureSummary | undefined
  /** A row per group that the run has results for. */
  readonly counts: readonly ScorecardCounts[]
}

/** The measure of the request's path; undefined where neither this server nor its last run knows it. */
export async function readMeasureData(request: PageRequest): Promise<MeasureData | undefined> {
  const id = request.context.req.param('id') ?? ''
  const installed = request.site.application.measures.find((measure) => measure.id === id)
  const run = await readPublishedRun(request.session)
  const runMeasure = await runMeasureOf(request.session, run, id)
  const known = runMeasure ?? installed
  if (known === undefined) return undefined
  const base = { id, title: known.title, version: known.version, installed, runMeasure }
  if (run === undefined) return { ...base, run, counts: [] }
  if (mustBeSafe(request)) {
    const released = (await releasedCounts(request.site.application.store, run)).get(id)
    const told = released === undefined ? undefined : await readRun(request.session, released.runId)
    return { ...base, run: told ?? run, counts: released?.counts ?? [] }
  }
  const all = await readScorecardCounts(request.session, run.runId)
  return { ...base, run, counts: all.filter((row) => row.measureId === id) }
}

async function runMeasureOf(session: Session, run: RunSummary | undefined, id: string) {
  if (run === undefined) return undefined
  return (await readRunMeasures(session, run.runId)).find((measure) => measure.measureId === id)
}

/** True where a group is asked for that neither the measure nor its results have. */
export const asksForNoGroup = (data: MeasureData, asked: string | undefined): boolean =>
  asked !== undefined &&
  !data.counts.some(({ groupId }) => groupId === asked) &&
  !(data.installed?.groups ?? []).some(({ id }) => id === asked)

/** The group that the URL asks for, else the first: its counts and, where the measure is installed, its definition. */
export function chosenGroup(
  data: MeasureData,
  asked: string | undefined,
): { readonly counts: ScorecardCounts | undefined; readonly group: MeasureGroup | undefined } {
  const counts = data.counts.find((row) => row.groupId === asked) ?? data.counts[0]
  const groups = data.installed?.groups ?? []
  return { counts, group: groups.find((group) => group.id === counts?.groupId) ?? groups[0] }
}
