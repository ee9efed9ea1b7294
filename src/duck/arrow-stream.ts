import type { DataType, Schema } from 'apache-arrow'
import type { Session } from './session.ts'

/** Loaded with the first table: it takes longer to load than most commands take. */
const loadArrow = () => import('apache-arrow')
type Arrow = Awaited<ReturnType<typeof loadArrow>>

interface Column {
  readonly name: string
  readonly type: DataType
  /** A value as the session gives it (JSON form) as Arrow takes it. */
  readonly value: (value: unknown) => unknown
}

/** So many rows are one record batch. */
const batchRows = 65_536

const same = (value: unknown) => value
const text = (value: unknown) => (value === null || typeof value === 'string' ? value : JSON.stringify(value))
const whole = (value: unknown) => (value === null ? null : BigInt(value as string))

/** Whole numbers, doubles and truth values as such; dates, times, decimals and all else as their text. */
function columnOf(arrow: Arrow, name: string, duckType: string): Column {
  switch (duckType) {
    case 'BOOLEAN':
      return { name, type: new arrow.Bool(), value: same }
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
      return { name, type: new arrow.Int32(), value: same }
    case 'BIGINT':
      return { name, type: new arrow.Int64(), value: whole }
    case 'FLOAT':
    case 'DOUBLE':
      return { name, type: new arrow.Float64(), value: same }
    default:
      return { name, type: new arrow.Utf8(), value: text }
  }
}

/**
 * Every row of a table, in its order, as an Arrow IPC stream; all columns may be null. The table's name is the caller's own,
 * never a request's.
 */
export async function arrowStream(session: Session, table: string): Promise<Uint8Array<ArrayBuffer>> {
  const arrow = await loadArrow()
  const described = await session.all<{ column_name: string; column_type: string }>(`DESCRIBE ${table}`)
  const columns = described.map((row) => columnOf(arrow, row.column_name, row.column_type))
  const schema = new arrow.Schema(columns.map(({ name, type }) => new arrow.Field(name, type, true)))
  const writer = new arrow.RecordBatchStreamWriter()
  writer.reset(undefined, schema)
  let rows: Readonly<Record<string, unknown>>[] = []
  const flush = () => {
    writer.write(batchOf(arrow, schema, columns, rows))
    rows = []
  }
  for await (const some of session.stream<Readonly<Record<string, unknown>>>(`SELECT * FROM ${table}`)) {
    rows.push(...some)
    if (rows.length >= batchRows) flush()
  }
  if (rows.length > 0) flush()
  writer.finish()
  return new Uint8Array(await writer.toUint8Array())
}

function batchOf(
  arrow: Arrow,
  schema: Schema,
  columns: readonly Column[],
  rows: readonly Readonly<Record<string, unknown>>[],
) {
  const children = columns.map(({ name, type, value }) => {
    const values = rows.map((row) => value(row[name]))
    return arrow.vectorFromArray(values, type).data[0] ?? arrow.makeData({ type })
  })
  const type = new arrow.Struct(schema.fields)
  return new arrow.RecordBatch(schema, arrow.makeData({ type, length: rows.length, nullCount: 0, children }))
}
