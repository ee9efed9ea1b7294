/** A decimal where it is one of CQL's. */
export const inRange = (decimal: string): string =>
  `CASE WHEN abs(${decimal}) < CAST('10000000000000000000000000000' AS DECIMAL(38, 8)) THEN ${decimal} END`
/** A decimal as a whole count of 10^-8, so that products and quotients round once, half away from zero. */
export const units = (decimal: string): string =>
  `(CAST(trunc(${decimal}) AS HUGEINT) * 100000000 + CAST((${decimal} - trunc(${decimal})) * 100000000 AS HUGEINT))`
/** A count of 10^-8 as a decimal. */
export const ofUnits = (count: string): string =>
  `(CAST(${count} // 100000000 AS DECIMAL(38, 8)) + CAST(CAST(${count} % 100000000 AS INTEGER) * 0.00000001 AS DECIMAL(38, 8)))`
/** A whole quotient, rounded half away from zero. */
export const rounded = (dividend: string, divisor: string): string =>
  `((${dividend} + CASE WHEN (${dividend} < 0) = (${divisor} < 0) THEN abs(${divisor}) // 2 * sign(${divisor}) ELSE -(abs(${divisor}) // 2) * sign(${divisor}) END) // ${divisor})`
/** A floating-point result as a decimal of 8 places; null where it is none. */
export const ofDouble = (value: string): string =>
  `CASE WHEN isfinite(${value}) THEN TRY_CAST(round(${value}, 8) AS DECIMAL(38, 8)) END`

/** Staged: what a list comprehension of one element names, so that it is computed once. */
export const named = (value: string, name: string, body: string): string =>
  `list_transform([${value}], lambda ${name}: ${body})[1]`

const product = (left: string, right: string): string => {
  const [whole, part] = [
    (value: string) => `CAST(trunc(${value}) AS HUGEINT)`,
    (value: string) => `CAST((${value} - trunc(${value})) * 100000000 AS HUGEINT)`,
  ]
  const low = `(${part(left)} * ${part(right)})`
  return `TRY(${named(
    `${whole(left)} * ${units(right)} + ${part(left)} * ${whole(right)} + (${low} + 50000000 * sign(${low})) // 100000000`,
    'p',
    ofUnits('p'),
  )})`
}

const quotient = (left: string, right: string): string =>
  `CASE WHEN ${right} <> 0 THEN TRY(${named(`[${units(left)}, ${units(right)}]`, 'q', named(quotientUnits('q[1]', 'q[2]'), 'p', ofUnits('p')))}) END`

/** Long division: the whole part, then its rest scaled, so that no step leaves 128 bits. */
function quotientUnits(a: string, b: string): string {
  return `CASE WHEN abs(${a}) < 1000000000000000000000000000000
    THEN ${rounded(`(${a} * 100000000)`, b)}
    ELSE ${a} // ${b} * 100000000 + ${rounded(`(${a} % ${b} * 100000000)`, b)} END`
}

const foldedProduct = (type: string): string =>
  `CASE WHEN len($1) > 0 THEN list_reduce(list_transform($1, lambda x: CAST(x AS ${type})), lambda a, b: a * b) END`
/** Digits after the point without trailing zeros. */
export const places = (decimal: string): string => `length(rtrim(split_part(CAST(${decimal} AS VARCHAR), '.', 2), '0'))`
const roundedTo = (decimal: string, count: string): string =>
  `round(CAST(${decimal} AS DECIMAL(38, 8)) * CAST(pow(10, ${count}) AS BIGINT))`
const least = `least(${places('$1')}, ${places('$2')})`
const sameToLeastPlaces = `TRY(${roundedTo('$1', least)} = ${roundedTo('$2', least)})`

/**
 * The least or greatest decimal of $3 places that $1, written with $2, may stand for: away from zero it may reach to just
 * before the next at its own precision.
 */
function boundaryOf(side: 'low' | 'high'): string {
  const step = 'CAST(pow(10, 8 - $3) AS HUGEINT)'
  const outward = `$1 ${side === 'low' ? '< 0' : '>= 0'} AND $3 > $2`
  const reach = `CASE WHEN ${outward} THEN CAST(pow(10, 8 - $2) AS HUGEINT) - ${step} ELSE 0 END`
  const moved = named(
    `[${units('$1')}, ${step}, ${reach}]`,
    'b',
    named(`b[1] - b[1] % b[2] + CASE WHEN b[1] < 0 THEN -b[3] ELSE b[3] END`, 'p', ofUnits('p')),
  )
  return `CASE WHEN $3 BETWEEN 0 AND 8 THEN ${moved} END`
}

/** Numbers: what cannot be represented is null. https://cql.hl7.org/09-b-cqlreference.html#arithmetic-operators-4 */
export const numberTemplates = {
  addInteger: 'TRY_CAST(CAST($1 AS BIGINT) + $2 AS INTEGER)',
  subtractInteger: 'TRY_CAST(CAST($1 AS BIGINT) - $2 AS INTEGER)',
  multiplyInteger: 'TRY_CAST(CAST($1 AS BIGINT) * $2 AS INTEGER)',
  addLong: 'TRY_CAST(CAST($1 AS HUGEINT) + $2 AS BIGINT)',
  subtractLong: 'TRY_CAST(CAST($1 AS HUGEINT) - $2 AS BIGINT)',
  multiplyLong: 'TRY_CAST(CAST($1 AS HUGEINT) * $2 AS BIGINT)',
  addDecimal: inRange('($1 + $2)'),
  subtractDecimal: inRange('($1 - $2)'),
  multiplyDecimal: inRange(product('$1', '$2')),
  divideDecimal: inRange(quotient('$1', '$2')),
  truncatedQuotient: 'CASE WHEN $2 <> 0 THEN TRY_CAST(CAST($1 AS BIGINT) // $2 AS INTEGER) END',
  truncatedQuotientLong: 'CASE WHEN $2 <> 0 THEN TRY_CAST(CAST($1 AS HUGEINT) // $2 AS BIGINT) END',
  truncatedQuotientDecimal: `CASE WHEN $2 <> 0 THEN CAST(TRY(${units('$1')} // ${units('$2')}) AS DECIMAL(38, 8)) END`,
  remainder: 'CASE WHEN $2 <> 0 THEN $1 % $2 END',
  negateInteger: 'TRY_CAST(-CAST($1 AS BIGINT) AS INTEGER)',
  negateLong: 'TRY_CAST(-CAST($1 AS HUGEINT) AS BIGINT)',
  negateDecimal: '(-$1)',
  absoluteInteger: 'TRY_CAST(abs(CAST($1 AS BIGINT)) AS INTEGER)',
  absoluteLong: 'TRY_CAST(abs(CAST($1 AS HUGEINT)) AS BIGINT)',
  absoluteDecimal: 'abs($1)',
  ceiling: 'TRY_CAST(CAST(ceil($1) AS HUGEINT) AS INTEGER)',
  floor: 'TRY_CAST(CAST(floor($1) AS HUGEINT) AS INTEGER)',
  truncate: 'TRY_CAST(CAST(trunc($1) AS HUGEINT) AS INTEGER)',
  roundDecimal: `CASE WHEN $2 >= 8 THEN $1 ELSE TRY(${named(
    `[${units('$1')}, CAST(pow(10, 8 - $2) AS HUGEINT)]`,
    'r',
    named(`${rounded('r[1]', 'r[2]')} * r[2]`, 'p', ofUnits('p')),
  )}) END`,
  naturalLog: `CASE WHEN $1 > 0 THEN ${ofDouble('ln(CAST($1 AS DOUBLE))')} END`,
  exponential: `CASE WHEN $1 < 100 THEN ${ofDouble('exp(CAST($1 AS DOUBLE))')} END`,
  logarithm: `CASE WHEN $1 > 0 AND $2 > 0 AND $2 <> 1 THEN ${ofDouble('(ln(CAST($1 AS DOUBLE)) / ln(CAST($2 AS DOUBLE)))')} END`,
  squareRoot: `CASE WHEN $1 >= 0 THEN ${ofDouble('sqrt(CAST($1 AS DOUBLE))')} END`,
  logDouble: 'CASE WHEN $1 > 0 THEN ln(CAST($1 AS DOUBLE)) END',
  meanOfLogs: `CASE WHEN $2 > 0 THEN ${ofDouble('exp($1 / $2)')} END`,
  narrowInteger: 'TRY_CAST($1 AS INTEGER)',
  narrowLong: 'TRY_CAST($1 AS BIGINT)',
  narrowDecimal: inRange('$1'),
  productInteger: `TRY_CAST(TRY(${foldedProduct('HUGEINT')}) AS INTEGER)`,
  productLong: `TRY_CAST(TRY(${foldedProduct('HUGEINT')}) AS BIGINT)`,
  productDecimal: `TRY(CASE WHEN len($1) > 0 THEN list_reduce($1, lambda a, b: CAST(${product('a', 'b')} AS DECIMAL(38, 8))) END)`,
  placesOfDecimal: `greatest(1, ${places('$1')})`,
  lowerBoundary: boundaryOf('low'),
  upperBoundary: boundaryOf('high'),
  equivalentDecimals: sameToLeastPlaces,
  integerToLong: 'CAST($1 AS BIGINT)',
  integerToDecimal: 'CAST($1 AS DECIMAL(38, 8))',
  longToDecimal: 'CAST($1 AS DECIMAL(38, 8))',
  longToInteger: 'TRY_CAST($1 AS INTEGER)',
  booleanToInteger: 'CAST($1 AS INTEGER)',
  booleanToLong: 'CAST($1 AS BIGINT)',
  booleanToDecimal: 'CAST(CAST($1 AS INTEGER) AS DECIMAL(38, 8))',
  numberToBoolean: 'CASE WHEN $1 = 1 THEN true WHEN $1 = 0 THEN false END',
} as const
