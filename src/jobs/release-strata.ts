import type { Session } from '../duck/index.ts'
import { safeCells } from '../measure/index.ts'
import {
  type RunSummary,
  readStrata,
  readToldStrata,
  recordToldStrata,
  type ScorecardCounts,
  type Store,
  type StrataPlace,
  type StratumKind,
  type StratumRow,
  type ToldStratum,
} from '../store/index.ts'
import { guardedCell } from './guarded-cell.ts'
import { releasedUnits } from './release-units.ts'
import { hiddenCounts } from './safe-counts.ts'

/** What is being made, by store and address: two readers must not be told two things. */
const underWay = new WeakMap<Store, Map<string, Promise<readonly ToldStratum[]>>>()

/**
 * The strata of a run that may be told (`releasedCounts`), for who may not see small counts. A count of one to ten people is
 * hidden, and so is one that differs by so few from what was told of the same stratum before, of the same period: two releases
 * side by side would tell of them. Others are hidden with them until no hidden one can be told from the sums; practices and
 * providers are held against each other, too (`releasedUnits`). What was told once of a run is told again.
 */
export function releasedStrata(
  store: Store,
  kind: StratumKind,
  where: { readonly run: RunSummary; readonly counts: ScorecardCounts },
): Promise<readonly ToldStratum[]> {
  if (kind === 'practice' || kind === 'provider')
    return releasedUnits(store, kind, { ...where, isSumHidden: hiddenCounts(where.counts).has('counted') })
  const making = underWay.get(store) ?? new Map<string, Promise<readonly ToldStratum[]>>()
  underWay.set(store, making)
  const { measureId, groupId } = where.counts
  const key = JSON.stringify([where.run.runId, measureId, groupId, kind])
  const known = making.get(key)
  if (known !== undefined) return known
  const made = makeStrata(store, { measureId, groupId, kind }, where).finally(() => making.delete(key))
  making.set(key, made)
  return made
}

async function makeStrata(
  store: Store,
  place: StrataPlace,
  where: { readonly run: RunSummary; readonly counts: ScorecardCounts },
): Promise<readonly ToldStratum[]> {
  const session = await store.session.sibling()
  try {
    return await toldStrata(session, place, where)
  } finally {
    session.close()
  }
}

async function toldStrata(
  session: Session,
  place: StrataPlace,
  { run, counts }: { readonly run: RunSummary; readonly counts: ScorecardCounts },
): Promise<readonly ToldStratum[]> {
  const before = await readToldStrata(session, place, run)
  const own = before.filter(({ runId }) => runId === run.runId)
  if (own.length > 0) return own.map(({ id, label, atRisk, numerator }) => ({ id, label, atRisk, numerator }))
  const rows = await readStrata(session, place.kind, { ...place, runId: run.runId, periodEnd: run.periodEnd })
  const told = toldOf(rows, before, hiddenCounts(counts).has('counted'))
  await recordToldStrata(session, { ...place, runId: run.runId }, told)
  return told
}

/** Strata as they may be told beside those of before. Where the sum must not be told, nor may any that adds up to it. */
export function toldOf(
  rows: readonly StratumRow[],
  before: readonly ToldStratum[],
  isSumHidden: boolean,
): readonly ToldStratum[] {
  if (isSumHidden) return rows.map(({ id, label }) => ({ id, label, atRisk: null, numerator: null }))
  const safety = safeCells(rows.map((row) => guardedCell(row, before)))
  return rows.map(({ id, label, atRisk, numerator }, index) => ({
    id,
    label,
    atRisk: safety[index]?.hideTrials === true ? null : atRisk,
    numerator: safety[index]?.hideEvents === true ? null : numerator,
  }))
}
