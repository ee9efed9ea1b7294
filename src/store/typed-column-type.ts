import type { Field, FieldOption, Shape } from '../fhir/index.ts'

/** SQL type of the column that an option of a field has. */
export const optionType = (field: Field, { shape }: FieldOption): string =>
  field.repeats ? `${shapeType(shape)}[]` : shapeType(shape)

/** Columns of fields, name and SQL type; see `fieldColumns`. */
export function columnTypes(fields: readonly Field[]): [name: string, type: string][] {
  return fields.flatMap((field) => {
    const columns = field.options
      .filter((option) => option.shape.kind !== 'opaque')
      .map((option): [string, string] => [option.key, optionType(field, option)])
    return field.choice ? [[`${field.name}_kind`, 'VARCHAR'], ...columns] : columns
  })
}

/** SQL type of a value as it is held. */
export function shapeType(shape: Shape): string {
  switch (shape.kind) {
    case 'text':
    case 'opaque':
      return 'VARCHAR'
    case 'boolean':
      return 'BOOLEAN'
    case 'integer':
    case 'concept':
    case 'coding':
      return 'INTEGER'
    case 'decimal':
      return 'STRUCT("value" DECIMAL(18, 8), "text" VARCHAR)'
    case 'date':
      return 'STRUCT(lo DATE, hi DATE, "precision" UTINYINT)'
    case 'dateTime':
      return 'STRUCT(lo TIMESTAMP, hi TIMESTAMP, offset_min SMALLINT, "precision" UTINYINT)'
    case 'reference':
      return 'STRUCT(reference VARCHAR, rid BIGINT)'
    case 'quantity':
      return 'STRUCT("value" DECIMAL(18, 8), "text" VARCHAR, comparator VARCHAR, unit VARCHAR, "system" VARCHAR, code VARCHAR)'
    case 'structure':
      return `STRUCT(${columnTypes(shape.fields)
        .map(([name, type]) => `"${name}" ${type}`)
        .join(', ')})`
  }
}
