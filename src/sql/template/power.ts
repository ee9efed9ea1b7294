import { inRange, named, ofDouble, ofUnits, places, rounded, units } from './number.ts'

/** With a negative exponent only the powers of 1 and -1 are whole. */
const integerPower = (type: 'INTEGER' | 'BIGINT'): string =>
  `CASE WHEN $2 < 0 THEN CASE WHEN $1 = 1 OR ($1 = -1 AND $2 % 2 = 0) THEN CAST(1 AS ${type}) WHEN $1 = -1 THEN CAST(-1 AS ${type}) END ELSE TRY_CAST(TRY(CAST(list_reduce(list_prepend(CAST(1 AS HUGEINT), list_resize(CAST([] AS HUGEINT[]), CAST(least($2, 130) AS INTEGER), CAST($1 AS HUGEINT))), lambda a, b: a * b) AS HUGEINT)) AS ${type}) END`

/** The decimal's digits as a whole number, and how many stand after the point: their powers are exact while they fit. */
const digits = named(
  places('$1'),
  'p',
  `list_reduce(list_resize(CAST([] AS HUGEINT[]), CAST($2 AS INTEGER), CAST(TRY(${units('$1')} // CAST(pow(10, 8 - p) AS HUGEINT)) AS HUGEINT)), lambda a, b: a * b)`,
)
const scaleOfPower = `CAST(pow(10, ${places('$1')} * CAST($2 AS INTEGER) - 8) AS HUGEINT)`
const isWholePower = '$2 = trunc($2) AND $2 BETWEEN 1 AND 64'
/** Units of 10^-8 of a whole power; null where its digits do not fit into 128 bits. */
const unitsOfPower = `TRY(CASE WHEN ${places('$1')} * $2 <= 8 THEN ${digits} * CAST(pow(10, 8 - ${places('$1')} * CAST($2 AS INTEGER)) AS HUGEINT) WHEN ${places('$1')} * $2 <= 44 THEN ${named(`[${digits}, ${scaleOfPower}]`, 'd', rounded('d[1]', 'd[2]'))} END)`
const exactPower = named(unitsOfPower, 'u', inRange(`TRY(${ofUnits('u')})`))

/** Powers: exact while their digits fit, rounded once. https://cql.hl7.org/09-b-cqlreference.html#power */
export const powerTemplates = {
  powerInteger: integerPower('INTEGER'),
  powerLong: integerPower('BIGINT'),
  powerDecimal: `CASE WHEN $2 = 0 THEN CAST(1 AS DECIMAL(38, 8)) WHEN ${isWholePower} THEN ${exactPower} ELSE ${ofDouble('pow(CAST($1 AS DOUBLE), CAST($2 AS DOUBLE))')} END`,
  powerTooLong: `CASE WHEN ${isWholePower} THEN abs(pow(CAST($1 AS DOUBLE), CAST($2 AS DOUBLE))) < 2e28 AND (${unitsOfPower}) IS NULL ELSE false END`,
} as const
