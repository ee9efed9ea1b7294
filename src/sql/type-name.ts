import type { CoreType } from '../core/index.ts'
import type { Field } from '../fhir/index.ts'
import { choiceField, choiceTag, heldBy, isResourceChoice } from '../plan/index.ts'

const temporal = 'STRUCT(lo TIMESTAMP, hi TIMESTAMP, offset_min SMALLINT, "precision" UTINYINT)'
const code = 'STRUCT(code VARCHAR, "system" VARCHAR, "version" VARCHAR, display VARCHAR)'
const vocabulary = 'STRUCT(id VARCHAR, "version" VARCHAR)'
const quantity = 'STRUCT("value" DECIMAL(38, 8), unit VARCHAR)'

const systemTypes: Readonly<Record<string, string>> = {
  Boolean: 'BOOLEAN',
  Integer: 'INTEGER',
  Long: 'BIGINT',
  Decimal: 'DECIMAL(38, 8)',
  String: 'VARCHAR',
  Date: temporal,
  DateTime: temporal,
  Time: temporal,
  Quantity: quantity,
  Ratio: `STRUCT(numerator ${quantity}, denominator ${quantity})`,
  Code: code,
  Concept: `STRUCT(codes ${code}[], display VARCHAR)`,
  ValueSet: vocabulary,
  CodeSystem: vocabulary,
  Vocabulary: vocabulary,
}

const moment = { lo: 'TIMESTAMP', hi: 'TIMESTAMP', offset_min: 'SMALLINT', precision: 'UTINYINT' }
const texts = { code: 'VARCHAR', system: 'VARCHAR', version: 'VARCHAR', display: 'VARCHAR' }

const partTypes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Date: moment,
  DateTime: moment,
  Time: moment,
  Quantity: { value: 'DECIMAL(38, 8)', unit: 'VARCHAR' },
  Code: texts,
}

/** The types of the parts of a structure that templates take parts of. */
export function structParts(type: CoreType): Readonly<Record<string, string>> {
  return (type.kind === 'system' ? partTypes[type.name] : undefined) ?? {}
}

/** A name in double quotes. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** The type of DuckDB that holds a type of CQL. A bare null is held as an INTEGER. */
export function sqlType(type: CoreType): string {
  switch (type.kind) {
    case 'system':
      return systemTypes[type.name] ?? 'INTEGER'
    case 'list':
      return `${sqlType(type.of)}[]`
    case 'uncertain':
      return `STRUCT(low ${sqlType(type.of)}, high ${sqlType(type.of)})`
    case 'interval':
      return `STRUCT(low ${sqlType(type.of)}, high ${sqlType(type.of)}, "lowClosed" BOOLEAN, "highClosed" BOOLEAN)`
    case 'tuple':
      return type.elements.length === 0
        ? 'INTEGER'
        : `STRUCT(${type.elements.map((one) => `${quoted(one.name)} ${sqlType(one.type)}`).join(', ')})`
    case 'choice':
      if (isResourceChoice(type)) return 'BIGINT'
      return `STRUCT(${[`${choiceTag} VARCHAR`, ...type.of.map((one) => `${choiceField(one)} ${sqlType(one)}`)].join(', ')})`
    case 'class':
      return heldSql(heldBy(type))
  }
}

const held: Readonly<Record<string, string>> = {
  text: 'VARCHAR',
  boolean: 'BOOLEAN',
  integer: 'INTEGER',
  decimal: 'STRUCT("value" DECIMAL(18, 8), "text" VARCHAR)',
  date: 'STRUCT(lo DATE, hi DATE, "precision" UTINYINT)',
  dateTime: temporal,
  concept: 'INTEGER',
  coding: 'INTEGER',
  reference: 'STRUCT(reference VARCHAR, rid BIGINT)',
  quantity:
    'STRUCT("value" DECIMAL(18, 8), "text" VARCHAR, comparator VARCHAR, unit VARCHAR, "system" VARCHAR, code VARCHAR)',
  bareDecimal: 'DECIMAL(18, 8)',
  codingParts: code,
  moment: 'TIMESTAMP',
}

/** The type of a typed table's column; a resource, and what no column holds, stand by their key. */
function heldSql(shape: ReturnType<typeof heldBy>): string {
  if (shape === undefined) return 'BIGINT'
  if (shape.kind !== 'structure') return held[shape.kind] ?? 'BIGINT'
  return `STRUCT(${shape.fields.flatMap(fieldSql).join(', ')})`
}

function fieldSql(of: Field): string[] {
  const options = of.options
    .filter((option) => option.shape.kind !== 'opaque')
    .map((option) => `${quoted(option.key)} ${heldSql(option.shape)}${of.repeats ? '[]' : ''}`)
  return of.choice ? [`${quoted(`${of.name}_kind`)} VARCHAR`, ...options] : options
}
