/**
 * The practice that a person belongs to: of the rows of `attribution`, the one with most visits, then the
 * latest. A named subquery for WITH.
 */
export const primaryAttribution = `primary_attribution AS (
  SELECT pid, npi, provider_name, tin, practice, last_visit FROM attribution
  QUALIFY row_number() OVER (PARTITION BY pid ORDER BY visits DESC, last_visit DESC NULLS LAST, source_id) = 1)`

/**
 * Whole years from \`p.birth_date\` (FHIR date text) to \`$periodEnd\`: exact for a full date; for a year or
 * month alone the year's difference; NULL without a birth date.
 */
export const ageInYears = `CASE WHEN length(p.birth_date) = 10
  THEN date_sub('year', try_cast(p.birth_date AS DATE), CAST($periodEnd AS DATE))
  ELSE year(CAST($periodEnd AS DATE)) - try_cast(left(p.birth_date, 4) AS INTEGER) END`
