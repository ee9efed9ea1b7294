import { type DirectDefineValue, defineValueOf, type ValueLetter } from '../../direct/index.ts'
import type { Session } from '../../duck/index.ts'
import { setAnswers, setValues } from '../../store/index.ts'
import { decode } from './decode.ts'
import type { SetProgram } from './set-program.ts'
import {
  heldDefines,
  runStatements,
  type SetPerson,
  type SetValues,
  streamPersons,
  type ValueRow,
  valuesOf,
} from './set-rows.ts'

/** What kinds of persons are told by. */
export interface KindSetting {
  /** A define that makes no kind by its value. */
  readonly apart?: number
  /** Defines whose resources are counted: whoever has some is no kind, but one of `streamOwn`. */
  readonly counted: readonly number[]
}

/** Persons of a program in whom nothing but the resources held, and the value that is left out, differs. */
export interface SetKind extends SetValues {
  readonly kind: number
}

/** A value that kinds leave out, under a number in the session. */
export interface SetValue {
  readonly n: number
  readonly value: DirectDefineValue['value']
}

const [rows, kinds] = ['set_row', 'set_kind']

/**
 * Runs a program over the persons that its session's tables hold, and leaves the answers of those who are of a kind in the
 * session under the name `setAnswers`, until `dropSetKinds`. Gives the kinds that there are.
 */
export async function makeSetKinds(
  session: Session,
  program: SetProgram,
  { apart, counted }: KindSetting,
): Promise<readonly SetKind[]> {
  await runStatements(session, program, (query) => session.run(`CREATE OR REPLACE TEMP TABLE ${rows} AS ${query}`))
  const held = heldDefines(program)
  const own = ['letters', 'faults', ...held.filter((index) => index !== apart).map((index) => `held_${index}`)]
  await session.run(
    `CREATE OR REPLACE TEMP TABLE ${kinds} AS
     SELECT CAST(row_number() OVER () AS INTEGER) AS kind, *
     FROM (SELECT DISTINCT ${own.join(', ')} FROM ${rows} WHERE NOT ${hasCounted(counted)})`,
  )
  const value = apart !== undefined && held.includes(apart) ? `r.held_${apart}` : 'NULL'
  await session.run(
    `CREATE OR REPLACE TEMP VIEW ${setAnswers} AS
     SELECT r.pid, k.kind, CAST(r.evidence AS STRUCT(define USMALLINT, rid BIGINT)[]) AS evidence, ${value} AS value
     FROM ${rows} r JOIN ${kinds} k ON ${own.map((name) => `r.${name} IS NOT DISTINCT FROM k.${name}`).join(' AND ')}`,
  )
  const found = await session.all<ValueRow & { readonly kind: number }>(`SELECT * FROM ${kinds} ORDER BY kind`)
  return found.map((row) => ({ kind: row.kind, ...valuesOf(row, program) }))
}

/** The persons of the answers made who are of no kind, by pid. The session streams meanwhile. */
export function streamOwn(
  session: Session,
  program: SetProgram,
  { counted }: KindSetting,
): AsyncGenerator<readonly SetPerson[]> {
  return streamPersons(session, program, `SELECT * FROM ${rows} WHERE ${hasCounted(counted)} ORDER BY pid`)
}

/** Of a row: does one of these defines hold something? */
const hasCounted = (counted: readonly number[]): string =>
  counted.length === 0 ? 'false' : `(${counted.map((index) => `letters[${index + 1}] = '${filled}'`).join(' OR ')})`

/** The letter of a list that holds something. */
const filled: ValueLetter = 'l'

/** The distinct values of the define that kinds leave out, of persons of some kinds; they stand in the session as `setValues`. */
export async function readSetValues(
  session: Session,
  program: SetProgram,
  wanted: readonly number[],
  apart: number,
): Promise<readonly SetValue[]> {
  const type = program.columns[apart]?.held?.type
  if (type === undefined) return []
  await session.run(
    `CREATE OR REPLACE TEMP TABLE ${setValues} AS SELECT CAST(row_number() OVER () AS INTEGER) AS n, value
     FROM (SELECT DISTINCT value FROM ${setAnswers} WHERE value IS NOT NULL AND kind IN (${wanted.map(Number).join(', ')}))`,
  )
  const values = await session.all<{ readonly n: number; readonly value: unknown }>(`SELECT n, value FROM ${setValues}`)
  return values.map(({ n, value }) => ({ n, value: defineValueOf({ ok: true, value: decode(value, type) }).value }))
}

/** Clears the answers away. */
export async function dropSetKinds(session: Session): Promise<void> {
  await session.run(`DROP VIEW IF EXISTS ${setAnswers}`)
  await session.run(`DROP TABLE IF EXISTS ${setValues}`)
  for (const table of [rows, kinds]) await session.run(`DROP TABLE IF EXISTS ${table}`)
}
