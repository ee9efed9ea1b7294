import type { Field, FieldOption, Shape } from '../fhir/index.ts'
import { lossyDateSql, lossyDateTimeSql } from './typed-date.ts'

/**
 * SQL of the names of the top elements that columns cannot represent, NULL where there is none. From `r` (the shredded
 * structure), `kinds` (JSON type per key of `listKeys`) and `raw`.
 */
export function irregularSql(fields: readonly Field[]): string {
  const lists = listKeys(fields)
  const checks = fields.map((field): [string, string] => [
    field.name,
    [...field.options.flatMap((option) => wrongJsonSql(field, option, lists)), ...lossyFieldSql(field, 'r', 0)].join(
      ' OR ',
    ),
  ])
  const some = checks.filter(([, sql]) => sql !== '')
  const named = some.map(([name, sql]) => `CASE WHEN ${sql} THEN '${name}' END`)
  const hidden = `CASE WHEN contains(raw, '"_') THEN list_transform(
    list_filter(regexp_extract_all(raw, '"_([A-Za-z]+)"\\s*:', 1), lambda n: list_contains([${primitiveKeys(fields)
      .map((key) => `'${key}'`)
      .join(', ')}], n)), lambda n: '_' || n) ELSE [] END`
  return `CASE WHEN contains(raw, '"_') OR ${some.map(([, sql]) => `(${sql})`).join(' OR ')}
    THEN nullif(list_concat(list_filter([${named.join(', ')}], lambda n: n IS NOT NULL), ${hidden}), []) END`
}

/** The JSON keys of lists: their JSON type is read beside the structure, for an object in its place leaves no trace. */
export function listKeys(fields: readonly Field[]): string[] {
  return fields.filter((field) => field.repeats).flatMap((field) => field.options.map((option) => option.key))
}

/** An object where a list belongs, a list where an object belongs, either where text belongs. Never NULL. */
function wrongJsonSql(field: Field, option: FieldOption, lists: readonly string[]): string[] {
  const { key, shape } = option
  if (field.repeats) return [`coalesce(kinds[${lists.indexOf(key) + 1}] NOT IN ('ARRAY', 'NULL'), false)`]
  const type = `json_type(raw, '$.${key}')`
  if (isPrimitive(shape))
    return [`CASE WHEN left(r."${key}", 1) IN ('[', '{') THEN ${type} IN ('ARRAY', 'OBJECT') ELSE false END`]
  const first = firstChild(shape)
  return first === undefined
    ? []
    : [`CASE WHEN r."${key}" IS NOT NULL AND r."${key}"."${first}" IS NULL THEN ${type} <> 'OBJECT' ELSE false END`]
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

function lossyFieldSql(field: Field, owner: string, depth: number): string[] {
  const each = field.options.flatMap((option) => {
    const value = `${owner}."${option.key}"`
    if (!field.repeats) return lossySql(option.shape, value, depth)
    const item = `w${depth}`
    return lossySql(option.shape, item, depth + 1).map(
      (sql) => `coalesce(len(list_filter(${value}, lambda ${item}: ${sql})) > 0, false)`,
    )
  })
  if (!field.choice) return each
  const filled = field.options.map((option) => `CAST(${owner}."${option.key}" IS NOT NULL AS INTEGER)`)
  return [...each, `${filled.join(' + ')} > 1`]
}

/** Conditions, never NULL, under which a value does not fit its column. */
function lossySql(shape: Shape, value: string, depth: number): string[] {
  switch (shape.kind) {
    case 'boolean':
      return [`coalesce(${value} NOT IN ('true', 'false'), false)`]
    case 'integer':
      return [`(${value} IS NOT NULL AND CAST(TRY_CAST(${value} AS INTEGER) AS VARCHAR) IS DISTINCT FROM ${value})`]
    case 'decimal':
      return [lossyDecimalSql(value)]
    case 'quantity':
      return [lossyDecimalSql(`${value}."value"`)]
    case 'date':
      return [lossyDateSql(value)]
    case 'dateTime':
      return [lossyDateTimeSql(value)]
    case 'reference':
      return [`coalesce(starts_with(${value}.reference, '#'), false)`]
    case 'opaque':
      return [`${value} IS NOT NULL`]
    case 'structure': {
      const checks = shape.fields.flatMap((field) => lossyFieldSql(field, value, depth))
      return checks.length === 0 ? [] : [`(${checks.join(' OR ')})`]
    }
    default:
      return []
  }
}

/**
 * Out of DECIMAL(18,8), finer than eight places, or beyond what a double carries: DuckDB's JSON reader goes through
 * one, which holds 15 digits; where a number is large enough to have lost some, the raw text must show no more.
 */
function lossyDecimalSql(text: string): string {
  const number = `TRY_CAST(${text} AS DECIMAL(18, 8))`
  return `(${text} IS NOT NULL AND (${number} IS NULL OR regexp_matches(${text}, '\\.[0-9]{9}|[eE]')
    OR (abs(${number}) >= 10000000 OR length(${text}) > 15) AND regexp_matches(raw, '[0-9][0-9.]{15}')))`
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
