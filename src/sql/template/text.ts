import { inRange, named, places } from './number.ts'

const truths = "('true', 't', 'yes', 'y', '1')"
const falsehoods = "('false', 'f', 'no', 'n', '0')"

/** Texts. https://cql.hl7.org/09-b-cqlreference.html#string-operators-3 */
export const textTemplates = {
  concatenate: '($1 || $2)',
  lengthOfText: 'CAST(length($1) AS INTEGER)',
  lower: 'lower($1)',
  upper: 'upper($1)',
  startsWith: 'starts_with($1, $2)',
  endsWith: 'suffix($1, $2)',
  positionOf: 'CAST(instr($2, $1) - 1 AS INTEGER)',
  lastPositionOf:
    'CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL WHEN contains($2, $1) THEN CAST(length($2) - length($1) - instr(reverse($2), reverse($1)) + 1 AS INTEGER) ELSE -1 END',
  substring:
    'CASE WHEN $1 IS NULL OR $2 IS NULL OR $2 < 0 OR $2 > length($1) OR ($2 = length($1) AND length($1) > 0) THEN NULL WHEN $3 IS NULL THEN substr($1, $2 + 1) ELSE substr($1, $2 + 1, greatest($3, 0)) END',
  characterAt: 'CASE WHEN $2 >= 0 AND $2 < length($1) THEN substr($1, $2 + 1, 1) END',
  matches: "regexp_full_match($1, $2, 's')",
  // `$1` names a group and `\$` is a dollar; RE2 names a group `\1`.
  replaceMatches: String.raw`regexp_replace($1, $2, replace(regexp_replace(replace($3, '\$', chr(1)), '[$]([0-9])', '\\\1', 'g'), chr(1), '$'), 'g')`,
  split: 'CASE WHEN $1 IS NULL THEN NULL WHEN $2 IS NULL THEN [$1] ELSE string_split($1, $2) END',
  splitOnMatches: 'regexp_split_to_array($1, $2)',
  characters: "CASE WHEN $1 = '' THEN CAST([] AS VARCHAR[]) ELSE string_split($1, '') END",
  foldText: "lower(regexp_replace($1, '\\s+', ' ', 'g'))",
  joinTexts: 'CASE WHEN len($1) > 0 THEN list_reduce($1, lambda a, b: a || $2 || b) END',
  textToBoolean: `CASE WHEN lower($1) IN ${truths} THEN true WHEN lower($1) IN ${falsehoods} THEN false END`,
  textToInteger: "CASE WHEN regexp_full_match($1, '[+-]?[0-9]+') THEN TRY_CAST($1 AS INTEGER) END",
  textToLong: "CASE WHEN regexp_full_match($1, '[+-]?[0-9]+L?') THEN TRY_CAST(rtrim($1, 'L') AS BIGINT) END",
  textToDecimal: `CASE WHEN regexp_full_match($1, '[+-]?[0-9]+(\\.[0-9]+)?') THEN ${inRange('TRY_CAST($1 AS DECIMAL(38, 8))')} END`,
  booleanToText: 'CAST($1 AS VARCHAR)',
  numberToText: 'CAST($1 AS VARCHAR)',
  decimalToText: `CASE WHEN $1 IS NOT NULL THEN rtrim(left(CAST($1 AS VARCHAR), length(CAST($1 AS VARCHAR)) - 8 + greatest($2, $3, ${places('$1')})), '.') END`,
  unitToText:
    "CASE WHEN $1 IN ('year', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond') THEN ' ' || $1 ELSE ' ''' || $1 || '''' END",
  placesOfText: "least(8, length(split_part($1, '.', 2)))",
  textToQuantity: quantityOfText('$1'),
  textToRatio: `CASE WHEN length($1) - length(replace($1, ':', '')) = 1 THEN ${named(
    `[${quantityOfText("split_part($1, ':', 1)")}, ${quantityOfText("split_part($1, ':', 2)")}]`,
    'q',
    'CASE WHEN q[1] IS NOT NULL AND q[2] IS NOT NULL THEN struct_pack(numerator := q[1], denominator := q[2]) END',
  )} END`,
} as const

/** Null where the text is no quantity, and where its magnitude is out of range. */
function quantityOfText(text: string): string {
  const made = quantityIn(text)
  return `CASE WHEN (${made})."value" IS NOT NULL THEN ${made} END`
}

function quantityIn(text: string): string {
  const pattern =
    "'([+-]?[0-9]+(?:\\.[0-9]+)?)\\s*(?:''([^'']*)''|(years?|months?|weeks?|days?|hours?|minutes?|seconds?|milliseconds?))?'"
  const group = (index: number) => `regexp_extract(trim(${text}), ${pattern}, ${index})`
  const unit = `CASE WHEN ${group(3)} <> '' THEN rtrim(${group(3)}, 's') WHEN contains(${text}, '''') THEN ${group(2)} ELSE '1' END`
  return `CASE WHEN regexp_full_match(trim(${text}), ${pattern}) THEN struct_pack("value" := ${inRange(`TRY_CAST(${group(1)} AS DECIMAL(38, 8))`)}, unit := ${unit}) END`
}
