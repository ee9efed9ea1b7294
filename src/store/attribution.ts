import type { Session } from '../duck/index.ts'
import { resolvedJoin, resolvedText } from './resolved-line.ts'

const npiSystem = 'http://hl7.org/fhir/sid/us-npi'
const tinSystem = 'urn:oid:2.16.840.1.113883.4.4'

/** The reference as its own source writes it: without base URL and version. */
const local = (reference: string): string =>
  `regexp_replace(CASE WHEN s.base_url <> '' AND starts_with(${reference}, rtrim(s.base_url, '/') || '/')
    THEN substr(${reference}, length(rtrim(s.base_url, '/')) + 2) ELSE ${reference} END, '/_history/[^/]*$', '')`

/** Current resources of a type, with the source's name for them. */
const current = (type: string): string => `(SELECT c.source_id, c.spid, c.rid, c.id, ${resolvedText} AS raw
  FROM resource_current c JOIN raw_line l ON l.rid = c.rid AND l.hash = c.hash ${resolvedJoin}
  WHERE c.type = '${type}' AND l.type = '${type}' AND NOT c.deleted)`

const identifierShape = '[{"system":"VARCHAR","value":"VARCHAR"}]'
const identifiersOf = (raw: string): string => `from_json(json_extract(${raw}, '$.identifier'), '${identifierShape}')`
const valueIn = (system: string): string =>
  `list_filter(identifiers, lambda i: i.system = '${system}' AND i.value IS NOT NULL)[1].value`

/** Everybody and every place that a visit may name, under each way of naming them (by id, by identifier). */
const providerTable = `
CREATE OR REPLACE TEMP TABLE attribution_provider AS
WITH practitioner AS (
  SELECT source_id, id, identifiers, ${valueIn(npiSystem)} AS npi,
    nullif(trim(concat_ws(' ', array_to_string(name.given, ' '), name.family)), '') AS name
  FROM (SELECT source_id, id, ${identifiersOf('raw')} AS identifiers,
    from_json(json_extract(raw, '$.name'), '[{"family":"VARCHAR","given":["VARCHAR"]}]')[1] AS name
    FROM ${current('Practitioner')})),
named AS (
  SELECT source_id, 'Practitioner/' || id AS reference, npi, name FROM practitioner
  UNION ALL
  SELECT source_id, 'Practitioner?identifier=' || i.system || '|' || i.value, npi, name
  FROM (SELECT *, unnest(identifiers) AS i FROM practitioner) WHERE i.system IS NOT NULL AND i.value IS NOT NULL),
role AS (
  SELECT r.source_id, 'PractitionerRole/' || r.id AS reference,
    ${local("(r.raw ->> '$.practitioner.reference')")} AS practitioner,
    ${local("(r.raw ->> '$.organization.reference')")} AS organization
  FROM ${current('PractitionerRole')} r JOIN source s USING (source_id))
SELECT source_id, reference, any_value(npi) AS npi, any_value(name) AS name, NULL AS organization
FROM named GROUP BY source_id, reference
UNION ALL
SELECT r.source_id, r.reference, any_value(n.npi), any_value(n.name), any_value(r.organization)
FROM role r LEFT JOIN named n ON n.source_id = r.source_id AND n.reference = r.practitioner
GROUP BY r.source_id, r.reference`

const organizationTable = `
CREATE OR REPLACE TEMP TABLE attribution_organization AS
WITH organization AS (
  SELECT source_id, id, raw ->> '$.name' AS name, ${identifiersOf('raw')} AS identifiers FROM ${current('Organization')}),
named AS (
  SELECT source_id, 'Organization/' || id AS reference, identifiers, name FROM organization
  UNION ALL
  SELECT source_id, 'Organization?identifier=' || i.system || '|' || i.value, identifiers, name
  FROM (SELECT *, unnest(identifiers) AS i FROM organization) WHERE i.system IS NOT NULL AND i.value IS NOT NULL)
SELECT source_id, reference, any_value(name) AS name, any_value(nullif(replace(${valueIn(tinSystem)}, '-', ''), '')) AS tin
FROM named GROUP BY source_id, reference`

/** The day in the source's own time zone; of a year or month its first day. */
const day = `CASE
  WHEN regexp_matches(start, 'T.*(Z|[+-][0-9]{2}:[0-9]{2})$') THEN (try_cast(start AS TIMESTAMPTZ) AT TIME ZONE s.time_zone)::DATE
  ELSE try_cast(left(start || '-01-01', 10) AS DATE) END`

/** A row per visit and provider named on it; one row without a provider where none is. */
const visitTable = `
CREATE OR REPLACE TEMP TABLE attribution_visit AS
WITH visit AS (
  SELECT e.rid, e.spid, e.source_id, e.raw ->> '$.status' AS status, e.raw ->> '$.period.start' AS start,
    ${local("(e.raw ->> '$.serviceProvider.reference')")} AS organization,
    list_filter(from_json(json_extract(e.raw, '$.participant[*].individual'),
      '[{"reference":"VARCHAR","identifier":{"system":"VARCHAR","value":"VARCHAR"}}]'),
      lambda i: i.identifier.system = '${npiSystem}' OR contains(i.reference, 'Practitioner')) AS individuals
  FROM ${current('Encounter')} e JOIN source s USING (source_id) WHERE e.spid IS NOT NULL),
took_place AS (
  SELECT v.*, ${day} AS day, unnest(CASE WHEN len(individuals) > 0 THEN individuals ELSE [NULL] END) AS individual
  FROM visit v JOIN source s USING (source_id)
  WHERE coalesce(status, '') NOT IN ('planned', 'cancelled', 'entered-in-error')),
named AS (
  SELECT t.*, ${local('individual.reference')} AS reference FROM took_place t JOIN source s USING (source_id))
SELECT DISTINCT n.rid, coalesce(sp.pid, sp.spid) AS pid, n.source_id, n.day, p.name AS provider_name,
  coalesce(p.npi, CASE WHEN individual.identifier.system = '${npiSystem}' THEN individual.identifier.value END,
    nullif(regexp_extract(n.reference, '^Practitioner[?]identifier=${npiSystem}[|]([0-9]{10})$', 1), '')) AS npi,
  o.name AS place, o.tin AS place_tin
FROM named n JOIN source_patient sp USING (spid)
LEFT JOIN attribution_provider p ON p.source_id = n.source_id AND p.reference = n.reference
LEFT JOIN attribution_organization o ON o.source_id = n.source_id AND o.reference = coalesce(n.organization, p.organization)`

/**
 * The roster's practice counts where the place of the visit has the same TIN; where the place states no TIN,
 * one of the same name, or the only one that the provider had on that day. Else the place stands for itself.
 */
const attributionRows = `
INSERT INTO attribution (pid, npi, provider_name, tin, practice, source_id, visits, last_visit)
WITH candidate AS (
  SELECT v.*, r.tin AS roster_tin, r.practice AS roster_practice, r.provider_name AS roster_name,
    coalesce(r.tin = v.place_tin, false) AS same_tin, coalesce(lower(r.practice) = lower(v.place), false) AS same_name
  FROM attribution_visit v LEFT JOIN roster r ON r.npi = v.npi
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

/** What the attribution was made of. */
export interface AttributionCounts {
  /** Encounters that took place and have a patient. */
  readonly visits: number
  /** Of them, those that name neither a known provider nor a known place. */
  readonly withoutProvider: number
  /** Of them, those whose start is missing or no date: no roster row with dates counts for them. */
  readonly withoutDay: number
  readonly attributedPersons: number
}

/** Makes \`attribution\` anew from the visits and the roster in force on each visit's day, in one transaction. */
export async function fillAttribution(session: Session): Promise<AttributionCounts> {
  return session.transaction(async () => {
    for (const sql of [providerTable, organizationTable, visitTable, 'DELETE FROM attribution', attributionRows]) {
      await session.run(sql)
    }
    const counts = await session.first<AttributionCounts>(`
      SELECT count(DISTINCT rid)::INTEGER AS visits,
        (count(DISTINCT rid) - count(DISTINCT rid) FILTER (npi IS NOT NULL OR provider_name IS NOT NULL
          OR place IS NOT NULL OR place_tin IS NOT NULL))::INTEGER AS "withoutProvider",
        count(DISTINCT rid) FILTER (day IS NULL)::INTEGER AS "withoutDay",
        (SELECT count(DISTINCT pid)::INTEGER FROM attribution) AS "attributedPersons"
      FROM attribution_visit`)
    for (const table of ['provider', 'organization', 'visit']) await session.run(`DROP TABLE temp.attribution_${table}`)
    return counts ?? { visits: 0, withoutProvider: 0, withoutDay: 0, attributedPersons: 0 }
  })
}
