import { ofUnits, units } from './number.ts'

/** More steps than an expansion may have; so many are counted as one too many, and never made. */
const tooMany = 200_000
const counted = (steps: string): string => `CAST(least(greatest(${steps}, 0), ${tooMany}) AS INTEGER)`
const milliseconds = "date_diff('millisecond', $1, $2)"
const months = "date_diff('month', $1, $2)"

/** Steps of an expansion, counted and made from where it starts. https://cql.hl7.org/09-b-cqlreference.html#expand */
export const stepTemplates = {
  wholePart: 'TRY_CAST(trunc($1) AS BIGINT)',
  stepNumber: 'TRY_CAST(CAST($1 AS HUGEINT) + CAST($2 AS HUGEINT) * ($3 - 1) - $4 AS $T)',
  stepsOfNumbers: `CASE WHEN $3 >= 1 AND $1 <= $2 THEN ${counted('(CAST($2 AS HUGEINT) - $1 + 1) // $3')} ELSE 0 END`,
  grainOfStep: `CASE WHEN $1 = trunc($1) THEN CAST(1 AS DECIMAL(38, 8)) ELSE ${ofUnits('CAST(pow(10, 8 - $2) AS HUGEINT)')} END`,
  reachOfStep: "CASE WHEN $1 = trunc($1) THEN CAST(1 AS DECIMAL(38, 8)) ELSE CAST('0.00000001' AS DECIMAL(38, 8)) END",
  cutToGrain: '($1 - $1 % $2)',
  stepDecimal: `TRY(${ofUnits(`(${units('$1')} + ${units('$2')} * ($3 - 1))`)})`,
  stepsOfDecimals: `CASE WHEN $3 > 0 AND $1 <= $2 THEN ${counted(`(${units('$2')} + ${units('$4')} - ${units('$1')}) // ${units('$3')}`)} ELSE 0 END`,
  unitOfPrecision:
    "CASE $1 WHEN 1 THEN 'year' WHEN 2 THEN 'month' WHEN 3 THEN 'day' WHEN 4 THEN 'hour' WHEN 5 THEN 'minute' WHEN 6 THEN 'second' WHEN 7 THEN 'millisecond' END",
  hoursOverlap: '($3 = 4 AND (($1).offset_min - ($2).offset_min) % 60 <> 0)',
  stepMoment:
    'TRY(CASE WHEN $2 IS NOT NULL THEN $1 + to_months(CAST($2 * $4 * ($5 - 1) AS INTEGER)) ELSE $1 + to_milliseconds($3 * $4 * ($5 - 1)) END)',
  stepsOfMoments: `CASE WHEN $5 >= 1 AND $1 < $2 THEN ${counted(`CASE WHEN $3 IS NOT NULL THEN ${months} // ($3 * CAST($5 AS HUGEINT)) ELSE ${milliseconds} // ($4 * CAST($5 AS HUGEINT)) END`)} ELSE 0 END`,
  positionsUpTo: 'generate_series(1, CASE WHEN $1 <= $2 THEN $1 ELSE 0 END)',
} as const
