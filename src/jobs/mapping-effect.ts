import { fault } from '../base/index.ts'
import type { PersonRecord, Resource } from '../fhir/index.ts'
import { streamPersonRecords } from '../identity/index.ts'
import {
  evaluateRecord,
  evaluatorOf,
  type MeasurementPeriod,
  type PopulationTotals,
  scoreGroup,
} from '../measure/index.ts'
import {
  amongPopulation,
  dataSnapshot,
  readCodeMaps,
  readPublishedRun,
  readScorecardCounts,
  type ScorecardCounts,
} from '../store/index.ts'
import { applyMaps, mapTable } from '../terminology/index.ts'
import { type MappingContext, mappedLines } from './code-mapping.ts'

/** What maps would do to a group of a measure, over the last published run. */
export interface MappingEffect {
  readonly measureId: string
  readonly groupId: string
  readonly before: PopulationTotals
  readonly after: PopulationTotals
  readonly rateBefore?: number
  readonly rateAfter?: number
}

export interface MappingEffects {
  readonly runId: number
  /** Resources and persons that the maps have something to say of. */
  readonly resources: number
  readonly persons: number
  /** True where the data changed since that run: its totals are of then. */
  readonly dataChanged: boolean
  readonly groups: readonly MappingEffect[]
}

type Change = Record<string, number>

/**
 * What proposed maps would do to each rate of the last published run: the persons whom they touch are evaluated as they
 * are and as they would be, and the difference is added to the run's counts. Nothing is stored.
 */
export async function effectOfMaps(context: MappingContext, mapIds: readonly number[]): Promise<MappingEffects> {
  const { session } = context.store
  const run = await readPublishedRun(session)
  if (run === undefined) {
    throw fault('input', 'jobs/no-run', 'No run is published whose rates a map could change.', {
      remedy: 'Run `caregap evaluate --all` first.',
    })
  }
  const maps = (await readCodeMaps(session)).filter(({ mapId }) => mapIds.includes(mapId))
  const touched = new Set<number>()
  let resources = 0
  for await (const { line } of mappedLines(context.store, maps)) {
    resources += 1
    if (line.pid !== null) touched.add(line.pid)
  }
  const period = { start: run.periodStart, end: run.periodEnd, timeZone: run.timeZone }
  const counted = await amongPopulation(session, [...touched])
  const changes = await changesOf(context, period, counted, maps)
  const counts = await readScorecardCounts(session, run.runId)
  return {
    runId: run.runId,
    resources,
    persons: counted.length,
    dataChanged: run.dataSnapshot !== (await dataSnapshot(session)),
    groups: counts.flatMap((row) => effectOn(context, row, changes.get(`${row.measureId} ${row.groupId}`) ?? {})),
  }
}

async function changesOf(
  { store, measures, valueSets }: MappingContext,
  period: MeasurementPeriod,
  pids: readonly number[],
  maps: Parameters<typeof mapTable>[0],
): Promise<ReadonlyMap<string, Change>> {
  const changes = new Map<string, Change>()
  const ready = measures.flatMap((measure) => {
    const made = evaluatorOf(measure, valueSets, period, 'direct')
    return made.ok ? [{ measure, evaluator: made.value }] : []
  })
  for await (const record of streamPersonRecords(store.session, { pids })) {
    const mapped = mappedRecord(record, maps)
    for (const { measure, evaluator } of ready) {
      for (const [one, sign] of [
        [record, -1],
        [mapped, 1],
      ] as const) {
        for (const { groupId, populations } of (await evaluateRecord(measure, evaluator, one)).groups) {
          const change = changes.get(`${measure.id} ${groupId}`) ?? {}
          changes.set(`${measure.id} ${groupId}`, change)
          for (const [code, count] of Object.entries(populations)) change[code] = (change[code] ?? 0) + sign * count
        }
      }
    }
  }
  return changes
}

/** The record as it would be. A patient's own resource has no codes that measures are mapped by. */
function mappedRecord(record: PersonRecord, maps: Parameters<typeof mapTable>[0]): PersonRecord {
  const tables = new Map<string, ReturnType<typeof mapTable>>()
  const entries = record.entries.map((entry) => {
    if (entry.type === 'Patient') return entry
    const table = tables.get(entry.source) ?? mapTable(maps, entry.source)
    tables.set(entry.source, table)
    const mapped = applyMaps(entry.resource, table) as Resource | undefined
    return mapped === undefined ? entry : { ...entry, resource: mapped }
  })
  return { ...record, entries }
}

function effectOn({ measures }: MappingContext, row: ScorecardCounts, change: Change): readonly MappingEffect[] {
  const group = measures.find(({ id }) => id === row.measureId)?.groups.find(({ id }) => id === row.groupId)
  if (group === undefined) return []
  const counted = [
    ['initial-population', row.initialPopulation],
    ['denominator', row.denominator],
    ['denominator-exclusion', row.denominatorExclusion],
    ['denominator-exception', row.denominatorException],
    ['numerator', row.numerator],
    ['numerator-exclusion', row.numeratorExclusion],
    ['measure-population', row.measurePopulation],
  ] as const
  const before: PopulationTotals = Object.fromEntries(counted.flatMap(([code, n]) => (n === null ? [] : [[code, n]])))
  const after: PopulationTotals = Object.fromEntries(
    Object.entries(before).map(([code, n]) => [code, n + (change[code] ?? 0)]),
  )
  const [old, now] = [scoreGroup(group, before).rate, scoreGroup(group, after).rate]
  return [
    {
      measureId: row.measureId,
      groupId: row.groupId,
      before,
      after,
      ...(old === undefined ? {} : { rateBefore: old }),
      ...(now === undefined ? {} : { rateAfter: now }),
    },
  ]
}
