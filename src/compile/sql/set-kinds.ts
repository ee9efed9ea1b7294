import { type DirectDefineValue, defineValueOf } from '../../direct/index.ts'
import type { Session } from '../../duck/index.ts'
import { setAnswers } from '../../store/index.ts'
import { decode } from './decode.ts'
import type { SetProgram } from './set-program.ts'
import {
  type HeldResource,
  heldDefines,
  personsAtOnce,
  runStatements,
  type SetValues,
  type ValueRow,
  valuesOf,
} from './set-rows.ts'

/** Persons of a program in whom nothing but the resources held, and the value that is left out, differs. */
export interface SetKind extends SetValues {
  readonly kind: number
}

/** What is a person's own within a kind. */
export interface SetMember {
  readonly pid: number
  readonly kind: number
  /** The resources that defines hold, by their numbers and in their order, each once for a define. */
  readonly evidence: readonly HeldResource[]
  /** The value that kinds leave out; null too where nothing was left out. */
  readonly value: DirectDefineValue['value']
}

const [rows, kinds] = ['set_row', 'set_kind']

/**
 * Runs a program over the persons that its session's tables hold, and leaves their answers in the session under the name
 * `setAnswers`, until `dropSetKinds`. Gives the kinds of persons that there are; a define `apart` makes none by its value.
 */
export async function makeSetKinds(session: Session, program: SetProgram, apart?: number): Promise<readonly SetKind[]> {
  await runStatements(session, program, (query) => session.run(`CREATE OR REPLACE TEMP TABLE ${rows} AS ${query}`))
  const held = heldDefines(program)
  const own = ['letters', 'faults', ...held.filter((index) => index !== apart).map((index) => `held_${index}`)]
  await session.run(
    `CREATE OR REPLACE TEMP TABLE ${kinds} AS
     SELECT CAST(row_number() OVER () AS INTEGER) AS kind, * FROM (SELECT DISTINCT ${own.join(', ')} FROM ${rows})`,
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

/** The persons of some kinds, by pid. */
export async function* streamSetMembers(
  session: Session,
  program: SetProgram,
  wanted: readonly number[],
  apart?: number,
): AsyncGenerator<readonly SetMember[]> {
  const type = apart === undefined ? undefined : program.columns[apart]?.held?.type
  const stream = session.stream<Omit<SetMember, 'evidence'> & { readonly evidence: SetMember['evidence'] | null }>(
    `SELECT * FROM ${setAnswers} WHERE kind IN (SELECT unnest(from_json($kinds::JSON, '["INTEGER"]'))) ORDER BY pid`,
    { kinds: JSON.stringify(wanted) },
  )
  for await (const members of stream)
    for (let start = 0; start < members.length; start += personsAtOnce)
      yield members.slice(start, start + personsAtOnce).map((member) => ({
        ...member,
        evidence: eachOnce(member.evidence ?? []),
        value: type === undefined ? null : defineValueOf({ ok: true, value: decode(member.value, type) }).value,
      }))
}

/** The same list where nothing is held twice, as nearly always. */
function eachOnce(held: readonly HeldResource[]): readonly HeldResource[] {
  const seen = new Set(held.map(({ define, rid }) => `${define} ${rid}`))
  if (seen.size === held.length) return held
  return held.filter(({ define, rid }) => seen.delete(`${define} ${rid}`))
}

/** Clears the answers away. */
export async function dropSetKinds(session: Session): Promise<void> {
  await session.run(`DROP VIEW IF EXISTS ${setAnswers}`)
  for (const table of [rows, kinds]) await session.run(`DROP TABLE IF EXISTS ${table}`)
}
