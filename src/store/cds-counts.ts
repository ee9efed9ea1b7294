import type { Session } from '../duck/index.ts'

/** Cards, and of how many people (hashes of them) they are. */
export interface CdsCell {
  readonly cards: number
  readonly persons: number
}

/** What tells counts of cards apart. */
export interface CdsKey {
  readonly serviceId: string
  readonly topic: string
  readonly site: string
  readonly role: string
}

/** What became of the cards of a service at a site for a role. Ignored ones are those that nobody reported. */
export interface CdsCount extends CdsKey {
  readonly shown: CdsCell
  readonly shadow: CdsCell
  readonly accepted: CdsCell
  readonly overridden: CdsCell
  readonly ignored: CdsCell
  /** Reasons of overrides, the most frequent first. */
  readonly reasons: readonly (CdsCell & { readonly reason: string })[]
}

const isBefore = (moment: string): string => `($before::TIMESTAMP IS NULL OR ${moment} < $before::TIMESTAMP)`

/** The last report of each card: reported as often as may be, it counts once. */
const cardsSql = `told AS (
  SELECT card, service_id, arg_max(outcome, received_at) AS outcome, arg_max(${reasonOf('')}, received_at) AS reason
  FROM cds_feedback WHERE ${isBefore('received_at')} GROUP BY card, service_id
), cards AS (
  SELECT c.*, t.outcome, t.reason FROM cds_card c LEFT JOIN told t ON c.shown AND t.card = c.uuid AND t.service_id = c.service_id
  WHERE ${isBefore('c.fired_at')}
)`

function reasonOf(prefix: string): string {
  return `coalesce(${prefix}reason_display, ${prefix}reason_code, CASE WHEN ${prefix}comment IS NULL THEN 'no reason' ELSE 'a comment' END)`
}

const cell = (condition: string): string =>
  `{cards: (count(*) FILTER (${condition}))::INTEGER, persons: (count(DISTINCT person) FILTER (${condition}))::INTEGER}`

const key = 'service_id, topic, site, role'

/** Counts of all cards, or of those (and of what was reported of them) before a moment (ISO text). */
export function readCdsCounts(session: Session, before?: string): Promise<CdsCount[]> {
  return session.all<CdsCount>(
    `WITH ${cardsSql}, reasons AS (
       SELECT ${key}, list({reason: reason, cards: n::INTEGER, persons: persons::INTEGER} ORDER BY n DESC, reason) AS reasons
       FROM (SELECT ${key}, reason, count(*) AS n, count(DISTINCT person) AS persons FROM cards WHERE outcome = 'overridden' GROUP BY ALL)
       GROUP BY ALL
     ), counts AS (
       SELECT ${key}, ${cell('shown')} AS shown, ${cell('NOT shown')} AS shadow, ${cell("outcome = 'accepted'")} AS accepted,
         ${cell("outcome = 'overridden'")} AS overridden, ${cell('shown AND outcome IS NULL')} AS ignored
       FROM cards GROUP BY ALL
     )
     SELECT c.service_id AS "serviceId", c.* EXCLUDE (service_id), coalesce(r.reasons, []) AS reasons
     FROM counts c LEFT JOIN reasons r USING (${key}) ORDER BY c.service_id, c.topic, c.site, c.role`,
    { before: before ?? null },
  )
}

/** By how much a count of cards changed on a day (UTC). */
export interface CdsChange extends CdsKey {
  /** `YYYY-MM-DD`. */
  readonly day: string
  /** `shown`, `shadow`, `accepted`, or `overridden` with its reason. */
  readonly state: string
  readonly change: number
}

/** How counts came about, day by day: cards as they were fired, outcomes as they were reported, and reported otherwise. */
export function readCdsCourse(session: Session): Promise<CdsChange[]> {
  return session.all<CdsChange>(
    `WITH reports AS (
       SELECT c.service_id, c.topic, c.site, c.role, f.received_at AS moment,
         f.outcome || CASE WHEN f.outcome = 'overridden' THEN ' ' || ${reasonOf('f.')} ELSE '' END AS state,
         lag(state) OVER (PARTITION BY f.card, f.service_id ORDER BY f.received_at) AS former
       FROM cds_feedback f JOIN cds_card c ON c.shown AND c.uuid = f.card AND c.service_id = f.service_id
     ), changes AS (
       SELECT ${key}, fired_at AS moment, CASE WHEN shown THEN 'shown' ELSE 'shadow' END AS state, 1 AS change FROM cds_card
       UNION ALL SELECT ${key}, moment, state, 1 FROM reports WHERE state IS DISTINCT FROM former
       UNION ALL SELECT ${key}, moment, former, -1 FROM reports WHERE former IS NOT NULL AND state <> former
     )
     SELECT service_id AS "serviceId", topic, site, role, strftime(moment, '%Y-%m-%d') AS day, state, sum(change)::INTEGER AS change
     FROM changes GROUP BY ALL ORDER BY day`,
  )
}

/** Why topics could not be evaluated. */
export interface CdsUnmetCount {
  readonly serviceId: string
  readonly site: string
  readonly reason: string
  readonly calls: number
  readonly last: string
}

/** The most frequent reasons first. */
export function readCdsUnmet(session: Session, limit: number): Promise<CdsUnmetCount[]> {
  return session.all<CdsUnmetCount>(
    `SELECT service_id AS "serviceId", site, reason, count(*)::INTEGER AS calls,
       strftime(max(met_at), '%Y-%m-%d %H:%M') AS "last"
     FROM cds_unmet GROUP BY ALL ORDER BY calls DESC, "serviceId", reason LIMIT $limit`,
    { limit },
  )
}

/** How often topics could not be evaluated for a reason, day by day (UTC). */
export interface CdsUnmetDay extends Omit<CdsUnmetCount, 'last'> {
  readonly day: string
}

export function readCdsUnmetCourse(session: Session): Promise<CdsUnmetDay[]> {
  return session.all<CdsUnmetDay>(
    `SELECT service_id AS "serviceId", site, reason, strftime(met_at, '%Y-%m-%d') AS day, count(*)::INTEGER AS calls
     FROM cds_unmet GROUP BY ALL ORDER BY day`,
  )
}
