import type { Diagnostic } from '../../base/index.ts'
import { type DirectDefineValue, defineValueOf, type ValueLetter } from '../../direct/index.ts'
import type { Session } from '../../duck/index.ts'
import { decode } from './decode.ts'
import type { SetProgram } from './set-program.ts'

/** One person's row of a program. */
export interface SetPerson {
  readonly pid: number
  /** One letter for each define. */
  readonly letters: string
  /** Columns cannot represent what the logic read of this person: closures must say. */
  readonly irregular: boolean
  /** The same for persons in whom nothing but the resources held differs. */
  readonly key: string
  /** The resources that defines hold, by their numbers and in their order, each once for a define. */
  readonly evidence: readonly HeldResource[]
  /** The define with this number. Its value is there for truths, and where it was asked for. */
  define(index: number): DirectDefineValue
}

/** A resource that the define with this number holds. */
export interface HeldResource {
  readonly define: number
  readonly rid: string
}

interface Row {
  readonly pid: number
  readonly letters: string
  readonly faults: readonly { readonly define: number; readonly code: string }[] | null
  readonly evidence: readonly HeldResource[] | null
  readonly [held: `held_${number}`]: unknown
}

/** The database gives some thousand rows at once: more than whoever waits for this thread should wait for. */
const personsAtOnce = 256

/** Runs a program over the persons that its session's tables hold. Rows come by pid; the session streams meanwhile. */
export async function* runSetProgram(session: Session, program: SetProgram): AsyncGenerator<readonly SetPerson[]> {
  const { before, query, after } = program.script
  let failed = false
  try {
    for (const statement of before) await session.run(statement)
    for await (const rows of session.stream<Row>(query))
      for (let start = 0; start < rows.length; start += personsAtOnce)
        yield rows.slice(start, start + personsAtOnce).map((row) => personOf(row, program))
  } catch (thrown) {
    failed = true
    throw thrown
  } finally {
    // A transaction in which a statement failed takes no other; what it made goes with it.
    for (const statement of after) {
      const cleared = session.run(statement)
      await (failed ? cleared.catch(() => undefined) : cleared)
    }
  }
}

function personOf(row: Row, program: SetProgram): SetPerson {
  const faults = row.faults ?? []
  const held = program.columns.flatMap((column, index) => (column.held === undefined ? [] : [row[`held_${index}`]]))
  return {
    pid: row.pid,
    letters: row.letters,
    irregular: faults.some(({ code }) => code === 'irregular'),
    key: faults.length === 0 && held.length === 0 ? row.letters : JSON.stringify([row.letters, faults, held]),
    evidence: eachOnce(row.evidence ?? []),
    define: (index) => defineOf(row, program, index),
  }
}

const ridsOf = (row: Row, define: number): readonly string[] =>
  (row.evidence ?? []).filter((held) => held.define === define).map(({ rid }) => rid)

/** The same list where nothing is held twice, as nearly always. */
function eachOnce(held: readonly HeldResource[]): readonly HeldResource[] {
  const seen = new Set(held.map(({ define, rid }) => `${define} ${rid}`))
  if (seen.size === held.length) return held
  return held.filter(({ define, rid }) => seen.delete(`${define} ${rid}`))
}

const truths: Readonly<Record<string, boolean | null>> = { t: true, f: false, n: null }

function defineOf(row: Row, program: SetProgram, index: number): DirectDefineValue {
  const name = program.defines[index] ?? ''
  const fault = row.faults?.find(({ define }) => define === index)
  if (fault !== undefined) return defineValueOf({ ok: false, error: faultOf(fault.code, name) })
  const held = program.columns[index]?.held
  if (held !== undefined) return defineValueOf({ ok: true, value: decode(row[`held_${index}`], held.type) })
  const letter = row.letters[index] as ValueLetter
  const rids = ridsOf(row, index)
  return { letter, value: truths[letter], rids: [...new Set(rids)], members: () => rids }
}

/** A fault in the words of a run. Its code is the one that closures give. */
export const faultOf = (code: string, define: string): Diagnostic => ({
  code: `core/${code}`,
  message: `The logic failed for this person: ${code.replaceAll('-', ' ')}.`,
  severity: 'error',
  place: { define },
})
