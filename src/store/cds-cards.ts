import type { Session } from '../duck/index.ts'

/** A card as it was given out; `person` and `clinician` are hashes. */
export interface CdsCardRow {
  readonly firedAt: string
  /** Empty for a card that was not shown (shadow mode). */
  readonly uuid: string
  readonly serviceId: string
  readonly topic: string
  readonly indicator: string
  readonly person: string
  readonly fingerprint: string
  readonly site: string
  readonly clinician: string
  readonly role: string
  readonly shown: boolean
}

/** A topic that could not be evaluated, by its reason. */
export interface CdsUnmetRow {
  readonly at: string
  readonly serviceId: string
  readonly site: string
  readonly reason: string
}

const cardShape =
  '[{"firedAt":"TIMESTAMP","uuid":"VARCHAR","serviceId":"VARCHAR","topic":"VARCHAR","indicator":"VARCHAR",' +
  '"person":"VARCHAR","fingerprint":"VARCHAR","site":"VARCHAR","clinician":"VARCHAR","role":"VARCHAR","shown":"BOOLEAN"}]'
const unmetShape = '[{"at":"TIMESTAMP","serviceId":"VARCHAR","site":"VARCHAR","reason":"VARCHAR"}]'

/** Writes what some calls gave, all or none. */
export async function insertCdsCalls(
  session: Session,
  cards: readonly CdsCardRow[],
  unmet: readonly CdsUnmetRow[],
): Promise<void> {
  if (cards.length > 0)
    await session.runOften(
      `INSERT INTO cds_card (fired_at, uuid, service_id, topic, indicator, person, fingerprint, site, clinician, role, shown)
       SELECT unnest(from_json($rows::JSON, '${cardShape}'), max_depth := 2)`,
      { rows: JSON.stringify(cards) },
    )
  if (unmet.length > 0)
    await session.runOften(
      `INSERT INTO cds_unmet (met_at, service_id, site, reason)
       SELECT unnest(from_json($rows::JSON, '${unmetShape}'), max_depth := 2)`,
      { rows: JSON.stringify(unmet) },
    )
}

/** The cards of these uuids that a service gave out. */
export function readCdsCards(session: Session, serviceId: string, uuids: readonly string[]): Promise<CdsCardRow[]> {
  return session.all<CdsCardRow>(
    `SELECT strftime(fired_at, '%Y-%m-%dT%H:%M:%S.%gZ') AS "firedAt", uuid, service_id AS "serviceId", topic, indicator,
       person, fingerprint, site, clinician, role, shown
     FROM cds_card WHERE service_id = $serviceId AND uuid IN (SELECT unnest(from_json($uuids::JSON, '["VARCHAR"]')))`,
    { serviceId, uuids: JSON.stringify(uuids) },
  )
}

/** An override that may still hold. */
export interface CdsOverrideRow {
  readonly person: string
  readonly topic: string
  readonly fingerprint: string
  readonly clinician: string
  readonly reason: string | null
  readonly at: string
}

/** Overrides that came in since a moment (ISO text). */
export function readCdsOverrides(session: Session, since: string): Promise<CdsOverrideRow[]> {
  return session.all<CdsOverrideRow>(
    `SELECT c.person, c.topic, c.fingerprint, c.clinician, f.reason_code AS reason,
       strftime(f.received_at, '%Y-%m-%dT%H:%M:%S.%gZ') AS "at"
     FROM cds_feedback f JOIN cds_card c ON c.uuid = f.card AND c.service_id = f.service_id
     WHERE f.outcome = 'overridden' AND f.received_at >= $since::TIMESTAMP ORDER BY f.received_at`,
    { since },
  )
}

/** What became of the cards of a service at a site for a role. Ignored ones are those that nobody reported. */
export interface CdsCount {
  readonly serviceId: string
  readonly topic: string
  readonly site: string
  readonly role: string
  readonly shown: number
  readonly shadow: number
  readonly accepted: number
  readonly overridden: number
  readonly ignored: number
  /** Reasons of overrides with their counts, the most frequent first. */
  readonly reasons: string
}

/** One row per card: reported as often as may be, it counts once, by its last report. */
const countsSql = `
WITH told AS (
  SELECT card, service_id, arg_max(outcome, received_at) AS outcome,
    arg_max(coalesce(reason_display, reason_code, CASE WHEN comment IS NULL THEN 'no reason' ELSE 'a comment' END), received_at) AS reason
  FROM cds_feedback GROUP BY card, service_id
), cards AS (
  SELECT c.*, t.outcome, t.reason FROM cds_card c LEFT JOIN told t ON c.shown AND t.card = c.uuid AND t.service_id = c.service_id
), reasons AS (
  SELECT service_id, topic, site, role, string_agg(reason || ' ' || n, ', ' ORDER BY n DESC, reason) AS reasons
  FROM (SELECT service_id, topic, site, role, reason, count(*) AS n FROM cards WHERE outcome = 'overridden' GROUP BY ALL)
  GROUP BY ALL
)
SELECT c.service_id AS "serviceId", c.topic, c.site, c.role, (count(*) FILTER (c.shown))::INTEGER AS shown,
  (count(*) FILTER (NOT c.shown))::INTEGER AS shadow,
  (count(*) FILTER (c.outcome = 'accepted'))::INTEGER AS accepted,
  (count(*) FILTER (c.outcome = 'overridden'))::INTEGER AS overridden,
  (count(*) FILTER (c.shown AND c.outcome IS NULL))::INTEGER AS ignored, coalesce(any_value(r.reasons), '') AS reasons
FROM cards c LEFT JOIN reasons r USING (service_id, topic, site, role)
GROUP BY ALL ORDER BY "serviceId", topic, site, role`

export function readCdsCounts(session: Session): Promise<CdsCount[]> {
  return session.all<CdsCount>(countsSql)
}

/** The same rows as a Parquet file. */
export async function writeCdsCounts(session: Session, file: string): Promise<void> {
  await session.run(`COPY (${countsSql}) TO '${file.replaceAll("'", "''")}' (FORMAT parquet)`)
}

/** Why topics could not be evaluated, the most frequent first. */
export interface CdsUnmetCount {
  readonly serviceId: string
  readonly site: string
  readonly reason: string
  readonly calls: number
  readonly last: string
}

export function readCdsUnmet(session: Session, limit: number): Promise<CdsUnmetCount[]> {
  return session.all<CdsUnmetCount>(
    `SELECT service_id AS "serviceId", site, reason, count(*)::INTEGER AS calls,
       strftime(max(met_at), '%Y-%m-%d %H:%M') AS "last"
     FROM cds_unmet GROUP BY ALL ORDER BY calls DESC, "serviceId", reason LIMIT $limit`,
    { limit },
  )
}
