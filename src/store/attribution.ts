import type { Session } from '../duck/index.ts'
import { localReference, npiSystem, providerTypes, readProviders } from './attribution-provider.ts'
import { derivedUpTo, findChangedLines, linesSince, recordDerived } from './derived-state.ts'
import { resolvedText } from './resolved-line.ts'

/** The day in the source's own time zone; of a year or month its first day. */
const day = `CASE
  WHEN regexp_matches(start, 'T.*(Z|[+-][0-9]{2}:[0-9]{2})$') THEN (try_cast(start AS TIMESTAMPTZ) AT TIME ZONE s.time_zone)::DATE
  ELSE try_cast(left(start || '-01-01', 10) AS DATE) END`

/** Visits that took place, of the changed encounters or of all; a row per individual named, one without where none is. */
const visitRows = (since: number): string => `
INSERT INTO visit (rid, spid, pid, source_id, day, organization, reference, npi)
WITH encounter AS (
  SELECT c.rid, c.spid, c.source_id, ${resolvedText} AS raw
  FROM ${linesSince(since, `c.type = 'Encounter' AND l.type = 'Encounter' AND c.spid IS NOT NULL`)}),
read AS (
  SELECT e.rid, e.spid, e.source_id, e.raw ->> '$.status' AS status, e.raw ->> '$.period.start' AS start,
    ${localReference("(e.raw ->> '$.serviceProvider.reference')")} AS organization,
    list_filter(from_json(json_extract(e.raw, '$.participant[*].individual'),
      '[{"reference":"VARCHAR","identifier":{"system":"VARCHAR","value":"VARCHAR"}}]'),
      lambda i: i.identifier.system = '${npiSystem}' OR contains(i.reference, 'Practitioner')) AS individuals
  FROM encounter e JOIN source s USING (source_id)),
took_place AS (
  SELECT v.*, ${day} AS day, unnest(CASE WHEN len(individuals) > 0 THEN individuals ELSE [NULL] END) AS individual
  FROM read v JOIN source s USING (source_id)
  WHERE coalesce(status, '') NOT IN ('planned', 'cancelled', 'entered-in-error')),
named AS (
  SELECT t.*, ${localReference('individual.reference')} AS reference FROM took_place t JOIN source s USING (source_id))
SELECT DISTINCT n.rid, n.spid, coalesce(p.pid, p.spid), n.source_id, n.day, n.organization, n.reference,
  coalesce(CASE WHEN individual.identifier.system = '${npiSystem}' THEN individual.identifier.value END,
    nullif(regexp_extract(n.reference, '^Practitioner[?]identifier=${npiSystem}[|]([0-9]{10})$', 1), ''))
FROM named n JOIN source_patient p USING (spid)`

/** Visits with whom and what they name. */
const namedVisits = `
  SELECT DISTINCT v.rid, v.pid, v.source_id, v.day, p.name AS provider_name, coalesce(p.npi, v.npi) AS npi,
    o.name AS place, o.tin AS place_tin
  FROM visit v
  LEFT JOIN visit_provider p ON p.source_id = v.source_id AND p.reference = v.reference
  LEFT JOIN visit_place o ON o.source_id = v.source_id AND o.reference = coalesce(v.organization, p.organization)`

/**
 * The roster's practice counts where the place of the visit has the same TIN; where the place states no TIN,
 * one of the same name, or the only one that the provider had on that day. Else the place stands for itself.
 */
const attributionRows = (touched: string): string => `
INSERT INTO attribution (pid, npi, provider_name, tin, practice, source_id, visits, last_visit)
WITH candidate AS (
  SELECT v.*, r.tin AS roster_tin, r.practice AS roster_practice, r.provider_name AS roster_name,
    coalesce(r.tin = v.place_tin, false) AS same_tin, coalesce(lower(r.practice) = lower(v.place), false) AS same_name
  FROM (${namedVisits} ${touched}) v LEFT JOIN roster r ON r.npi = v.npi
    AND (r.from_date IS NULL OR r.from_date <= v.day) AND (r.to_date IS NULL OR v.day <= r.to_date)),
chosen AS (
  SELECT *, same_tin OR (place_tin IS NULL AND (same_name OR min(roster_tin) OVER seen = max(roster_tin) OVER seen)) AS on_roster
  FROM candidate WINDOW seen AS (PARTITION BY rid, npi)
  QUALIFY row_number() OVER (PARTITION BY rid, npi, provider_name
    ORDER BY same_tin DESC, same_name DESC, roster_tin, roster_practice) = 1),
placed AS (
  SELECT pid, npi, coalesce(roster_name, provider_name) AS provider_name, source_id, rid, day,
    CASE WHEN on_roster THEN roster_tin ELSE place_tin END AS tin,
    CASE WHEN on_roster THEN roster_practice ELSE place END AS practice
  FROM chosen)
SELECT pid, npi, max(provider_name), tin, practice, source_id, count(DISTINCT rid), max(day)::VARCHAR
FROM placed WHERE npi IS NOT NULL OR provider_name IS NOT NULL OR tin IS NOT NULL OR practice IS NOT NULL
GROUP BY pid, npi, CASE WHEN npi IS NULL THEN provider_name END, tin, practice, source_id
ORDER BY pid, source_id, npi, tin, practice`

/** What visits are read by beside the lines, and what they are told apart by. */
const sourceBasis = `SELECT coalesce(string_agg(source_id || ' ' || coalesce(base_url, '') || ' ' || time_zone || chr(10), '' ORDER BY source_id), '') AS basis
  FROM source`
const rosterBasis = `SELECT count(*) || ':' || coalesce(sum(hash(r)::HUGEINT), 0) AS basis FROM roster r`

/**
 * Brings `attribution` up to the visits, and to the roster in force on each visit's day, in one transaction: of the persons
 * whose visits, providers, places or identity changed since it was last made; of all where the sources or the roster are others.
 * Returns how many persons have a provider or a practice.
 */
export async function fillAttribution(session: Session): Promise<number> {
  return session.transaction(async () => {
    const sources = await basisOf(session, sourceBasis)
    const roster = await basisOf(session, rosterBasis)
    const since = await derivedUpTo(session, 'visits', sources, { mayGrow: true })
    const all = since === 0 || (await derivedUpTo(session, 'attribution', roster)) === 0
    await session.run('CREATE OR REPLACE TEMP TABLE touched (pid INTEGER)')
    await followVisits(session, since)
    const where = all ? '' : 'WHERE pid IN (SELECT pid FROM temp.touched)'
    await session.run(`DELETE FROM attribution ${where}`)
    await session.run(attributionRows(where.replace('pid', 'v.pid')))
    await recordDerived(session, 'visits', sources)
    await recordDerived(session, 'attribution', roster)
    await session.run('DROP TABLE temp.touched')
    const row = await session.first<{ n: number }>('SELECT count(DISTINCT pid)::INTEGER AS n FROM attribution')
    return row?.n ?? 0
  })
}

async function basisOf(session: Session, sql: string): Promise<string> {
  return (await session.first<{ basis: string }>(sql))?.basis ?? ''
}

/** Brings `visit` and what it names up to the lines; whom that touches stands in `temp.touched`, in pids of before and of now. */
async function followVisits(session: Session, since: number): Promise<void> {
  if (since === 0) {
    await readProviders(session)
    await session.run('DELETE FROM visit')
    await session.run(visitRows(0))
    return
  }
  const types = ['Encounter', ...providerTypes].map((type) => `'${type}'`).join(', ')
  await findChangedLines(session, since, `c.type IN (${types})`)
  const changed = await session.first<{ visits: boolean; providers: boolean }>(
    `SELECT coalesce(bool_or(type = 'Encounter'), false) AS visits, coalesce(bool_or(type <> 'Encounter'), false) AS providers FROM temp.changed_line`,
  )
  await session.run(
    `INSERT INTO temp.touched SELECT unnest([v.pid, coalesce(p.pid, p.spid)]) FROM visit v JOIN source_patient p USING (spid)
     WHERE v.pid <> coalesce(p.pid, p.spid)`,
  )
  await session.run(
    `UPDATE visit SET pid = coalesce(p.pid, p.spid) FROM source_patient p
     WHERE p.spid = visit.spid AND visit.pid <> coalesce(p.pid, p.spid)`,
  )
  if (changed?.visits === true) {
    const touch = `INSERT INTO temp.touched SELECT pid FROM visit WHERE rid IN (SELECT rid FROM temp.changed_line)`
    await session.run(touch)
    await session.run('DELETE FROM visit WHERE rid IN (SELECT rid FROM temp.changed_line)')
    await session.run(visitRows(since))
    await session.run(touch)
  }
  if (changed?.providers !== true) return
  await readProviders(session)
  await session.run(
    `INSERT INTO temp.touched SELECT v.pid FROM visit v
     LEFT JOIN visit_provider p ON p.source_id = v.source_id AND p.reference = v.reference
     WHERE (v.source_id, v.reference) IN (FROM temp.provider_change)
       OR (v.source_id, coalesce(v.organization, p.organization)) IN (FROM temp.place_change)`,
  )
}
