import type { Gap } from '../gaps/index.ts'
import type { GroupEvaluation, PersonEvaluation } from '../measure/index.ts'
import type { GapRow, PersonErrorRow, PersonResultRow, ResultRows } from '../store/index.ts'
import type { PersonAnswers } from './evaluator.ts'

/** The rows that persons' answers are stored as. */
export function rowsOf(persons: readonly PersonAnswers[]): ResultRows {
  const answers = persons.flatMap((person) => person.answers)
  return {
    results: answers.flatMap(({ evaluation }) => evaluation.groups.map((group) => resultRow(evaluation, group))),
    errors: answers.flatMap(({ evaluation }) => errorRow(evaluation)),
    gaps: answers.flatMap(({ gaps }) => gaps.map(gapRow)),
  }
}

function resultRow(evaluation: PersonEvaluation, group: GroupEvaluation): PersonResultRow {
  const { groupId, populations, observations, strata, stratumObservations } = group
  const { measureId, pid, defines, evidence } = evaluation
  return {
    measureId,
    groupId,
    pid,
    initialPopulation: populations['initial-population'] ?? null,
    denominator: populations.denominator ?? null,
    denominatorExclusion: populations['denominator-exclusion'] ?? null,
    denominatorException: populations['denominator-exception'] ?? null,
    numerator: populations.numerator ?? null,
    numeratorExclusion: populations['numerator-exclusion'] ?? null,
    measurePopulation: populations['measure-population'] ?? null,
    measurePopulationExclusion: populations['measure-population-exclusion'] ?? null,
    defines,
    evidence,
    ...(observations === undefined ? {} : { observations }),
    ...(strata === undefined ? {} : { strata }),
    ...(stratumObservations === undefined ? {} : { stratumObservations }),
  }
}

function errorRow({ measureId, pid, error }: PersonEvaluation): readonly PersonErrorRow[] {
  if (error === undefined) return []
  return [{ measureId, pid, code: error.code, message: error.message, place: error.place ?? null }]
}

function gapRow(gap: Gap): GapRow {
  return { ...gap, nextAction: gap.nextAction ?? null, dueDate: gap.dueDate ?? null }
}
