import type { Field, FieldOption, Shape } from '../fhir/index.ts'
import { ridSql } from './rid.ts'
import { optionType, shapeType } from './typed-column-type.ts'
import { dateSql, dateTimeSql } from './typed-date.ts'

/** Names in a statement that shreds: the row's source, and how deep its lambdas nest. */
export interface ShredScope {
  readonly source: string
  readonly base: string
  /** References name their source already. */
  readonly isQualified?: boolean
  readonly depth: number
}

/** Lists of structures: whatever is asked of them is dear, and most resources have none. */
export const holdsParts = (field: Field): boolean =>
  field.repeats && field.options.some(({ shape }) => shape.kind === 'structure')

/** The structure that DuckDB's from_json takes: the JSON keys that have columns, leaves as text. */
export function jsonStructure(fields: readonly Field[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    fields.flatMap((field) =>
      field.options.map((option) => [option.key, field.repeats ? [jsonLeaf(option.shape)] : jsonLeaf(option.shape)]),
    ),
  )
}

function jsonLeaf(shape: Shape): unknown {
  switch (shape.kind) {
    case 'concept':
      return { coding: 'JSON' }
    case 'coding':
    case 'opaque':
      return 'JSON'
    case 'reference':
      return { reference: 'VARCHAR' }
    case 'quantity':
      return { value: 'VARCHAR', comparator: 'VARCHAR', unit: 'VARCHAR', system: 'VARCHAR', code: 'VARCHAR' }
    case 'structure':
      return jsonStructure(shape.fields)
    default:
      return 'VARCHAR'
  }
}

/**
 * Columns of fields: name and SQL. A choice has a `_kind` column beside one per kind; an opaque kind has none. What
 * is marked as empty is NULL without being read.
 */
export function fieldColumns(
  fields: readonly Field[],
  owner: string,
  scope: ShredScope,
): [name: string, sql: string][] {
  return fields.flatMap((field) => {
    const columns = field.options
      .filter((option) => option.shape.kind !== 'opaque')
      .map((option): [string, string] => [
        option.key,
        option.empty === true ? `CAST(NULL AS ${optionType(field, option)})` : optionSql(field, option, owner, scope),
      ])
    return field.choice ? [[`${field.name}_kind`, kindSql(field, owner, scope.depth)], ...columns] : columns
  })
}

const filledOptions = ({ options }: Field): readonly FieldOption[] => options.filter(({ empty }) => empty !== true)

/** Within a lambda no CASE: each of its tests would cut the whole structure, with all of the kinds. */
function kindSql(field: Field, owner: string, depth: number): string {
  const options = filledOptions(field)
  if (options.length === 0) return `CAST(NULL AS ${shapeType({ kind: 'text' })})`
  if (depth > 0) {
    const types = options.map((option) => `'${option.type}'`)
    const filled = options.map((option) => `${owner}."${option.key}" IS NOT NULL`)
    return `list_extract([${types.join(', ')}], list_position([${filled.join(', ')}], true))`
  }
  const whens = options.map((option) => `WHEN ${owner}."${option.key}" IS NOT NULL THEN '${option.type}'`)
  return `CASE ${whens.join(' ')} END`
}

function optionSql(field: Field, option: FieldOption, owner: string, scope: ShredScope): string {
  const value = `${owner}."${option.key}"`
  if (!field.repeats) return valueSql(option.shape, value, scope)
  const item = `v${scope.depth}`
  const items = `list_transform(${value}, lambda ${item}: ${valueSql(option.shape, item, { ...scope, depth: scope.depth + 1 })})`
  // Without the test the whole lambda runs once for each vector, even where no row has a list.
  return unlessNull(value, items)
}

function valueSql(shape: Shape, value: string, scope: ShredScope): string {
  switch (shape.kind) {
    case 'text':
    case 'opaque':
      return value
    case 'boolean':
      return `CASE ${value} WHEN 'true' THEN true WHEN 'false' THEN false END`
    case 'integer':
      return `TRY_CAST(${value} AS INTEGER)`
    case 'decimal':
      return unlessNull(value, `struct_pack("value" := TRY_CAST(${value} AS DECIMAL(18, 8)), "text" := ${value})`)
    case 'date':
      return dateSql(value)
    case 'dateTime':
      return dateTimeSql(value, shape.forms)
    case 'concept':
      return unlessNull(value, cidSql(`coalesce(CAST(${value}.coding AS VARCHAR), '[]')`))
    case 'coding':
      return unlessNull(value, cidSql(`CAST(${value} AS VARCHAR)`))
    case 'reference':
      return unlessNull(value, referenceSql(`${value}.reference`, scope))
    case 'quantity':
      return unlessNull(
        value,
        `struct_pack("value" := TRY_CAST(${value}."value" AS DECIMAL(18, 8)), "text" := ${value}."value",
          comparator := ${value}.comparator, unit := ${value}.unit, "system" := ${value}."system", code := ${value}.code)`,
      )
    case 'structure': {
      const columns = fieldColumns(shape.fields, value, scope).map(([name, sql]) => `"${name}" := ${sql}`)
      return unlessNull(value, `struct_pack(${columns.join(', ')})`)
    }
  }
}

/** A missing structure is NULL, never a structure of nulls. */
const unlessNull = (value: string, sql: string): string => `CASE WHEN ${value} IS NOT NULL THEN ${sql} END`

/** The codings' text -> cid, by an enumeration type of all texts met: a hash look-up that works inside lambdas. */
const cidSql = (text: string): string =>
  `list_extract(getvariable('concept_cids'), CAST(enum_code(CAST(${text} AS concept_text)) AS INTEGER) + 1)`

/** A local reference is qualified by its source, and has its target's rid; others stay as they are. */
function referenceSql(reference: string, { source, base, isQualified = false }: ShredScope): string {
  if (isQualified) return qualifiedSql(reference)
  const relative = `CASE WHEN ${base} <> '' AND starts_with(${reference}, ${base}) THEN substr(${reference}, length(${base}) + 1) ELSE ${reference} END`
  const type = `split_part(${relative}, '/', 1)`
  const id = `split_part(${relative}, '/', 2)`
  const local = `regexp_full_match(${relative}, '[A-Z][A-Za-z]*/[^/?#|\\s]+(/_history/[^/]+)?')`
  return `struct_pack(
    reference := CASE WHEN ${local} THEN ${type} || '/' || ${source} || '.' || ${id} ELSE ${reference} END,
    rid := CASE WHEN ${local} THEN ${ridSql(source, type, id)} END)`
}

/** A reference that names its source, `Organization/lakeside.123`: names of sources hold no dot. */
function qualifiedSql(reference: string): string {
  const [type, id] = [`split_part(${reference}, '/', 1)`, `split_part(${reference}, '/', 2)`]
  const source = `split_part(${id}, '.', 1)`
  const local = `regexp_full_match(${reference}, '[A-Z][A-Za-z]*/[^/?#|\\s.]+[.][^/?#|\\s]+')`
  return `struct_pack(reference := ${reference},
    rid := CASE WHEN ${local} THEN ${ridSql(source, type, `substr(${id}, length(${source}) + 2)`)} END)`
}

/** SQL lists of the codings' texts in fields, for the dictionary: one per coded path. */
export function codingTexts(fields: readonly Field[], owner: string, depth = 0): string[] {
  return fields.flatMap((field) =>
    filledOptions(field).flatMap((option) => {
      const value = `${owner}."${option.key}"`
      if (!field.repeats) return textsOf(option.shape, value, depth)
      const item = `t${depth}`
      return textsOf(option.shape, item, depth + 1).map((texts) =>
        unlessNull(
          value,
          `flatten(list_transform(${value}, lambda ${item}: coalesce(${texts}, CAST([] AS VARCHAR[]))))`,
        ),
      )
    }),
  )
}

function textsOf(shape: Shape, value: string, depth: number): string[] {
  if (shape.kind === 'concept')
    return [`CASE WHEN ${value} IS NOT NULL THEN [coalesce(CAST(${value}.coding AS VARCHAR), '[]')] END`]
  if (shape.kind === 'coding') return [`CASE WHEN ${value} IS NOT NULL THEN [CAST(${value} AS VARCHAR)] END`]
  return shape.kind === 'structure' ? codingTexts(shape.fields, value, depth) : []
}
