/**
 * The practice that a person belongs to: of their rows in `table` (attribution, or a part of it), the one with
 * most visits, then the latest. A query with a row per person.
 */
export const primaryAttribution = (table: string): string => `
  SELECT pid, npi, provider_name, tin, practice, last_visit FROM ${table}
  QUALIFY row_number() OVER (PARTITION BY pid ORDER BY visits DESC, last_visit DESC NULLS LAST, source_id) = 1`

/**
 * Whole years from \`p.birth_date\` (FHIR date text) to \`$periodEnd\`: exact for a full date; for a year or
 * month alone the year's difference; NULL without a birth date.
 */
export const ageInYears = `CASE WHEN length(p.birth_date) = 10
  THEN date_sub('year', try_cast(p.birth_date AS DATE), CAST($periodEnd AS DATE))
  ELSE year(CAST($periodEnd AS DATE)) - try_cast(left(p.birth_date, 4) AS INTEGER) END`
