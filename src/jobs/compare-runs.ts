import { fault } from '../base/index.ts'
import type { Session } from '../duck/index.ts'
import {
  type PopulationChange,
  type RunMeasureBasis,
  type RunSummary,
  readPopulationChanges,
  readRun,
  readRunBasis,
  readRunCodeMaps,
  statesBetween,
} from '../store/index.ts'

/** Why somebody may be otherwise in a population than before. */
export const causes = ['period', 'logic', 'engine', 'terminology', 'code-mapping', 'identity', 'data'] as const
export type Cause = (typeof causes)[number]

/** One source patient's change in one population, with every cause that can have made it. */
export interface ComparedChange extends Omit<PopulationChange, 'factsChanged' | 'identityChanged'> {
  readonly change: 'in' | 'out' | 'count'
  /** One where it is certain; several where they changed together; none is a fault of caregap itself. */
  readonly causes: readonly Cause[]
}

export interface RunComparison {
  readonly before: RunSummary
  readonly after: RunSummary
  /** What differs between the runs beside their data, by measure; a measure of one run alone is not compared. */
  readonly measures: readonly { readonly measure: string; readonly differs: readonly Cause[] }[]
  /** Measures that only one of the runs evaluated. */
  readonly notCompared: readonly string[]
  readonly changes: readonly ComparedChange[]
  readonly totals: readonly ChangeTotal[]
}

/** How many persons are newly in or out of a population, by causes. */
export interface ChangeTotal {
  readonly measure: string
  readonly group: string
  readonly population: string
  readonly causes: readonly Cause[]
  readonly in: number
  readonly out: number
  readonly count: number
}

/** Compares two published runs, population by population. Fault `jobs/no-run` for a run that is not published. */
export async function compareRuns(session: Session, beforeId: number, afterId: number): Promise<RunComparison> {
  const before = await publishedRun(session, beforeId)
  const after = await publishedRun(session, afterId)
  const states = await statesBetween(session, before.dataSnapshot, after.dataSnapshot)
  const shared = await sharedDifferences(session, before, after)
  const bases = [await readRunBasis(session, beforeId), await readRunBasis(session, afterId)] as const
  const measures = bases[0].flatMap((old) => {
    const now = bases[1].find(({ measureId }) => measureId === old.measureId)
    if (now === undefined) return []
    const differs = [...shared, ...differencesOf(old, now)]
    return [{ measure: old.measureId, differs: causes.filter((cause) => differs.includes(cause)) }]
  })
  const ids = new Set(bases.flat().map(({ measureId }) => measureId))
  const changes = (await readPopulationChanges(session, beforeId, afterId, states ?? { low: 0, high: 0 })).map(
    (change) => comparedChange(change, states !== undefined, measures),
  )
  return {
    before,
    after,
    measures,
    notCompared: [...ids].filter((id) => measures.every(({ measure }) => measure !== id)).sort(),
    changes,
    totals: totalsOf(changes),
  }
}

async function publishedRun(session: Session, runId: number): Promise<RunSummary> {
  const run = await readRun(session, runId)
  if (run?.state === 'published') return run
  throw fault('input', 'jobs/no-run', `There is no published run ${runId}.`, {
    remedy: 'Name two published runs; `caregap results --runs` lists them.',
  })
}

const periodOf = (run: RunSummary) => [run.periodStart, run.periodEnd, run.timeZone].join()
const engineOf = (run: RunSummary) => `${run.engine} ${run.engineVersion}`
const setsOf = (basis: RunMeasureBasis) =>
  basis.valueSets.map(({ canonical, sha256 }) => `${canonical} ${sha256}`).join()

async function sharedDifferences(session: Session, before: RunSummary, after: RunSummary): Promise<readonly Cause[]> {
  const maps = [await readRunCodeMaps(session, before.runId), await readRunCodeMaps(session, after.runId)]
  return [
    ...(periodOf(before) === periodOf(after) ? [] : (['period'] as const)),
    ...(engineOf(before) === engineOf(after) ? [] : (['engine'] as const)),
    ...(maps[0] === maps[1] ? [] : (['code-mapping'] as const)),
  ]
}

function differencesOf(before: RunMeasureBasis, after: RunMeasureBasis): readonly Cause[] {
  return [
    ...(before.logicHash === after.logicHash ? [] : (['logic'] as const)),
    ...(setsOf(before) === setsOf(after) ? [] : (['terminology'] as const)),
  ]
}

function comparedChange(
  { factsChanged, identityChanged, ...change }: PopulationChange,
  isTracked: boolean,
  measures: RunComparison['measures'],
): ComparedChange {
  const differs = measures.find(({ measure }) => measure === change.measure)?.differs ?? []
  const own = [
    ...(identityChanged ? (['identity'] as const) : []),
    // Where the states of the data are not known, a change of facts can never be ruled out.
    ...(factsChanged || !isTracked ? (['data'] as const) : []),
  ]
  const { before, after } = change
  const kind = (before ?? 0) === 0 ? 'in' : (after ?? 0) === 0 ? 'out' : 'count'
  return { ...change, change: kind, causes: [...differs, ...own] }
}

/** How many persons changes are of, by measure, group, population and causes, in the order of the changes. */
export function totalsOf(changes: readonly ComparedChange[]): readonly ChangeTotal[] {
  const persons = new Map<string, { readonly first: ComparedChange; readonly of: Record<string, Set<number>> }>()
  for (const one of changes) {
    const key = JSON.stringify([one.measure, one.group, one.population, one.causes])
    const found = persons.get(key) ?? { first: one, of: { in: new Set(), out: new Set(), count: new Set() } }
    persons.set(key, found)
    const pid = one.change === 'out' ? (one.personBefore ?? one.personAfter) : (one.personAfter ?? one.personBefore)
    if (pid !== null) found.of[one.change]?.add(pid)
  }
  return [...persons.values()].map(({ first, of }) => ({
    measure: first.measure,
    group: first.group,
    population: first.population,
    causes: first.causes,
    in: of['in']?.size ?? 0,
    out: of['out']?.size ?? 0,
    count: of['count']?.size ?? 0,
  }))
}
