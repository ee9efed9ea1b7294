import { invariant, type Result, success } from '../base/index.ts'
import {
  dropSetKinds,
  makeSetKinds,
  prepareSetPrograms,
  readSetValues,
  runSetProgram,
  type SetData,
  type SetKind,
  type SetLogic,
  type SetPerson,
  type SetProgram,
  type SetValues,
  type SharedTable,
  streamOwn,
} from '../compile/index.ts'
import type { InstalledMeasure } from '../content/index.ts'
import type { DirectDefineValue } from '../direct/index.ts'
import type { Session } from '../duck/index.ts'
import { addKindDueDates, addValueDueDates } from '../store/index.ts'
import { evaluationOf, isConcerned } from './evaluate-record.ts'
import { logicOf } from './observation-logic.ts'
import type { PersonEvaluation } from './person-evaluation.ts'

/** A measure's logic as SQL, ready for any number of people. */
export interface SetEvaluator {
  readonly program: SetProgram
  /** Evaluates the persons that the session's tables hold, by pid. The session streams meanwhile. */
  evaluate(session: Session): AsyncGenerator<readonly SetAnswer[]>
  /** The same by kinds of persons. */
  readonly alike: AlikeEvaluator
}

/** Evaluates persons who are alike once. What a session has made stands in it until `drop`. */
export interface AlikeEvaluator {
  /** Evidence of so many defines is stored. */
  readonly defines: number
  /**
   * Evaluates the persons that the session's tables hold. Those of a kind stand under `setAnswers` then: all but whoever has
   * episodes that are counted, for these are each person's own.
   */
  make(session: Session): Promise<readonly KindAnswer[]>
  /** Those who are of no kind, when kinds are made, by pid. The session streams meanwhile. */
  own(session: Session): AsyncGenerator<readonly SetAnswer[]>
  /** Keeps the due dates of the persons of some kinds in the session (`openDueDates`): results do not hold them. */
  keepDueDates(session: Session, kinds: readonly KindAnswer[]): Promise<void>
  drop(session: Session): Promise<void>
}

/** What is to be said of all persons of a kind: their evaluation without pid, evidence and a due date of their own. */
export interface KindAnswer {
  readonly kind: number
  /** Why SQL cannot say them, where it cannot: closures must. */
  readonly irregular: string | undefined
  /** The measure is about them. */
  readonly concerned: boolean
  readonly evaluation: PersonEvaluation
}

export interface SetAnswer {
  readonly pid: number
  /** Why SQL cannot say what the logic read of this person, where it cannot: closures must. */
  readonly irregular: string | undefined
  readonly evaluation: PersonEvaluation
}

/** Measures as SQL, to be run side by side over the same persons. */
export interface SetEvaluators {
  /** In the order of the measures; failures are for closures: those of `createSetProgram`. */
  readonly evaluators: readonly Result<SetEvaluator>[]
  /** What they have in common: it is made before any of them runs (`makeSharedTables`). */
  readonly shared: readonly SharedTable[]
}

/** The evaluators of measures. What several have in common is evaluated once. */
export async function createSetEvaluators(
  measures: readonly InstalledMeasure[],
  data: SetData,
): Promise<SetEvaluators> {
  const { programs, shared } = await prepareSetPrograms(measures.map(setLogicOf), data)
  const evaluators = measures.map((measure, index) => evaluatorOver(measure, programs[index]))
  return { evaluators, shared }
}

function evaluatorOver(measure: InstalledMeasure, program: Result<SetProgram> | undefined): Result<SetEvaluator> {
  invariant(program !== undefined, `${measure.id} has a program`)
  if (!program.ok) return program
  return success({
    program: program.value,
    async *evaluate(session) {
      for await (const persons of runSetProgram(session, program.value))
        yield persons.map((person) => answerOf(measure, program.value, person))
    },
    alike: alikeEvaluator(measure, program.value),
  })
}

function answerOf(measure: InstalledMeasure, program: SetProgram, person: SetPerson): SetAnswer {
  const { pid, irregular } = person
  return { pid, irregular, evaluation: evaluationOf(measure, { pid, defines: definesOf(program, person) }) }
}

const definesOf = (program: SetProgram, values: SetValues): ReadonlyMap<string, DirectDefineValue> =>
  new Map(program.defines.map((name, index) => [name, values.define(index)]))

/** A measure's logic with the defines whose value its results need: episodes, observations, strata and a due date. */
export function setLogicOf(measure: InstalledMeasure): SetLogic {
  const { closure, defines, observations } = logicOf(measure)
  const due = measure.dueDate === undefined ? [] : [measure.dueDate]
  return {
    closure,
    defines: [...defines, ...observations],
    valued: new Set([...criteriaOf(measure), ...observations, ...due]),
  }
}

/** Criteria whose value counts, not the letter alone. */
const criteriaOf = ({ groups }: Pick<InstalledMeasure, 'groups'>): readonly string[] =>
  groups.flatMap((group) => [
    ...(group.basis === 'boolean' ? [] : group.populations.map(({ define }) => define)),
    ...(group.stratifiers ?? []).flatMap((stratifier) => stratifier.criteria.map(({ define }) => define)),
  ])

/** The numbers of the defines that give episodes. */
function countedDefines(measure: InstalledMeasure, program: SetProgram): readonly number[] {
  const groups = measure.groups.filter(({ basis }) => basis !== 'boolean')
  const counted = new Set(criteriaOf({ groups }))
  return program.defines.flatMap((name, index) => (counted.has(name) ? [index] : []))
}

function alikeEvaluator(measure: InstalledMeasure, program: SetProgram): AlikeEvaluator {
  const due = dueDateApart(measure, program)
  const setting = { ...(due === undefined ? {} : { apart: due }), counted: countedDefines(measure, program) }
  return {
    defines: logicOf(measure).defines.length,
    async make(session) {
      const kinds = await makeSetKinds(session, program, setting)
      return kinds.map((kind) => kindAnswer(measure, program, kind, due))
    },
    async *own(session) {
      if (setting.counted.length === 0) return
      for await (const persons of streamOwn(session, program, setting))
        yield persons.map((person) => answerOf(measure, program, person))
    },
    async keepDueDates(session, kinds) {
      const concerned = kinds.filter((one) => one.concerned)
      const alike = concerned.flatMap(({ kind, evaluation: { dueDate } }) =>
        dueDate === undefined ? [] : [{ kind, dueDate }],
      )
      await addKindDueDates(session, measure.id, alike)
      if (due === undefined) return
      const own = concerned.filter(({ evaluation }) => evaluation.defines[due] === 'v').map(({ kind }) => kind)
      const values = own.length === 0 ? [] : await readSetValues(session, program, own, due)
      const told = values.map(({ n, value }) => ({ n, dueDate: String(value) }))
      await addValueDueDates(session, measure.id, own, told)
    },
    drop: dropSetKinds,
  }
}

/** The number of the define that says when a gap is due, where it says nothing else: nearly everybody has a day of their own. */
function dueDateApart(measure: InstalledMeasure, program: SetProgram): number | undefined {
  const { dueDate } = measure
  if (dueDate === undefined || criteriaOf(measure).includes(dueDate)) return undefined
  const index = program.defines.indexOf(dueDate)
  return index < 0 ? undefined : index
}

function kindAnswer(measure: InstalledMeasure, program: SetProgram, values: SetKind, due?: number): KindAnswer {
  const { dueDate, ...evaluation } = evaluationOf(measure, { pid: 0, defines: definesOf(program, values) })
  // Where kinds leave the value out, what stands there is nobody's.
  const alike = due === undefined && dueDate !== undefined ? { dueDate } : {}
  const { kind, irregular } = values
  return { kind, irregular, concerned: isConcerned(evaluation), evaluation: { ...evaluation, ...alike } }
}
