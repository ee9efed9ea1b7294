import { type Clock, type Diagnostic, giveWay, messageOf } from '../base/index.ts'
import type { InstalledMeasure } from '../content/index.ts'
import type { PersonRecord } from '../fhir/index.ts'
import { dayOf, deriveGaps, type EvidenceRecord, type GapMoment } from '../gaps/index.ts'
import {
  evaluateRecord,
  evaluatorOf,
  type MeasurementPeriod,
  type PersonEngine,
  type PersonEvaluation,
  type PersonEvaluator,
} from '../measure/index.ts'
import type { ValueSets } from '../terminology/index.ts'
import type { PersonAnswer } from './application.ts'

/** What all measures of a run say of one person, in the order of the measures. */
export interface PersonAnswers {
  readonly pid: number
  readonly answers: readonly PersonAnswer[]
}

/** Measures made ready for one period. Holds no person: any number may be evaluated, also at the same time. */
export interface Evaluator {
  /** Measures that can be evaluated. */
  readonly measures: readonly InstalledMeasure[]
  /** Measures that were refused, and why. */
  readonly refused: readonly UnreadyMeasure[]
  evaluate(record: PersonRecord): Promise<PersonAnswers>
}

export interface UnreadyMeasure {
  readonly measure: InstalledMeasure
  readonly diagnostics: readonly Diagnostic[]
}

interface Ready {
  readonly measure: InstalledMeasure
  readonly evaluator: PersonEvaluator
}

/** The day that it is in a zone. */
export const todayIn = (clock: Clock, timeZone: string): string => dayOf(clock.now().toISOString(), timeZone)

/** Makes measures ready; one that the engine cannot evaluate is refused with its diagnostics, the others stand. */
export function createEvaluator(
  measures: readonly InstalledMeasure[],
  valueSets: ValueSets,
  period: MeasurementPeriod,
  engine: PersonEngine,
  /** The day (in the period's zone) at which gaps are looked at: until they are due they are prospective. */
  today: () => string,
): Evaluator {
  const made = measures.map((measure) => makeReady(measure, valueSets, period, engine))
  return evaluatorOver(made, valueSets, period, today)
}

/** As `createEvaluator`, in a thread that others wait for: it gives way to them before each measure. */
export async function prepareEvaluator(
  measures: readonly InstalledMeasure[],
  valueSets: ValueSets,
  period: MeasurementPeriod,
  engine: PersonEngine,
  today: () => string,
): Promise<Evaluator> {
  const made: (Ready | UnreadyMeasure)[] = []
  for (const measure of measures) {
    await giveWay()
    made.push(makeReady(measure, valueSets, period, engine))
  }
  return evaluatorOver(made, valueSets, period, today)
}

function makeReady(
  measure: InstalledMeasure,
  valueSets: ValueSets,
  period: MeasurementPeriod,
  engine: PersonEngine,
): Ready | UnreadyMeasure {
  const made = evaluatorOf(measure, valueSets, period, engine)
  return made.ok ? { measure, evaluator: made.value } : { measure, diagnostics: made.diagnostics }
}

function evaluatorOver(
  made: readonly (Ready | UnreadyMeasure)[],
  valueSets: ValueSets,
  period: MeasurementPeriod,
  today: () => string,
): Evaluator {
  const ready = made.filter((one) => 'evaluator' in one)
  const refused = made.filter((one) => 'diagnostics' in one)
  return {
    measures: ready.map(({ measure }) => measure),
    refused,
    async evaluate(record) {
      const answers: PersonAnswer[] = []
      for (const { measure, evaluator } of ready) {
        const evaluation = await evaluateRecord(measure, evaluator, record)
        answers.push(answerOf(measure, evaluation, record, period, { today: today(), valueSets }))
      }
      return { pid: record.pid, answers }
    },
  }
}

/** The evaluation with its gaps. Where gaps cannot be derived, that is the person's error: never a run's end. */
export function answerOf(
  measure: InstalledMeasure,
  evaluation: PersonEvaluation,
  record: EvidenceRecord,
  period: MeasurementPeriod,
  moment: GapMoment,
): PersonAnswer {
  try {
    return { evaluation, gaps: deriveGaps(measure, evaluation, record, period, moment) }
  } catch (thrown) {
    // The text of a thrown error may hold what the record holds: its kind is all that is told.
    const kind = thrown instanceof Error ? thrown.constructor.name : typeof messageOf(thrown)
    const error: Diagnostic = {
      code: 'jobs/gap-failed',
      severity: 'error',
      message: `The reason of the gap cannot be derived (${kind}).`,
      place: { library: measure.closure.main.identifier.id },
    }
    const failed: PersonEvaluation = { ...evaluation, groups: [], evidence: [], error }
    return { evaluation: failed, gaps: deriveGaps(measure, failed, record, period) }
  }
}
