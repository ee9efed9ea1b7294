/**
 * FHIR dates and times with the precision they were written in (http://hl7.org/fhir/R4/datatypes.html#dateTime).
 * `lo` and `hi` are the first and last millisecond that the text may mean, as a local wall clock; `offset_min` is
 * NULL where the text has none. Precision: 1 year, 2 month, 3 day, 5 minute, 6 second, 7 millisecond.
 * Each form has a branch of its own: the expressions stand a hundred times in one statement, so they are short.
 * Casts are TRY_CAST: DuckDB may run a branch over a vector's whole dictionary, rows of other forms included.
 */
const year = '([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])'
const dayOfMonth = '((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|[12][0-9]))'
const time = 'T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]+)?)?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])?'
const dateForm = `${year}(-(0[1-9]|1[0-2]|${dayOfMonth}))?`
const dateTimeForm = `${year}(-(0[1-9]|1[0-2]|${dayOfMonth}(${time})?))?`

const commonDay = '((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)'
const commonDate = `[12][0-9]{3}(-(0[1-9]|1[0-2]|${commonDay}))?`
const commonTime = 'T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,3})?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])'
const commonDateTime = `[12][0-9]{3}(-(0[1-9]|1[0-2]|${commonDay}(${commonTime})?))?`

/** Of the forms, only 29 February needs the calendar. */
const matches = (text: string, form: string): string =>
  `regexp_full_match(${text}, '${form}') AND (substr(${text}, 6, 5) <> '02-29' OR TRY_CAST(left(${text}, 10) AS DATE) IS NOT NULL)`

/**
 * A FHIR date as STRUCT(lo DATE, hi DATE, precision UTINYINT). Of a text that is none it means nothing, and need not be
 * NULL: that the text is none (`lossyDateSql`) makes the resource irregular, and asking twice has its price.
 */
export function dateSql(text: string): string {
  const start = `TRY_CAST(${text} || '-01-01' AS DATE)`
  const month = `TRY_CAST(${text} || '-01' AS DATE)`
  return `CASE WHEN ${text} IS NOT NULL THEN CASE length(${text})
    WHEN 10 THEN ${days(text, text, 3)}
    WHEN 7 THEN ${days(month, `last_day(${month})`, 2)}
    ELSE ${days(start, `${start} + INTERVAL 1 YEAR - INTERVAL 1 DAY`, 1)} END END`
}

/** The forms of a dateTime: each a power of two, its condition where none before it holds (the last has none), and what it means. */
const dateTimeForms = (text: string): readonly (readonly [form: number, when: string, value: string])[] => {
  const branch = (lo: string, width: string | undefined, precision: number) =>
    `struct_pack(lo := ${lo}, hi := ${width === undefined ? lo : `${lo} + INTERVAL ${width} - INTERVAL 1 MILLISECOND`},
      offset_min := ${precision <= 3 ? 'NULL' : offsetSql(text)}::SMALLINT, "precision" := ${precision}::UTINYINT)`
  return [
    [
      1,
      `length(${text}) > 10 AND substr(${text}, 20, 1) = '.'`,
      branch(at(`left(${text}, 20) || rpad(left(${digits(text)}, 3), 3, '0')`), undefined, 7),
    ],
    [2, `length(${text}) > 10 AND substr(${text}, 17, 1) = ':'`, branch(at(`left(${text}, 19)`), '1 SECOND', 6)],
    [4, `length(${text}) > 10`, branch(at(`left(${text}, 16) || ':00'`), '1 MINUTE', 5)],
    [8, `length(${text}) = 10`, branch(at(text), '1 DAY', 3)],
    [16, `length(${text}) = 7`, branch(at(`${text} || '-01'`), '1 MONTH', 2)],
    [32, 'true', branch(at(`${text} || '-01-01'`), '1 YEAR', 1)],
  ]
}

const allForms = 63

/** The form of a dateTime as a power of two; NULL of NULL. Values of several rows have the sum (`bit_or`) of theirs. */
export function formsSql(text: string): string {
  const whens = dateTimeForms(text).map(([form, when]) => `WHEN ${when} THEN ${form}`)
  return `CASE WHEN ${text} IS NULL THEN NULL ${whens.join(' ')} END`
}

/**
 * A FHIR dateTime or instant as STRUCT(lo, hi, offset_min, precision); of a text that is none as `dateSql`. All texts are of these
 * forms (`formsSql`): of others nothing is said.
 */
export function dateTimeSql(text: string, forms = allForms): string {
  const said = dateTimeForms(text).filter(([form]) => (forms & form) !== 0)
  const whens = said.slice(0, -1).map(([, when, value]) => `WHEN ${when} THEN ${value}`)
  const last = said.at(-1)?.[2] ?? 'NULL'
  return `CASE WHEN ${text} IS NOT NULL THEN ${
    whens.length === 0
      ? last
      : `CASE ${whens.join('\n    ')}
    ELSE ${last} END`
  } END`
}

/** True where the text cannot be held: not a date of the calendar, or finer than a millisecond. Never NULL. */
export function lossyDateTimeSql(text: string): string {
  return `CASE WHEN ${text} IS NULL THEN false ELSE NOT (${matches(text, dateTimeForm)})
    OR substr(${text}, 20, 1) = '.' AND regexp_matches(${fraction(text)}, '^[0-9]{3}[0-9]*[1-9]') END`
}

/** True for every text that `lossyDateTimeSql` is true for, and for a few more (29 February). Never NULL, and quick. */
export function oddDateTimeSql(text: string): string {
  return `coalesce(NOT regexp_full_match(${text}, '${commonDateTime}'), false)`
}

/** The same for `lossyDateSql`. */
export function oddDateSql(text: string): string {
  return `coalesce(NOT regexp_full_match(${text}, '${commonDate}'), false)`
}

/** True where the text is no FHIR date. Never NULL. */
export function lossyDateSql(text: string): string {
  return `CASE WHEN ${text} IS NULL THEN false ELSE NOT (${matches(text, dateForm)}) END`
}

const days = (lo: string, hi: string, precision: number): string =>
  `struct_pack(lo := TRY_CAST(${lo} AS DATE), hi := TRY_CAST(${hi} AS DATE), "precision" := ${precision}::UTINYINT)`

const at = (moment: string): string => `TRY_CAST(${moment} AS TIMESTAMP)`

/** The digits of a second's fraction. */
const digits = (text: string): string =>
  `split_part(split_part(split_part(substr(${text}, 21), 'Z', 1), '+', 1), '-', 1)`

const fraction = (text: string): string => `regexp_extract(${text}, '\\.([0-9]+)', 1)`

function offsetSql(text: string): string {
  return `CASE WHEN ends_with(${text}, 'Z') THEN 0 WHEN substr(${text}, -3, 1) = ':' AND substr(${text}, -6, 1) IN ('+', '-')
    THEN TRY_CAST(substr(${text}, -6, 3) AS SMALLINT) * 60 + TRY_CAST(substr(${text}, -6, 1) || right(${text}, 2) AS SMALLINT) END`
}
