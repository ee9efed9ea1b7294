import { finish, type Steps } from '../base/index.ts'
import { textLiteral } from '../duck/index.ts'
import type { DefineColumn, ProgramPlan } from '../plan/index.ts'
import { printProgramInSteps } from './print-plan.ts'
import type { Script } from './script.ts'
import { quoted } from './type-name.ts'

/**
 * A plan of letters as a script with one compact row for each person: `pid`, `letters` (one for each define, e for a
 * fault), `faults` (define's number and code; NULL where there are none), `evidence` (define's number and resource, in
 * order) and `held_N` for the values that were asked for.
 */
export function printLetters(program: ProgramPlan): Script {
  return finish(printLettersInSteps(program))
}

/** The same relation by relation, for a thread that others wait for. */
export function* printLettersInSteps(program: ProgramPlan): Steps<Script> {
  const { before, query, after } = yield* printProgramInSteps(program)
  const { defines } = program
  const faults = defines.flatMap(({ fault }, index) =>
    fault === undefined
      ? []
      : [`CASE WHEN ${quoted(fault)} IS NOT NULL THEN struct_pack(define := ${index}, code := ${quoted(fault)}) END`],
  )
  const evidence = defines.flatMap((column, index) => evidenceText(column, index))
  const list = [
    `${quoted(program.key)} AS pid`,
    `${defines.length === 0 ? `''` : `concat(${defines.map(letterText).join(', ')})`} AS letters`,
    `${faults.length === 0 ? 'NULL' : `nullif(list_filter([${faults.join(', ')}], lambda f: f IS NOT NULL), [])`} AS faults`,
    `${evidence.length === 0 ? 'NULL' : `list_concat(${evidence.join(', ')})`} AS evidence`,
    ...defines.flatMap(({ held }, index) => (held === undefined ? [] : [`${quoted(held.name)} AS held_${index}`])),
  ]
  return { before, query: `SELECT ${list.join(',\n  ')}\nFROM (\n${query}\n) AS whole\nORDER BY pid`, after }
}

const orFault = ({ fault }: DefineColumn, otherwise: string, text: string): string =>
  fault === undefined ? text : `CASE WHEN ${quoted(fault)} IS NOT NULL THEN ${otherwise} ELSE ${text} END`

const letterText = (column: DefineColumn): string => orFault(column, textLiteral('e'), quoted(column.value))

function evidenceText(column: DefineColumn, index: number): readonly string[] {
  if (column.rids === undefined) return []
  const pairs = `list_transform(${quoted(column.rids)}, lambda r: struct_pack(define := ${index}, rid := r))`
  return [orFault(column, 'NULL', pairs)]
}
