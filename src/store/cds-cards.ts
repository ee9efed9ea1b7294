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
