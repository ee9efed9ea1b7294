import type { Session } from '../duck/index.ts'
import type { Field, FieldOption } from '../fhir/index.ts'

/** So many units of a column are told. */
export const mostUnits = 64
/** Of a table with more rows than this, some are looked at, in runs that the database reads at once. */
const [mostRows, rowsAtOnce] = [20_000, 2_048]

/**
 * The codes and names of units that the quantities in columns have, by column, the most common first: conversions between
 * them are settled when logic is planned. Units that are left out, and those that a large table has too rarely to be met,
 * cost speed, no answer.
 */
export async function readUnits(
  session: Session,
  table: string,
  fields: readonly Field[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const units = new Map<string, readonly string[]>()
  const rows = await session.first<{ n: number }>(`SELECT count(*)::DOUBLE AS n FROM ${table}`)
  const share = Math.ceil((rows?.n ?? 0) / mostRows)
  const from = share <= 1 ? table : `(FROM ${table} WHERE rowid // ${rowsAtOnce} % ${share} = 0)`
  for (const field of fields)
    for (const option of field.options) {
      const items = quantitiesIn(field, option, `"${option.key}"`, from)
      if (items.length === 0) continue
      const found = await session.all<{ unit: string }>(
        `SELECT unit FROM (SELECT unnest(CASE WHEN code = unit THEN [code] ELSE [code, unit] END) AS unit, n FROM (
           SELECT code, unit, count(*) AS n FROM (${items.join(' UNION ALL ')}) GROUP BY ALL))
         WHERE unit IS NOT NULL GROUP BY unit ORDER BY sum(n) DESC, unit LIMIT ${mostUnits}`,
      )
      if (found.length > 0)
        units.set(
          option.key,
          found.map(({ unit }) => unit),
        )
    }
  return units
}

/** Queries of the code and unit of all quantities in a column or a part of it. */
function quantitiesIn(field: Field, { shape, empty }: FieldOption, column: string, from: string): readonly string[] {
  if (empty === true || !holdsQuantity(shape)) return []
  const [owner, rows] = field.repeats ? ['e', `(SELECT unnest(${column}) AS e FROM ${from})`] : [column, from]
  if (shape.kind === 'quantity')
    return [`SELECT (${owner}).code AS code, (${owner}).unit AS unit FROM ${rows} WHERE (${owner}) IS NOT NULL`]
  if (shape.kind !== 'structure') return []
  return shape.fields.flatMap((inner) =>
    inner.options.flatMap((option) => quantitiesIn(inner, option, `(${owner})."${option.key}"`, rows)),
  )
}

const holdsQuantity = (shape: FieldOption['shape']): boolean =>
  shape.kind === 'quantity' ||
  (shape.kind === 'structure' &&
    shape.fields.some(({ options }) => options.some((option) => holdsQuantity(option.shape))))
