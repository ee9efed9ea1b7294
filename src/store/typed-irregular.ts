import type { Field, FieldOption, Shape } from '../fhir/index.ts'
import { lossyDateSql, lossyDateTimeSql, oddDateSql, oddDateTimeSql } from './typed-date.ts'
import { holdsParts } from './typed-value.ts'

/**
 * SQL of a truth: whether the columns may not be able to represent the resource, as far as `wrongSql` does not say so and
 * without what lies within lists of structures. Never misses one, finds a few too many, and is quick. From the
 * shredded keys (`r."key"`); undefined where nothing can be odd.
 */
export function oddSql(fields: readonly Field[]): string | undefined {
  const checks = fields
    .filter((field) => !holdsParts(field))
    .flatMap((field) => [
      ...(field.repeats ? [] : field.options.flatMap((option) => wrongJson(field, option, [], quickRules))),
      ...lossyField(field, 'r', 0, quickRules),
    ])
  return checks.length === 0 ? undefined : anyOf(checks)
}

/**
 * SQL of what only the line can tell: an extension in a primitive's place, or no list where one belongs. From `k_raw`,
 * `k_kinds` (the JSON type of each of `listKeys(fields, false)`) and the text of lists of structures (`r."key"`).
 */
export function wrongSql(fields: readonly Field[]): string {
  const lists = listKeys(fields, false)
  const parts = fields.filter(holdsParts).flatMap(({ options }) => options)
  return anyOf([
    underscored,
    ...lists.map((_, index) => wrongKind(index)),
    ...parts.map(({ key }) => `coalesce(left(CAST(r."${key}" AS VARCHAR), 1) <> '[', false)`),
  ])
}

/** The same as `oddSql` of what lies within a list of structures; undefined where nothing can be odd. */
export function oddPartsSql(field: Field): string | undefined {
  const checks = lossyField(field, 'r', 0, quickRules)
  return checks.length === 0 ? undefined : anyOf(checks)
}

/**
 * SQL of the names of the top elements that columns cannot represent, NULL where there is none, from all keys (`r."key"`),
 * `k_raw`, `k_kinds` (of `listKeys(fields, true)`) and `k_hidden` (`hiddenSql`). Slow: for odd rows.
 */
export function exactIrregularSql(fields: readonly Field[]): string {
  const lists = listKeys(fields, true)
  const named = fields.flatMap((field) => {
    const keys = primitiveKeys([field]).map((key) => `'${key}'`)
    const hidden = keys.length === 0 ? [] : [`list_has_any(k_hidden, [${keys.join(', ')}])`]
    const checks = [...fieldChecks(field, lists, exactRules), ...hidden]
    return checks.length === 0 ? [] : [`CASE WHEN ${checks.join(' OR ')} THEN '${field.name}' END`]
  })
  return `nullif(list_filter(CAST([${named.join(', ')}] AS VARCHAR[]), lambda n: n IS NOT NULL), [])`
}

/** SQL of the primitives, at any depth, that have an extension in their place. */
export const hiddenSql = (): string =>
  `CASE WHEN ${underscored} THEN regexp_extract_all(k_raw, '"_([A-Za-z0-9]+)"\\s*:', 1) ELSE CAST([] AS VARCHAR[]) END`

/** A primitive's extension, `"_birthDate"`. The search for the rarer letter alone is many times faster. */
const underscored = `(contains(k_raw, '_') AND contains(k_raw, '"_'))`

/**
 * The JSON keys of lists, those of structures too or not: their JSON type is read beside the structure, for an object in
 * its place leaves no trace.
 */
export function listKeys(fields: readonly Field[], withParts: boolean): string[] {
  return fields
    .filter((field) => field.repeats && (withParts || !holdsParts(field)))
    .flatMap((field) => field.options.map((option) => option.key))
}

const wrongKind = (index: number): string => `coalesce(k_kinds[${index + 1}] NOT IN ('ARRAY', 'NULL'), false)`

/** Conditions, never NULL, on a value of a datatype. */
interface Rules {
  boolean(text: string): string
  integer(text: string): string
  decimal(text: string): string
  date(text: string): string
  dateTime(text: string): string
  /** A structure whose first child is missing: it may be no object at all. */
  empty(key: string, child: string): string
  /** Text that begins as a list or an object does. */
  bracketed(key: string): string
}

const notBoolean = (text: string): string => `coalesce(${text} NOT IN ('true', 'false'), false)`

const exactRules: Rules = {
  boolean: notBoolean,
  integer: (text) => `(${text} IS NOT NULL AND CAST(TRY_CAST(${text} AS INTEGER) AS VARCHAR) IS DISTINCT FROM ${text})`,
  decimal: lossyDecimalSql,
  date: lossyDateSql,
  dateTime: lossyDateTimeSql,
  empty: (key, child) =>
    `(r."${key}" IS NOT NULL AND r."${key}"."${child}" IS NULL AND json_type(k_raw, '$.${key}') <> 'OBJECT')`,
  bracketed: (key) =>
    `(coalesce(left(r."${key}", 1) IN ('[', '{'), false) AND json_type(k_raw, '$.${key}') IN ('ARRAY', 'OBJECT'))`,
}

/** True for more than the exact rules. No CASE, AND or OR on a structure's child: DuckDB cuts all its columns for them. */
const quickRules: Rules = {
  boolean: notBoolean,
  integer: (text) => `coalesce(NOT regexp_full_match(${text}, '0|-?[1-9][0-9]{0,8}'), false)`,
  decimal: (text) => `coalesce(NOT regexp_full_match(${text}, '-?[0-9]{1,6}(\\.[0-9]{1,8})?'), false)`,
  date: oddDateSql,
  dateTime: oddDateTimeSql,
  empty: (key, child) => `CAST(r."${key}" IS NOT NULL AS INTEGER) > CAST(r."${key}"."${child}" IS NOT NULL AS INTEGER)`,
  bracketed: (key) => `coalesce(left(r."${key}", 1) IN ('[', '{'), false)`,
}

function fieldChecks(field: Field, lists: readonly string[], rules: Rules): string[] {
  return [
    ...field.options.flatMap((option) => wrongJson(field, option, lists, rules)),
    ...lossyField(field, 'r', 0, rules),
  ]
}

/** An object where a list belongs, a list where an object belongs, either where text belongs. */
function wrongJson(field: Field, { key, shape, empty }: FieldOption, lists: readonly string[], rules: Rules): string[] {
  if (field.repeats) return [wrongKind(lists.indexOf(key))]
  if (empty === true) return []
  if (isPrimitive(shape)) return [rules.bracketed(key)]
  const first = firstChild(shape)
  return first === undefined ? [] : [rules.empty(key, first)]
}

/** from_json makes a structure of nulls of what is no object: where this child is there, it was one. */
function firstChild(shape: Shape): string | undefined {
  switch (shape.kind) {
    case 'concept':
      return 'coding'
    case 'reference':
      return 'reference'
    case 'quantity':
      return 'value'
    case 'structure':
      return shape.fields[0]?.options[0]?.key
    default:
      return undefined
  }
}

function lossyField(field: Field, owner: string, depth: number, rules: Rules): string[] {
  const options = field.options.filter(({ empty }) => empty !== true)
  const each = options.flatMap((option) => {
    const value = `${owner}."${option.key}"`
    if (!field.repeats) return lossy(option.shape, value, depth, rules)
    const item = `w${depth}`
    const checks = lossy(option.shape, item, depth + 1, rules)
    return checks.length === 0
      ? []
      : [
          `CASE WHEN ${value} IS NULL THEN false ELSE len(list_filter(${value}, lambda ${item}: ${anyOf(checks)})) > 0 END`,
        ]
  })
  if (!field.choice || options.length < 2) return each
  const filled = options.map((option) => `CAST(${owner}."${option.key}" IS NOT NULL AS INTEGER)`)
  return [...each, `${filled.join(' + ')} > 1`]
}

function lossy(shape: Shape, value: string, depth: number, rules: Rules): string[] {
  switch (shape.kind) {
    case 'boolean':
    case 'integer':
    case 'decimal':
    case 'date':
    case 'dateTime':
      return [rules[shape.kind](value)]
    case 'quantity':
      return [rules.decimal(`${value}."value"`)]
    case 'reference':
      return [`coalesce(starts_with(${value}.reference, '#'), false)`]
    case 'opaque':
      return shape.onlyWhereRead === true ? [] : [`${value} IS NOT NULL`]
    case 'structure':
      return shape.fields.flatMap((field) => lossyField(field, value, depth, rules))
    default:
      return []
  }
}

/** True where one of the conditions is, none of them ever NULL; every one is evaluated on every row, which is quicker. */
function anyOf(conditions: readonly string[]): string {
  if (conditions.length <= 1) return conditions[0] ?? 'false'
  return `${conditions.map((condition) => `CAST(${condition} AS INTEGER)`).join(' + ')} > 0`
}

/**
 * Out of DECIMAL(18,8), written with an exponent, or large enough to have lost digits where the raw text shows more than 15:
 * DuckDB's JSON reader and JavaScript's both go through a double, but of whole numbers. What is finer than eight places is
 * rounded to these in the column as it is everywhere.
 */
function lossyDecimalSql(text: string): string {
  const number = `TRY_CAST(${text} AS DECIMAL(18, 8))`
  return `(${text} IS NOT NULL AND (${number} IS NULL OR regexp_matches(${text}, '[eE]')
    OR abs(${number}) >= 10000000 AND regexp_matches(k_raw, '[0-9][0-9.]{15}')))`
}

function primitiveKeys(fields: readonly Field[]): string[] {
  const keys = fields.flatMap((field) =>
    field.options.flatMap(({ key, shape }) => {
      if (shape.kind === 'structure') return primitiveKeys(shape.fields)
      if (shape.kind === 'quantity') return ['value', 'comparator', 'unit', 'system', 'code']
      if (shape.kind === 'reference') return ['reference']
      if (shape.kind === 'concept' || shape.kind === 'coding') return ['system', 'code', 'version', 'display']
      return isPrimitive(shape) ? [key] : []
    }),
  )
  return [...new Set(keys)]
}

const isPrimitive = (shape: Shape): boolean =>
  ['text', 'boolean', 'integer', 'decimal', 'date', 'dateTime'].includes(shape.kind)
