import type { Session } from '../duck/index.ts'
import type { StratumKind } from './page-strata.ts'

/** A published run's measure, and whether its counts may be told; null where that is not decided yet. */
export interface ReleaseRun {
  readonly runId: number
  readonly measureId: string
  readonly periodStart: string
  readonly periodEnd: string
  readonly isTold: boolean | null
}

/** Every measure of every published run that gave results, oldest run first. */
export function readReleaseRuns(session: Session): Promise<ReleaseRun[]> {
  return session.all<ReleaseRun>(
    `SELECT u.run_id AS "runId", m.measure_id AS "measureId", u.period_start AS "periodStart", u.period_end AS "periodEnd",
       r.is_told AS "isTold"
     FROM run u JOIN run_measure m ON m.run_id = u.run_id AND m.state = 'done'
     LEFT JOIN release_run r ON r.run_id = u.run_id AND r.measure_id = m.measure_id
     WHERE u.state = 'published' ORDER BY u.run_id, m.measure_id`,
  )
}

/** Keeps a decision; the first one stays. */
export async function recordReleaseRun(
  session: Session,
  decision: { readonly runId: number; readonly measureId: string; readonly isTold: boolean },
): Promise<void> {
  await session.run('INSERT INTO release_run VALUES ($runId, $measureId, $isTold) ON CONFLICT DO NOTHING', {
    ...decision,
  })
}

/** A stratum as it may be told: what is null is hidden. */
export interface ToldStratum {
  readonly id: string | null
  readonly label: string | null
  readonly atRisk: number | null
  readonly numerator: number | null
}

/** Whose strata, by what. */
export interface StrataPlace {
  readonly measureId: string
  readonly groupId: string
  readonly kind: StratumKind
}

/** The strata that were told of runs of a period, by run, in their order. */
export function readToldStrata(
  session: Session,
  { measureId, groupId, kind }: StrataPlace,
  period: { readonly periodStart: string; readonly periodEnd: string },
): Promise<(ToldStratum & { readonly runId: number })[]> {
  const { periodStart, periodEnd } = period
  return session.all(
    `SELECT t.run_id AS "runId", t.id, t.label, t.at_risk AS "atRisk", t.numerator
     FROM release_stratum t JOIN run u ON u.run_id = t.run_id
     WHERE t.measure_id = $measureId AND t.group_id = $groupId AND t.kind = $kind
       AND u.period_start = $periodStart AND u.period_end = $periodEnd
     ORDER BY t.run_id, t.position`,
    { measureId, groupId, kind, periodStart, periodEnd },
  )
}

/** Keeps what is told of a run's strata. */
export async function recordToldStrata(
  session: Session,
  { runId, measureId, groupId, kind }: StrataPlace & { readonly runId: number },
  strata: readonly ToldStratum[],
): Promise<void> {
  await session.run(
    `INSERT INTO release_stratum
     SELECT $runId, $measureId, $groupId, $kind, i, s.id, s.label, s."atRisk", s.numerator
     FROM (SELECT generate_subscripts(l, 1) AS i, unnest(l) AS s FROM (SELECT from_json($strata::JSON,
       '[{"id":"VARCHAR","label":"VARCHAR","atRisk":"INTEGER","numerator":"INTEGER"}]') AS l))`,
    { runId, measureId, groupId, kind, strata: JSON.stringify(strata) },
  )
}
