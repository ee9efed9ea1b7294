import type { Session } from '../duck/index.ts'
import { type Field, markedFields } from '../fhir/index.ts'
import { holdsParts } from './typed-value.ts'

/** A JSON path, and where its value is read. */
interface Place {
  readonly path: string
  readonly sql: string
}

/**
 * The fields of a shredded chunk, with a mark on what no row fills: most elements of a type are in no resource of a
 * source, and what is said of them costs time to plan and to run. Beside them the names of the lists of structures
 * (which are text there) that some row has.
 */
export async function filledFields(
  session: Session,
  fields: readonly Field[],
  table: string,
): Promise<[fields: readonly Field[], parted: ReadonlySet<string>]> {
  const places = fields.flatMap((field) => placesOf(field, 'r', ''))
  const empty = await unfilled(session, places, `${table} r`)
  const parted = fields.filter((field) => holdsParts(field) && !empty.has(field.name)).map(({ name }) => name)
  return [markedFields(fields, empty), new Set(parted)]
}

/** The same of what lies within a list of structures, from the table of rows that have it. */
export async function filledParts(session: Session, field: Field, table: string): Promise<Field> {
  const empty = new Set<string>()
  await unfilledParts(session, field, `(SELECT unnest("${field.name}") AS e FROM ${table})`, '', empty)
  return markedFields([field], empty)[0] ?? field
}

async function unfilledParts(
  session: Session,
  field: Field,
  items: string,
  path: string,
  empty: Set<string>,
): Promise<void> {
  for (const { key, shape } of field.options) {
    if (shape.kind !== 'structure') continue
    const at = `${path}${key}.`
    const found = await unfilled(
      session,
      shape.fields.flatMap((inner) => placesOf(inner, 'e', at)),
      items,
    )
    for (const one of found) empty.add(one)
    for (const inner of shape.fields.filter(holdsParts)) {
      if (empty.has(`${at}${inner.name}`)) continue
      await unfilledParts(session, inner, `(SELECT unnest(e."${inner.name}") AS e FROM ${items})`, at, empty)
    }
  }
}

/** The paths of a field and of the structures below it that are no lists. */
function placesOf(field: Field, owner: string, path: string): Place[] {
  return field.options.flatMap(({ key, shape }) => {
    const own = { path: `${path}${key}`, sql: `${owner}."${key}"` }
    if (field.repeats || shape.kind !== 'structure') return [own]
    return [own, ...shape.fields.flatMap((inner) => placesOf(inner, own.sql, `${own.path}.`))]
  })
}

async function unfilled(session: Session, places: readonly Place[], from: string): Promise<Set<string>> {
  const row = await session.first<{ counts: readonly string[] }>(
    `SELECT [${places.map(({ sql }) => `count(${sql})`).join(', ')}] AS counts FROM ${from}`,
  )
  return new Set(places.filter((_, index) => Number(row?.counts[index]) === 0).map(({ path }) => path))
}
