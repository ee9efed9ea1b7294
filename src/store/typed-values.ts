import type { Session } from '../duck/index.ts'
import type { Field, FieldOption } from '../fhir/index.ts'

/** What all stored values of an element have in common, where they are there. */
export interface StoredValueFacts {
  /** Of a date or time: the fewest fields that one has, from 1 (a year) to 7 (milliseconds). */
  readonly least?: number
  /** The most fields. */
  readonly most?: number
  /** Whether times say how far their clock is from UTC: all of them, or none. */
  readonly offset?: 'always' | 'never'
  /** A Period that ends no earlier than it starts, where both are there, and says both alike. */
  readonly isOrdered?: true
  /** Of a structure the same of its parts; `always`: the part is there wherever the whole is. */
  readonly parts?: Readonly<Record<string, StoredValueFacts & { readonly always?: true }>>
}

/**
 * What the values of elements have in common, by column, as the whole of a table tells: plans are made for the data, and
 * of times that are all alike fewer cases are to be told apart. Lists are not looked into.
 */
export async function readValueFacts(
  session: Session,
  table: string,
  fields: readonly Field[],
): Promise<ReadonlyMap<string, StoredValueFacts>> {
  const asked = new Questions()
  const readers = fields
    .filter((field) => !field.repeats)
    .flatMap((field) => field.options)
    .flatMap((option) => {
      const read = questionsOf(option, `"${option.key}"`, asked)
      return read === undefined ? [] : [[option.key, read] as const]
    })
  const answers = await asked.answer(session, table)
  const found = readers.map(([key, read]) => [key, read(answers)] as const)
  return new Map(found.filter(([, facts]) => Object.keys(facts).length > 0))
}

type Answers = (question: number) => number | null
type Read = (answers: Answers) => StoredValueFacts

/** Aggregates over a table, each asked once. */
class Questions {
  readonly #numbers = new Map<string, number>()

  ask(aggregate: string): number {
    const known = this.#numbers.get(aggregate) ?? this.#numbers.size
    this.#numbers.set(aggregate, known)
    return known
  }

  async answer(session: Session, table: string): Promise<Answers> {
    if (this.#numbers.size === 0) return () => null
    const list = [...this.#numbers.keys()].map((aggregate) => `(${aggregate})::DOUBLE`)
    const row = await session.first<{ found: readonly (number | null)[] }>(
      `SELECT [${list.join(', ')}]::DOUBLE[] AS found FROM ${table}`,
    )
    return (question) => row?.found[question] ?? null
  }
}

function questionsOf(option: FieldOption, column: string, asked: Questions): Read | undefined {
  switch (option.shape.kind) {
    case 'date':
    case 'dateTime':
      return timeQuestions(column, option.shape.kind === 'dateTime', asked)
    case 'structure':
      return partQuestions(option, option.shape.fields, column, asked)
    default:
      return undefined
  }
}

function timeQuestions(column: string, hasOffset: boolean, asked: Questions): Read {
  const [least, most] = ['min', 'max'].map((pick) => asked.ask(`${pick}((${column})."precision")`))
  const count = asked.ask(`count(${column})`)
  const offsets = hasOffset ? asked.ask(`count((${column}).offset_min)`) : undefined
  return (answers) => {
    const [from, to] = [answers(least ?? 0), answers(most ?? 0)]
    if (from === null || to === null) return {}
    const zoned = offsets === undefined ? 0 : answers(offsets)
    const offset = zoned === 0 ? 'never' : 'always'
    return { least: from, most: to, ...(zoned === 0 || zoned === answers(count) ? { offset } : {}) }
  }
}

function partQuestions(option: FieldOption, fields: readonly Field[], column: string, asked: Questions): Read {
  const whole = asked.ask(`count(${column})`)
  const parts = fields
    .filter((field) => !field.repeats && !field.choice)
    .flatMap((field) => field.options)
    .filter(({ shape }) => shape.kind !== 'opaque')
    .map((part) => {
      const at = `(${column})."${part.key}"`
      return { key: part.key, count: asked.ask(`count(${at})`), read: questionsOf(part, at, asked) }
    })
  const backwards = option.type === 'Period' ? asked.ask(backwardsSql(column)) : undefined
  return (answers) => {
    const found = parts.flatMap(({ key, count, read }) => {
      const facts = read?.(answers) ?? {}
      const always = answers(count) === answers(whole)
      return always || Object.keys(facts).length > 0 ? [[key, always ? { ...facts, always } : facts] as const] : []
    })
    return {
      ...(backwards !== undefined && answers(backwards) === 0 ? { isOrdered: true } : {}),
      ...(found.length === 0 ? {} : { parts: Object.fromEntries(found) }),
    }
  }
}

/** A moment on the clock of UTC; of a time without an offset, on its own. */
const moment = (point: string): string =>
  `(${point}).lo - to_minutes(CAST(coalesce((${point}).offset_min, 0) AS INTEGER))`

/** Periods of which it cannot be seen at once that they end no earlier than they start: imprecise alike, on clocks alike. */
function backwardsSql(column: string): string {
  const [start, end] = [`(${column})."start"`, `(${column})."end"`]
  const alike = `(${start})."precision" = (${end})."precision" AND ((${start}).offset_min IS NULL) = ((${end}).offset_min IS NULL)`
  const isOrdered = `${alike} AND ${moment(start)} <= ${moment(end)}`
  return `count_if(${start} IS NOT NULL AND ${end} IS NOT NULL AND NOT coalesce(${isOrdered}, false))`
}
