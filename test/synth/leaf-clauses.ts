import { chronicClauses } from './clauses/chronic.ts'
import type { Clause } from './clauses/clause.ts'
import { depressionClauses } from './clauses/depression.ts'
import { exclusionClauses } from './clauses/exclusions.ts'
import { populationClauses } from './clauses/population.ts'
import { screeningClauses } from './clauses/screening.ts'

/** Every leaf clause of the five APP Plus measures that has codes which may be shipped. */
export const leafClauses: readonly Clause[] = [
  ...populationClauses,
  ...exclusionClauses,
  ...chronicClauses,
  ...screeningClauses,
  ...depressionClauses,
]
