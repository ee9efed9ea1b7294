import type { InstalledMeasure } from '../content/index.ts'

/**
 * Names of the expression definitions of a measure's main library, in the order of the ELM: the order of
 * `PersonEvaluation.defines` and of the stored letters. Functions and the context's own `Patient` are left out.
 */
export function measureDefines(measure: InstalledMeasure): readonly string[] {
  return (measure.closure.main.statements?.def ?? [])
    .filter((statement) => statement.type !== 'FunctionDef' && statement.name !== 'Patient')
    .map((statement) => statement.name)
}
