import type { Diagnostic } from '../base/index.ts'
import { planOverHeld, type SharedTable } from '../compile/index.ts'
import type { InstalledMeasure } from '../content/index.ts'
import type { Session } from '../duck/index.ts'
import { createSetEvaluators, type MeasurementPeriod, type SetEvaluator } from '../measure/index.ts'
import { type DerivedTable, findIrregularPersons, slicedTables } from '../store/index.ts'
import type { ValueSets } from '../terminology/index.ts'

/** A measure that SQL evaluates. */
export interface SetMeasure {
  readonly measure: InstalledMeasure
  readonly evaluator: SetEvaluator
  /** Persons whom columns are known not to represent, and why. */
  readonly irregular: ReadonlyMap<number, string>
}

/** A measure that SQL cannot say, and why: closures evaluate it. */
export interface UnsayableMeasure {
  readonly measure: InstalledMeasure
  readonly diagnostic: Diagnostic
}

export interface SetMeasures {
  readonly ready: readonly SetMeasure[]
  readonly unsayable: readonly UnsayableMeasure[]
  /** What the ready ones have in common: it is made for the persons that are cut out before any of them runs. */
  readonly shared: readonly SharedTable[]
  /** The columns that the ready ones read, by table. */
  readonly tables: ReadonlyMap<string, ReadonlySet<string>>
  /** Typed tables that were made to hold what these measures are the first to read. */
  readonly derived: readonly DerivedTable[]
}

/** Makes measures SQL over the typed tables of the store, with what they read in them, for slices of any session. */
export async function prepareSetMeasures(
  session: Session,
  measures: readonly InstalledMeasure[],
  valueSets: ValueSets,
  period: MeasurementPeriod,
): Promise<SetMeasures> {
  const ready: SetMeasure[] = []
  const unsayable: UnsayableMeasure[] = []
  const { made, derived } = await planOverHeld(
    session,
    (stored) => createSetEvaluators(measures, { tables: slicedTables, stored, valueSets, period }),
    ({ evaluators }) => evaluators.flatMap((one) => (one.ok ? one.value.program.reads : [])),
  )
  for (const [index, measure] of measures.entries()) {
    const evaluator = made.evaluators[index]
    if (evaluator?.ok === true) {
      const irregular = await findIrregularPersons(session, evaluator.value.program.reads)
      ready.push({ measure, evaluator: evaluator.value, irregular })
    } else if (evaluator !== undefined) unsayable.push({ measure, diagnostic: fallback(evaluator.diagnostics) })
  }
  return { ready, unsayable, shared: made.shared, tables: tablesOf(ready), derived }
}

function tablesOf(measures: readonly SetMeasure[]): SetMeasures['tables'] {
  const tables = new Map<string, Set<string>>()
  for (const { evaluator } of measures)
    for (const [table, columns] of evaluator.program.tables) {
      const known = tables.get(table) ?? new Set<string>()
      tables.set(table, known)
      for (const column of columns) known.add(column)
    }
  return tables
}

function fallback(reasons: readonly Diagnostic[]): Diagnostic {
  const [first] = reasons
  const more = reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : ''
  return {
    code: 'jobs/not-by-sql',
    severity: 'warning',
    message: `SQL cannot say this measure; closures evaluate it, person by person: ${first?.message ?? 'no reason given'}${more}`,
    ...(first?.place === undefined ? {} : { place: first.place }),
    data: { reasons: reasons.map(({ code, message }) => ({ code, message })) },
  }
}
