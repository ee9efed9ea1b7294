import { type Diagnostic, type Result, success, unwrap } from '../../base/index.ts'
import { createDirectEvaluator, type EvaluationPeriod } from '../../direct/index.ts'
import type { Session } from '../../duck/index.ts'
import type { LibraryClosure } from '../../elm/index.ts'
import { readMergedPatients, streamPersonRecords } from '../../identity/index.ts'
import { scriptText } from '../../sql/index.ts'
import { findIrregularPersons, openSlices, slicedTables } from '../../store/index.ts'
import type { ValueSets } from '../../terminology/index.ts'
import { planOverHeld } from './held-elements.ts'
import { createSetProgram } from './set-program.ts'
import { runSetProgram, type SetPerson as SetRow } from './set-rows.ts'

/** What a set of persons is evaluated with. */
export interface SetInput {
  readonly session: Session
  readonly valueSets: ValueSets
  /** Whole days in a zone: the parameter `Measurement Period`. Now is its end. */
  readonly period: EvaluationPeriod
  /** These persons only; all where absent. */
  readonly pids?: readonly number[]
}

/** A define of one person: a letter (t, f, n, e, l, z, v) and the resources that its value holds. */
export interface SetDefine {
  readonly letter: string
  readonly rids: readonly string[]
  readonly fault?: Diagnostic
}

export interface SetPerson {
  readonly pid: number
  readonly defines: ReadonlyMap<string, SetDefine>
}

export interface SetEvaluation {
  readonly persons: ReadonlyMap<number, SetPerson>
  /** Persons whom columns cannot represent: they were evaluated by closures over the raw record. */
  readonly irregular: readonly number[]
  readonly sql: string
}

const everybody = { fromPid: 0, toPid: 2 ** 31 - 1 }

/**
 * Evaluates defines of the main library for a set of persons by one script; the few whom columns cannot represent by
 * closures. All at once in memory: for few persons. Failure: those of `createSetProgram`.
 */
export async function evaluateSet(
  closure: LibraryClosure,
  defines: readonly string[],
  input: SetInput,
): Promise<Result<SetEvaluation>> {
  const { session, valueSets, period, pids } = input
  const { made: program } = await planOverHeld(
    session,
    (stored) => createSetProgram({ closure, defines }, { tables: slicedTables, stored, valueSets, period }),
    (made) => (made.ok ? made.value.reads : []),
  )
  if (!program.ok) return program
  const slices = await openSlices(session, readMergedPatients, program.value.tables)
  await slices.cut(pids === undefined ? everybody : { pids })
  const persons = new Map<number, SetPerson>()
  const odd = new Set((await findIrregularPersons(session, program.value.reads)).keys())
  for await (const rows of runSetProgram(session, program.value))
    for (const row of rows) {
      persons.set(row.pid, personOf(row, defines))
      if (row.irregular !== undefined) odd.add(row.pid)
    }
  const irregular = [...odd].filter((pid) => persons.has(pid)).toSorted((a, b) => a - b)
  for await (const person of byClosures(closure, defines, input, irregular)) persons.set(person.pid, person)
  return success({ persons, irregular, sql: scriptText(program.value.script) })
}

function personOf(row: SetRow, defines: readonly string[]): SetPerson {
  const entries = defines.map((name, index) => [name, row.define(index)] as const)
  return { pid: row.pid, defines: new Map(entries) }
}

async function* byClosures(
  closure: LibraryClosure,
  defines: readonly string[],
  { session, valueSets, period }: SetInput,
  pids: readonly number[],
): AsyncGenerator<SetPerson> {
  if (pids.length === 0) return
  const evaluator = unwrap(createDirectEvaluator({ closure, defines, valueSets, period }))
  for await (const record of streamPersonRecords(session, { pids })) {
    const { defines: found } = evaluator.evaluate(record)
    yield { pid: record.pid, defines: found }
  }
}
