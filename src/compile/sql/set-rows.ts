import type { Diagnostic } from '../../base/index.ts'
import { type DirectDefineValue, defineValueOf, type ValueLetter } from '../../direct/index.ts'
import type { Session } from '../../duck/index.ts'
import { irregularCode, isIrregular, reasonOf } from '../../plan/index.ts'
import { decode } from './decode.ts'
import type { SetProgram } from './set-program.ts'

/** What a program's defines are, for one person or for many alike. */
export interface SetValues {
  /** One letter for each define. */
  readonly letters: string
  /** Why SQL cannot say what the logic read of this person, where it cannot: closures must. */
  readonly irregular: string | undefined
  /** The define with this number. Its value is there for truths, and where it was asked for. */
  define(index: number): DirectDefineValue
}

/** One person's row of a program. */
export interface SetPerson extends SetValues {
  readonly pid: number
}

/** A resource that the define with this number holds. */
export interface HeldResource {
  readonly define: number
  readonly rid: string
}

/** What a row says beside its person and the resources. */
export interface ValueRow {
  readonly letters: string
  readonly faults: readonly { readonly define: number; readonly code: string }[] | null
  readonly [held: `held_${number}`]: unknown
}

interface Row extends ValueRow {
  readonly pid: number
  readonly evidence: readonly HeldResource[] | null
}

/** The defines whose value stands in a column of its own, by their numbers: `held_N`. */
export const heldDefines = (program: SetProgram): readonly number[] =>
  program.columns.flatMap((column, index) => (column.held === undefined ? [] : [index]))

/** The database gives some thousand rows at once: more than whoever waits for this thread should wait for. */
export const personsAtOnce = 256

/** Runs a program over the persons that its session's tables hold. Rows come by pid; the session streams meanwhile. */
export async function* runSetProgram(session: Session, program: SetProgram): AsyncGenerator<readonly SetPerson[]> {
  const { before, query, after } = program.script
  let failed = false
  try {
    for (const statement of before) await session.run(statement)
    yield* streamPersons(session, program, query)
  } catch (thrown) {
    failed = true
    throw thrown
  } finally {
    await clearAway(session, after, failed)
  }
}

/** The persons of a query that gives rows of a program. */
export async function* streamPersons(
  session: Session,
  program: SetProgram,
  query: string,
): AsyncGenerator<readonly SetPerson[]> {
  for await (const rows of session.stream<Row>(query))
    for (let start = 0; start < rows.length; start += personsAtOnce)
      yield rows
        .slice(start, start + personsAtOnce)
        .map((row) => ({ pid: row.pid, ...valuesOf(row, program, row.evidence ?? []) }))
}

/** Runs a program's statements, the last of them as a caller wants it. */
export async function runStatements(
  session: Session,
  { script: { before, query, after } }: Pick<SetProgram, 'script'>,
  last: (query: string) => Promise<unknown>,
): Promise<void> {
  let failed = true
  try {
    for (const statement of before) await session.run(statement)
    await last(query)
    failed = false
  } finally {
    await clearAway(session, after, failed)
  }
}

async function clearAway(session: Session, statements: readonly string[], failed: boolean): Promise<void> {
  // A transaction in which a statement failed takes no other; what it made goes with it.
  for (const statement of statements) {
    const cleared = session.run(statement)
    await (failed ? cleared.catch(() => undefined) : cleared)
  }
}

/** The values of a row, with the resources that defines hold where they are known. */
export function valuesOf(row: ValueRow, program: SetProgram, evidence: readonly HeldResource[] = []): SetValues {
  return {
    letters: row.letters,
    irregular: irregularityOf(row.faults ?? []),
    define: (index) => defineOf(row, evidence, program, index),
  }
}

function irregularityOf(faults: readonly { readonly code: string }[]): string | undefined {
  const found = faults.find(({ code }) => isIrregular(code))
  return found === undefined ? undefined : reasonOf(found.code)
}

const truths: Readonly<Record<string, boolean | null>> = { t: true, f: false, n: null }

function defineOf(
  row: ValueRow,
  evidence: readonly HeldResource[],
  program: SetProgram,
  index: number,
): DirectDefineValue {
  const name = program.defines[index] ?? ''
  const fault = row.faults?.find(({ define }) => define === index)
  if (fault !== undefined) return defineValueOf({ ok: false, error: faultOf(fault.code, name) })
  const held = program.columns[index]?.held
  const raw = row[`held_${index}`]
  if (held !== undefined && raw !== undefined) return defineValueOf({ ok: true, value: decode(raw, held.type) })
  const letter = row.letters[index] as ValueLetter
  const rids = evidence.filter((one) => one.define === index).map(({ rid }) => rid)
  return { letter, value: truths[letter], rids: [...new Set(rids)], members: () => rids }
}

/** A fault in the words of a run. Its code is the one that closures give. */
export function faultOf(code: string, define: string): Diagnostic {
  const told = isIrregular(code) ? irregularCode : code
  return {
    code: `core/${told}`,
    message: `The logic failed for this person: ${told.replaceAll('-', ' ')}.`,
    severity: 'error',
    place: { define },
  }
}
