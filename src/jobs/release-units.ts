import type { Session } from '../duck/index.ts'
import { type CellSafety, safeLevels } from '../measure/index.ts'
import {
  type RunSummary,
  readSharedStrata,
  readStrata,
  readToldStrata,
  recordToldStrata,
  type ScorecardCounts,
  type SharedStratum,
  type Store,
  type StratumRow,
  type ToldStratum,
} from '../store/index.ts'
import { guardedCell } from './guarded-cell.ts'

/** Two facts that people have at once, and that a reader may hold against each other. */
export type UnitKind = 'practice' | 'provider'

/** Of whom, and whether how many they are together must not be told. */
export interface UnitsAsked {
  readonly run: RunSummary
  readonly counts: Pick<ScorecardCounts, 'measureId' | 'groupId'>
  readonly isSumHidden: boolean
}

/** What is being made, by store and address: two readers must not be told two things. */
const underWay = new WeakMap<Store, Map<string, Promise<Units>>>()

/**
 * The practices or providers of a run that may be told to who may not see small counts: as strata are, and so that neither list tells
 * a small count of the other (`safeLevels`). Both are decided at once, and what was told once of a run is told again.
 */
export async function releasedUnits(store: Store, kind: UnitKind, asked: UnitsAsked): Promise<readonly ToldStratum[]> {
  const making = underWay.get(store) ?? new Map<string, Promise<Units>>()
  underWay.set(store, making)
  const { measureId, groupId } = asked.counts
  const key = JSON.stringify([asked.run.runId, measureId, groupId])
  const made = making.get(key) ?? makeUnits(store, asked).finally(() => making.delete(key))
  making.set(key, made)
  return (await made)[kind]
}

type Units = Readonly<Record<UnitKind, readonly ToldStratum[]>>

async function makeUnits(store: Store, asked: UnitsAsked): Promise<Units> {
  const session = await store.session.sibling()
  try {
    return await session.transaction(() => toldUnits(session, asked))
  } finally {
    session.close()
  }
}

async function toldUnits(session: Session, { run, counts, isSumHidden }: UnitsAsked): Promise<Units> {
  const { runId, periodEnd } = run
  const { measureId, groupId } = counts
  const where = { runId, measureId, groupId, periodEnd }
  const listOf = async (kind: UnitKind): Promise<UnitList> => {
    const before = await readToldStrata(session, { measureId, groupId, kind }, run)
    const own = before.filter((told) => told.runId === runId)
    const rows = await readStrata(session, kind, where)
    return { rows, before, ...(own.length === 0 ? {} : { own: own.map(withoutRun) }) }
  }
  const [practice, provider] = [await listOf('practice'), await listOf('provider')]
  if (practice.own !== undefined && provider.own !== undefined)
    return { practice: practice.own, provider: provider.own }
  const told = toldOfBoth({ practice, provider }, await readSharedStrata(session, where), isSumHidden)
  for (const [kind, { own }] of [
    ['practice', practice],
    ['provider', provider],
  ] as const)
    if (own === undefined) await recordToldStrata(session, { measureId, groupId, kind, runId }, told[kind])
  return told
}

/** Strata of one kind, with what was told of them before; `own`: of this very run. */
interface UnitList {
  readonly rows: readonly StratumRow[]
  readonly before: readonly ToldStratum[]
  readonly own?: readonly ToldStratum[]
}

const withoutRun = ({ id, label, atRisk, numerator }: ToldStratum): ToldStratum => ({ id, label, atRisk, numerator })

/** Both lists as they may be told beside each other and beside what was told before. */
function toldOfBoth(
  { practice, provider }: Readonly<Record<UnitKind, UnitList>>,
  shared: readonly SharedStratum[],
  isSumHidden: boolean,
): Units {
  if (isSumHidden) {
    const hide = ({ rows, own }: UnitList) => own ?? rows.map(({ id, label }) => ({ id, label, ...nothing }))
    return { practice: hide(practice), provider: hide(provider) }
  }
  const placeOf = ({ rows }: UnitList) => new Map(rows.map(({ id }, at) => [id, at]))
  const [groups, units] = [placeOf(practice), placeOf(provider)]
  const safety = safeLevels({
    groups: practice.rows.map((row) => guardedCell(row, practice.before)),
    units: provider.rows.map((row) => guardedCell(row, provider.before)),
    shared: shared.flatMap((cell) => {
      const [group, unit] = [groups.get(cell.practice), units.get(cell.provider)]
      const { atRisk: trials, numerator: events } = cell
      return group === undefined || unit === undefined ? [] : [{ group, unit, trials, events }]
    }),
    ...(practice.own === undefined ? {} : { toldGroups: safetyOf(practice) }),
    ...(provider.own === undefined ? {} : { toldUnits: safetyOf(provider) }),
  })
  return {
    practice: practice.own ?? practice.rows.map((row, at) => shownOf(row, safety.groups[at])),
    provider: provider.own ?? provider.rows.map((row, at) => shownOf(row, safety.units[at])),
  }
}

const nothing = { atRisk: null, numerator: null }

/** What of the rows of now was told of this run already; one that was not there then was not told. */
const safetyOf = ({ rows, own = [] }: UnitList): readonly CellSafety[] =>
  rows.map((row) => {
    const told = own.find(({ id }) => id === row.id) ?? nothing
    return { hideTrials: told.atRisk === null, hideEvents: told.numerator === null }
  })

const shownOf = ({ id, label, atRisk, numerator }: StratumRow, safety: CellSafety | undefined): ToldStratum => ({
  id,
  label,
  atRisk: safety?.hideTrials === false ? atRisk : null,
  numerator: safety?.hideEvents === false ? numerator : null,
})
