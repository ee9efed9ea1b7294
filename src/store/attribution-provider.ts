import type { Session } from '../duck/index.ts'
import { resolvedJoin, resolvedText } from './resolved-line.ts'

export const npiSystem = 'http://hl7.org/fhir/sid/us-npi'
const tinSystem = 'urn:oid:2.16.840.1.113883.4.4'

/** The reference as its own source writes it: without base URL and version. */
export const localReference = (reference: string): string =>
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
const providerRows = `
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
    ${localReference("(r.raw ->> '$.practitioner.reference')")} AS practitioner,
    ${localReference("(r.raw ->> '$.organization.reference')")} AS organization
  FROM ${current('PractitionerRole')} r JOIN source s USING (source_id))
SELECT source_id, reference, min(npi) AS npi, min(name) AS name, NULL::VARCHAR AS organization
FROM named GROUP BY source_id, reference
UNION ALL
SELECT r.source_id, r.reference, min(n.npi), min(n.name), min(r.organization)
FROM role r LEFT JOIN named n ON n.source_id = r.source_id AND n.reference = r.practitioner
GROUP BY r.source_id, r.reference`

const placeRows = `
WITH organization AS (
  SELECT source_id, id, raw ->> '$.name' AS name, ${identifiersOf('raw')} AS identifiers FROM ${current('Organization')}),
named AS (
  SELECT source_id, 'Organization/' || id AS reference, identifiers, name FROM organization
  UNION ALL
  SELECT source_id, 'Organization?identifier=' || i.system || '|' || i.value, identifiers, name
  FROM (SELECT *, unnest(identifiers) AS i FROM organization) WHERE i.system IS NOT NULL AND i.value IS NOT NULL)
SELECT source_id, reference, min(name) AS name, min(nullif(replace(${valueIn(tinSystem)}, '-', ''), '')) AS tin
FROM named GROUP BY source_id, reference`

/** The types that providers and places are read from. */
export const providerTypes = ['Organization', 'Practitioner', 'PractitionerRole'] as const

/**
 * Makes `visit_provider` and `visit_place` anew, and `temp.provider_change (source_id, reference)` and `temp.place_change` of
 * what another row stands for than before, or none.
 */
export async function readProviders(session: Session): Promise<void> {
  for (const [name, rows] of [
    ['provider', providerRows],
    ['place', placeRows],
  ] as const) {
    await session.run(`CREATE OR REPLACE TEMP TABLE new_rows AS ${rows}`)
    await session.run(
      `CREATE OR REPLACE TEMP TABLE ${name}_change AS SELECT DISTINCT source_id, reference FROM (
         (FROM visit_${name} EXCEPT FROM temp.new_rows) UNION ALL (FROM temp.new_rows EXCEPT FROM visit_${name}))`,
    )
    await session.run(`DELETE FROM visit_${name}`)
    await session.run(`INSERT INTO visit_${name} FROM temp.new_rows`)
  }
  await session.run('DROP TABLE temp.new_rows')
}
