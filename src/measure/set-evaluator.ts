import { type Result, success } from '../base/index.ts'
import {
  prepareSetProgram,
  runSetProgram,
  type SetData,
  type SetLogic,
  type SetPerson,
  type SetProgram,
} from '../compile/index.ts'
import type { InstalledMeasure } from '../content/index.ts'
import type { Session } from '../duck/index.ts'
import { evaluationOf } from './evaluate-record.ts'
import { logicOf } from './observation-logic.ts'
import type { PersonEvaluation } from './person-evaluation.ts'

/** A measure's logic as SQL, ready for any number of people. */
export interface SetEvaluator {
  readonly program: SetProgram
  /** Evaluates the persons that the session's tables hold, by pid. The session streams meanwhile. */
  evaluate(session: Session): AsyncGenerator<readonly SetAnswer[]>
}

export interface SetAnswer {
  readonly pid: number
  /** Columns cannot represent what the logic read of this person: closures must say. */
  readonly irregular: boolean
  readonly evaluation: PersonEvaluation
  /** The same for persons whose evaluations differ in nothing but pid and evidence; absent where they may. */
  readonly key?: string
}

/** The evaluator of a measure. Failure: those of `createSetProgram`; such a measure is for closures. */
export async function createSetEvaluator(measure: InstalledMeasure, data: SetData): Promise<Result<SetEvaluator>> {
  const program = await prepareSetProgram(setLogicOf(measure), data)
  if (!program.ok) return program
  const answer = answering(measure, program.value)
  return success({
    program: program.value,
    async *evaluate(session) {
      for await (const persons of runSetProgram(session, program.value)) yield persons.map(answer)
    },
  })
}

/** A measure's logic with the defines whose value its results need: episodes, observations, strata and a due date. */
export function setLogicOf(measure: InstalledMeasure): SetLogic {
  const { closure, defines, observations } = logicOf(measure)
  const criteria = measure.groups.flatMap((group) => [
    ...(group.basis === 'boolean' ? [] : group.populations.map(({ define }) => define)),
    ...(group.stratifiers ?? []).flatMap((stratifier) => stratifier.criteria.map(({ define }) => define)),
  ])
  const due = measure.dueDate === undefined ? [] : [measure.dueDate]
  return {
    closure,
    defines: [...defines, ...observations],
    valued: new Set([...criteria, ...observations, ...due]),
  }
}

/** Where people are counted, an evaluation follows from letters, faults and values: it is made once for all alike. */
function answering(measure: InstalledMeasure, program: SetProgram): (person: SetPerson) => SetAnswer {
  const stored = logicOf(measure).defines.length
  const byPerson = measure.groups.every((group) => group.basis === 'boolean')
  const alike = new Map<string, PersonEvaluation>()
  const evaluate = (person: SetPerson): PersonEvaluation =>
    evaluationOf(measure, {
      pid: person.pid,
      defines: new Map(program.defines.map((name, index) => [name, person.define(index)])),
    })
  return (person) => {
    const { pid, irregular, key } = person
    if (!byPerson) return { pid, irregular, evaluation: evaluate(person) }
    let known = alike.get(key)
    if (known === undefined) {
      known = evaluate(person)
      if (alike.size < mostAlike) alike.set(key, known)
    }
    const concerned = known.groups.some(({ populations }) => (populations['initial-population'] ?? 0) > 0)
    const evidence = concerned ? evidenceOf(person, stored) : []
    return { pid, irregular, evaluation: { ...known, pid, evidence }, key }
  }
}

/** Memory must not grow with the number of people, however different they are. */
const mostAlike = 20_000

const evidenceOf = (person: SetPerson, stored: number): PersonEvaluation['evidence'] =>
  person.evidence.filter(({ define }) => define < stored)
