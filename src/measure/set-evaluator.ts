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
  type SharedTable,
} from '../compile/index.ts'
import type { InstalledMeasure } from '../content/index.ts'
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
  /** The same by kinds of persons; absent where episodes are counted, for these are each person's own. */
  readonly alike?: AlikeEvaluator
}

/** Evaluates persons who are alike once. What a session has made stands in it until `drop`. */
export interface AlikeEvaluator {
  /** Evidence of so many defines is stored. */
  readonly defines: number
  /** Evaluates the persons that the session's tables hold; they stand under `setAnswers` then. */
  make(session: Session): Promise<readonly KindAnswer[]>
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

/** Most people have no episode of what is measured, and the same is said of them: it is found once. */
function answerOnce(evaluated: (person: SetPerson) => PersonEvaluation): (person: SetPerson) => SetAnswer {
  const known = new Map<string, PersonEvaluation>()
  const evaluationLike = (person: SetPerson, likeness: string): PersonEvaluation => {
    const found = known.get(likeness) ?? evaluated(person)
    if (known.size < mostKnown) known.set(likeness, found)
    return { ...found, pid: person.pid }
  }
  return (person) => ({
    pid: person.pid,
    irregular: person.irregular,
    evaluation: person.likeness === undefined ? evaluated(person) : evaluationLike(person, person.likeness),
  })
}

const mostKnown = 1000

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
  const evaluated = (person: SetPerson): PersonEvaluation => {
    const defines = new Map(program.value.defines.map((name, index) => [name, person.define(index)]))
    return evaluationOf(measure, { pid: person.pid, defines })
  }
  return success({
    program: program.value,
    async *evaluate(session) {
      const answer = answerOnce(evaluated)
      for await (const persons of runSetProgram(session, program.value)) yield persons.map(answer)
    },
    ...(countsPersons(measure) ? { alike: alikeEvaluator(measure, program.value) } : {}),
  })
}

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
const criteriaOf = (measure: InstalledMeasure): readonly string[] =>
  measure.groups.flatMap((group) => [
    ...(group.basis === 'boolean' ? [] : group.populations.map(({ define }) => define)),
    ...(group.stratifiers ?? []).flatMap((stratifier) => stratifier.criteria.map(({ define }) => define)),
  ])

const countsPersons = (measure: InstalledMeasure): boolean => measure.groups.every((group) => group.basis === 'boolean')

function alikeEvaluator(measure: InstalledMeasure, program: SetProgram): AlikeEvaluator {
  const due = dueDateApart(measure, program)
  return {
    defines: logicOf(measure).defines.length,
    async make(session) {
      const kinds = await makeSetKinds(session, program, due)
      return kinds.map((kind) => kindAnswer(measure, program, kind, due))
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
  const defines = new Map(program.defines.map((name, index) => [name, values.define(index)]))
  const { dueDate, ...evaluation } = evaluationOf(measure, { pid: 0, defines })
  // Where kinds leave the value out, what stands there is nobody's.
  const alike = due === undefined && dueDate !== undefined ? { dueDate } : {}
  const { kind, irregular } = values
  return { kind, irregular, concerned: isConcerned(evaluation), evaluation: { ...evaluation, ...alike } }
}
