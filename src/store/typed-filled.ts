import type { Session } from '../duck/index.ts'
import { type Field, markedFields } from '../fhir/index.ts'
import { formsSql } from './typed-date.ts'
import { holdsParts } from './typed-value.ts'

/** A JSON path, and SQL of a sum over rows that is 0 where none fills it; of dates with times, the forms that they have. */
interface Place {
  readonly path: string
  readonly sum: string
  readonly isOfForms: boolean
}

/** What was found of places. */
class Found {
  readonly empty = new Set<string>()
  readonly forms = new Map<string, number>()

  async look(session: Session, places: readonly Place[], from: string): Promise<void> {
    const row = await session.first<{ sums: readonly string[] }>(
      `SELECT [${places.map(({ sum }) => sum).join(', ')}]::BIGINT[] AS sums FROM ${from}`,
    )
    for (const [index, { path, isOfForms }] of places.entries()) {
      const sum = Number(row?.sums[index])
      if (sum === 0) this.empty.add(path)
      else if (isOfForms) this.forms.set(path, sum)
    }
  }
}

/**
 * The fields of a shredded chunk, with a mark on what no row fills: most elements of a type are in no resource of a
 * source, and what is said of them costs time to plan and to run; so do forms of dates that none is written in. Beside them the
 * names of the lists of structures (which are text there) that some row has.
 */
export async function filledFields(
  session: Session,
  fields: readonly Field[],
  table: string,
): Promise<[fields: readonly Field[], parted: ReadonlySet<string>]> {
  const found = new Found()
  await found.look(
    session,
    fields.flatMap((field) => placesOf(field, 'r', '')),
    `${table} r`,
  )
  const parted = fields.filter((field) => holdsParts(field) && !found.empty.has(field.name)).map(({ name }) => name)
  return [markedFields(fields, found), new Set(parted)]
}

/** The same of what lies within a list of structures, from the table of rows that have it. */
export async function filledParts(session: Session, field: Field, table: string): Promise<Field> {
  const found = new Found()
  await lookAtParts(session, field, `(SELECT unnest("${field.name}") AS e FROM ${table})`, '', found)
  return markedFields([field], found)[0] ?? field
}

async function lookAtParts(session: Session, field: Field, items: string, path: string, found: Found): Promise<void> {
  for (const { key, shape } of field.options) {
    if (shape.kind !== 'structure') continue
    const at = `${path}${key}.`
    await found.look(
      session,
      shape.fields.flatMap((inner) => placesOf(inner, 'e', at)),
      items,
    )
    for (const inner of shape.fields.filter(holdsParts)) {
      if (found.empty.has(`${at}${inner.name}`)) continue
      await lookAtParts(session, inner, `(SELECT unnest(e."${inner.name}") AS e FROM ${items})`, at, found)
    }
  }
}

/** The paths of a field and of the structures below it that are no lists. */
function placesOf(field: Field, owner: string, path: string): Place[] {
  return field.options.flatMap(({ key, shape }) => {
    const value = `${owner}."${key}"`
    const isOfForms = shape.kind === 'dateTime' && !field.repeats
    const sum = isOfForms ? `coalesce(bit_or(${formsSql(value)}), 0)` : `count(${value})`
    const own = { path: `${path}${key}`, sum, isOfForms }
    if (field.repeats || shape.kind !== 'structure') return [own]
    return [own, ...shape.fields.flatMap((inner) => placesOf(inner, value, `${own.path}.`))]
  })
}
