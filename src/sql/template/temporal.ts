/** Widths of the fields by precision: 1 year, 2 month, 3 day, 4 hour, 5 minute, 6 second, 7 millisecond. */
const width =
  'CASE $3 WHEN 1 THEN INTERVAL 1 YEAR WHEN 2 THEN INTERVAL 1 MONTH WHEN 3 THEN INTERVAL 1 DAY WHEN 4 THEN INTERVAL 1 HOUR WHEN 5 THEN INTERVAL 1 MINUTE WHEN 6 THEN INTERVAL 1 SECOND ELSE INTERVAL 1 MILLISECOND END'

const truncated = (moment: string): string => `date_trunc($3, ${moment})`
const shifted = (point: string, moment: 'lo' | 'hi', now: string): string =>
  `((${point}).${moment} + to_minutes(CAST(${now} - coalesce((${point}).offset_min, ${now}) AS INTEGER)))`
const plain = (point: string, moment: 'lo' | 'hi'): string => `(${point}).${moment}`
const hours = 'least(($1)."precision", ($2)."precision") >= 4'

/** Field by field: an order that both spans of moments agree on; the same where both are equally precise. */
function compare(of: (point: string, moment: 'lo' | 'hi') => string, alike: string): string {
  return `CASE WHEN ${of('$1', 'hi')} < ${of('$2', 'lo')} THEN -1 WHEN ${of('$1', 'lo')} > ${of('$2', 'hi')} THEN 1 WHEN ${alike} THEN 0 END`
}
/** The same without a precision: seconds and milliseconds are one decimal, so that 08:00:00 is 08:00:00.000. */
function compareWhole(of: (point: string, moment: 'lo' | 'hi') => string): string {
  const first = [of('$1', 'lo'), of('$2', 'lo')] as const
  const exact = `CASE WHEN ${first[0]} < ${first[1]} THEN -1 WHEN ${first[0]} > ${first[1]} THEN 1 ELSE 0 END`
  return `CASE WHEN ($1)."precision" >= 6 AND ($2)."precision" >= 6 THEN ${exact} ELSE ${compare(of, equallyPrecise)} END`
}
const equallyPrecise = '($1)."precision" = ($2)."precision"'
const preciseEnough = '($1)."precision" >= $4 AND ($2)."precision" >= $4'

const dateText = "split_part($1, 'T', 1)"
const clockText = "regexp_extract($1, 'T([0-9:.]*)', 1)"
const timeText = "regexp_extract($1, '^T?([0-9:.]+)', 1)"
const datePattern = '[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?'
const clockPattern = '[0-9]{2}(:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?)?(Z|[+-][0-9]{2}:[0-9]{2})?'
const paddedDate = `(${dateText} || substr('0001-01-01', length(${dateText}) + 1))`
const padded = (clock: string): string => `left(${clock} || substr('00:00:00.000', length(${clock}) + 1), 12)`
const datePrecision = (text: string): string => `CASE length(${text}) WHEN 4 THEN 1 WHEN 7 THEN 2 ELSE 3 END`
const clockPrecision = (text: string): string =>
  `CASE length(${text}) WHEN 2 THEN 4 WHEN 5 THEN 5 WHEN 8 THEN 6 ELSE 7 END`
const offsetText = "regexp_extract($1, 'T.*(Z|[+-][0-9]{2}:[0-9]{2})$', 1)"
const isMoment = `(regexp_full_match($1, '${datePattern}T?') OR regexp_full_match($1, '[0-9]{4}-[0-9]{2}-[0-9]{2}T${clockPattern}'))`

const years = "('year', 'years', 'a')"
const months = "('month', 'months', 'mo')"
const milliseconds: readonly (readonly [string, number, number])[] = [
  ["('week', 'weeks', 'wk')", 604_800_000, 3],
  ["('day', 'days', 'd')", 86_400_000, 3],
  ["('hour', 'hours', 'h')", 3_600_000, 4],
  ["('minute', 'minutes', 'min')", 60_000, 5],
  ["('second', 'seconds', 's')", 1000, 6],
  ["('millisecond', 'milliseconds', 'ms')", 1, 7],
]
const pick = (of: (entry: (typeof milliseconds)[number]) => number): string =>
  milliseconds.map((entry) => `WHEN $1 IN ${entry[0]} THEN ${of(entry)}`).join(' ')

const monthCount = 'CAST($3 * $4 AS BIGINT)'
const span = 'CASE $2 WHEN 3 THEN 86400000 WHEN 4 THEN 3600000 WHEN 5 THEN 60000 WHEN 6 THEN 1000 ELSE 1 END'

const textOf = (point: string): string => `CAST((${point}).lo AS VARCHAR)`
const withMilliseconds = (point: string): string =>
  `(left(${textOf(point)}, 19) || '.' || strftime((${point}).lo, '%g'))`
const isoMoment = `CASE ($1)."precision" WHEN 1 THEN left(${textOf('$1')}, 4) WHEN 2 THEN left(${textOf('$1')}, 7) WHEN 3 THEN left(${textOf('$1')}, 10) WHEN 4 THEN left(${textOf('$1')}, 13) WHEN 5 THEN left(${textOf('$1')}, 16) WHEN 6 THEN left(${textOf('$1')}, 19) WHEN 7 THEN ${withMilliseconds('$1')} END`
const offsetOut =
  "CASE WHEN ($1).\"precision\" >= 4 AND ($1).offset_min <> $2 THEN CASE WHEN ($1).offset_min < 0 THEN '-' ELSE '+' END || lpad(CAST(abs(($1).offset_min) // 60 AS VARCHAR), 2, '0') || ':' || lpad(CAST(abs(($1).offset_min) % 60 AS VARCHAR), 2, '0') ELSE '' END"

const sinceMonthBegan = (moment: string) => `(${moment} - date_trunc('month', ${moment}))`

/** Months that end on the same day and time, or the day after where there is none: 31 January to 28 February is none. */
function wholeMonths(from: string, to: string): string {
  return `date_diff('month', ${from}, ${to}) - CASE WHEN ${sinceMonthBegan(to)} < ${sinceMonthBegan(from)} THEN 1 ELSE 0 END`
}

/** Dates and times: the first and last moment that is meant, on a wall clock with its offset, and the precision. */
export const temporalTemplates = {
  compareDates: compareWhole(plain),
  compareDateTimes: `CASE WHEN ${hours} THEN ${compareWhole((point, moment) => shifted(point, moment, '$3'))} ELSE ${compare(plain, equallyPrecise)} END`,
  compareAt: compare((point, moment) => truncated(plain(point, moment)), preciseEnough),
  compareAtClock: `CASE WHEN ${hours} THEN ${compare((point, moment) => truncated(shifted(point, moment, '$5')), preciseEnough)} ELSE ${compare((point, moment) => truncated(plain(point, moment)), preciseEnough)} END`,
  temporalOf: `CASE WHEN $1 IS NOT NULL THEN struct_pack(lo := $1, hi := $1 + ${width} - INTERVAL 1 MILLISECOND, offset_min := CAST($2 AS SMALLINT), "precision" := CAST($3 AS UTINYINT)) END`,
  floorTo:
    "CASE $2 WHEN 1 THEN date_trunc('year', $1) WHEN 2 THEN date_trunc('month', $1) WHEN 3 THEN date_trunc('day', $1) WHEN 4 THEN date_trunc('hour', $1) WHEN 5 THEN date_trunc('minute', $1) WHEN 6 THEN date_trunc('second', $1) ELSE $1 END",
  moment: '($1).lo',
  momentAt: 'date_trunc($2, $1)',
  momentOnClock: '($1 + to_minutes(CAST($2 - $3 AS INTEGER)))',
  nextMoment: '($1 + INTERVAL 1 MILLISECOND)',
  momentBefore: '($1 - INTERVAL 1 MILLISECOND)',
  outOfCalendar: "($1 NOT BETWEEN TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-31 23:59:59.999')",
  outOfDay: "($1 NOT BETWEEN TIMESTAMP '1970-01-01' AND TIMESTAMP '1970-01-01 23:59:59.999')",
  wrapDay: "(TIMESTAMP '1970-01-01' + ($1 - date_trunc('day', $1)))",
  timeOfDay: "(TIMESTAMP '1970-01-01' + ($1 - date_trunc('day', $1)))",
  clock: 'CASE WHEN $3 >= 4 THEN $1 + to_minutes(CAST($4 - coalesce($2, $4) AS INTEGER)) ELSE $1 END',
  instant:
    'CASE WHEN $1 IS NOT NULL THEN struct_pack(moment := CASE WHEN ($1)."precision" >= 4 THEN ($1).lo - to_minutes(CAST(coalesce(($1).offset_min, $2) AS INTEGER)) ELSE ($1).lo END, "precision" := CASE WHEN ($1)."precision" = 6 THEN 7 ELSE ($1)."precision" END) END',
  sortKey:
    'CASE WHEN $1 IS NOT NULL THEN struct_pack(moment := CASE WHEN ($1)."precision" >= 4 THEN ($1).lo - to_minutes(CAST(coalesce(($1).offset_min, $2) AS INTEGER)) ELSE ($1).lo END, "precision" := ($1)."precision") END',
  monthsBetween: `TRY_CAST(CASE WHEN $1 <= $2 THEN ${wholeMonths('$1', '$2')} ELSE -(${wholeMonths('$2', '$1')}) END AS INTEGER)`,
  periodsBetween: 'TRY_CAST(date_sub($3, $1, $2) AS INTEGER)',
  boundariesBetween:
    "TRY_CAST(CASE WHEN $3 = 'week' THEN date_sub('week', date_trunc('day', $1), date_trunc('day', $2)) ELSE date_diff($3, $1, $2) END AS INTEGER)",
  dateFields:
    'CASE WHEN $1 BETWEEN 1 AND 9999 THEN TRY(make_timestamp($1, coalesce($2, 1), coalesce($3, 1), 0, 0, 0)) END',
  timeFields:
    "CASE WHEN $1 BETWEEN 0 AND 23 AND coalesce($2, 0) BETWEEN 0 AND 59 AND coalesce($3, 0) BETWEEN 0 AND 59 AND coalesce($4, 0) BETWEEN 0 AND 999 THEN TIMESTAMP '1970-01-01' + to_milliseconds((($1 * 60 + coalesce($2, 0)) * 60 + coalesce($3, 0)) * 1000 + coalesce($4, 0)) END",
  dateTimeFields:
    'CASE WHEN $1 BETWEEN 1 AND 9999 AND coalesce($4, 0) BETWEEN 0 AND 23 AND coalesce($5, 0) BETWEEN 0 AND 59 AND coalesce($6, 0) BETWEEN 0 AND 59 AND coalesce($7, 0) BETWEEN 0 AND 999 THEN TRY(make_timestamp($1, coalesce($2, 1), coalesce($3, 1), 0, 0, 0)) + to_milliseconds(((coalesce($4, 0) * 60 + coalesce($5, 0)) * 60 + coalesce($6, 0)) * 1000 + coalesce($7, 0)) END',
  temporalField:
    "CASE WHEN $2 >= $4 THEN CAST(date_part($3, $1) % CASE WHEN $3 = 'millisecond' THEN 1000 ELSE 100000 END AS INTEGER) END",
  offsetHours:
    'CASE WHEN $1 IS NOT NULL THEN CAST(CAST(CAST(coalesce($2, $3) AS BIGINT) * 100000000 // 60 AS BIGINT) * 0.00000001 AS DECIMAL(38, 8)) END',
  offsetMinutes: 'CASE WHEN $1 IS NULL THEN $2 ELSE CAST(round($1 * 60) AS INTEGER) END',
  monthsOfUnit: `CASE WHEN $1 IN ${years} THEN 12 WHEN $1 IN ${months} THEN 1 END`,
  millisecondsOfUnit: `CAST(CASE ${pick((entry) => entry[1])} END AS BIGINT)`,
  fieldOfUnit: `CASE WHEN $1 IN ${years} THEN 1 WHEN $1 IN ${months} THEN 2 ${pick((entry) => entry[2])} END`,
  isNoTimeUnit: `($1 NOT IN ${years} AND $1 NOT IN ${months} AND ${milliseconds.map(([names]) => `$1 NOT IN ${names}`).join(' AND ')})`,
  isMonthUnit: `($1 IN ${years} OR $1 IN ${months})`,
  wholeAmount: '(CASE WHEN $2 >= 6 THEN $1 ELSE trunc($1) END * $3)',
  wholeMilliseconds: 'TRY_CAST(trunc($1 * $2) AS BIGINT)',
  moveMonths: `TRY($1 + to_months(CAST(CASE WHEN $2 = 1 THEN ${monthCount} // 12 * 12 ELSE ${monthCount} END AS INTEGER)))`,
  moveMilliseconds: `TRY(CASE WHEN $2 >= $5 OR $2 = CASE WHEN $3 = 'Date' THEN 3 ELSE 7 END THEN CASE WHEN $3 = 'Date' THEN $1 + to_days(CAST($4 // 86400000 AS INTEGER)) ELSE $1 + to_milliseconds($4) END
    WHEN $2 >= 3 THEN $1 + to_milliseconds($4 // ${span} * ${span})
    WHEN $2 = 1 THEN $1 + to_months(CAST($4 // 86400000 // 365 * 12 AS INTEGER)) ELSE $1 + to_months(CAST($4 // 86400000 // 30 AS INTEGER)) END)`,
  least: 'least($1, $2)',
  dateOfColumn:
    'CASE WHEN $1 IS NOT NULL THEN struct_pack(lo := CAST(($1).lo AS TIMESTAMP), hi := CAST(($1).hi AS TIMESTAMP) + INTERVAL 1 DAY - INTERVAL 1 MILLISECOND, offset_min := CAST(NULL AS SMALLINT), "precision" := ($1)."precision") END',
  dateOfText: `CASE WHEN regexp_full_match($1, '${datePattern}') THEN TRY_CAST(${paddedDate} AS TIMESTAMP) END`,
  datePrecisionOfText: datePrecision('$1'),
  momentOfText: `CASE WHEN ${isMoment} THEN TRY_CAST(${paddedDate} || ' ' || ${padded(clockText)} AS TIMESTAMP) END`,
  precisionOfText: `CASE WHEN length(${clockText}) = 0 THEN ${datePrecision(dateText)} ELSE ${clockPrecision(clockText)} END`,
  offsetOfText: `CASE ${offsetText} WHEN '' THEN $2 WHEN 'Z' THEN 0 ELSE CAST(left(${offsetText}, 3) AS INTEGER) * 60 + CAST(left(${offsetText}, 1) || right(${offsetText}, 2) AS INTEGER) END`,
  timeOfText: `CASE WHEN regexp_full_match($1, 'T?${clockPattern}') THEN TRY_CAST('1970-01-01 ' || ${padded(timeText)} AS TIMESTAMP) END`,
  timePrecisionOfText: clockPrecision(timeText),
  dateToText: isoMoment,
  timeToText: `substr(${isoMoment}, 12)`,
  dateTimeToText: `(replace(${isoMoment}, ' ', 'T') || ${offsetOut})`,
  digitsOfTemporal: `CASE WHEN $2 = 'Time' THEN CASE ($1)."precision" WHEN 4 THEN 2 WHEN 5 THEN 4 WHEN 6 THEN 6 WHEN 7 THEN 9 END
    ELSE CASE ($1)."precision" WHEN 1 THEN 4 WHEN 2 THEN 6 WHEN 3 THEN 8 WHEN 4 THEN 10 WHEN 5 THEN 12 WHEN 6 THEN 14 WHEN 7 THEN 17 END END`,
  precisionOfDigits: `CASE WHEN $2 = 'Time' THEN CASE coalesce($1, 9) WHEN 2 THEN 4 WHEN 4 THEN 5 WHEN 6 THEN 6 WHEN 9 THEN 7 END
    ELSE CASE coalesce($1, CASE WHEN $2 = 'Date' THEN 8 ELSE 17 END) WHEN 4 THEN 1 WHEN 6 THEN 2 WHEN 8 THEN 3 WHEN 10 THEN 4 WHEN 12 THEN 5 WHEN 14 THEN 6 WHEN 17 THEN 7 END END`,
} as const
