import type { Diagnostic } from '../base/index.ts'
import type { InstalledMeasure } from '../content/index.ts'
import type { Session } from '../duck/index.ts'
import { createSetEvaluator, type MeasurementPeriod, type SetEvaluator } from '../measure/index.ts'
import {
  findIrregularPersons,
  openSlices,
  prepareSetTables,
  readConceptCodings,
  type SetSlices,
} from '../store/index.ts'
import type { ValueSets } from '../terminology/index.ts'

/** A measure that SQL evaluates. */
export interface SetMeasure {
  readonly measure: InstalledMeasure
  readonly evaluator: SetEvaluator
  /** Persons whom columns are known not to represent. */
  readonly irregular: ReadonlySet<number>
}

/** A measure that SQL cannot say, and why: closures evaluate it. */
export interface UnsayableMeasure {
  readonly measure: InstalledMeasure
  readonly diagnostic: Diagnostic
}

export interface SetMeasures {
  readonly ready: readonly SetMeasure[]
  readonly unsayable: readonly UnsayableMeasure[]
}

/** The tables that programs read, in a session of its own. Programs of one session run in every other. */
export async function openSetSession(session: Session): Promise<SetSlices> {
  return openSlices(session, await prepareSetTables(session, []))
}

/** Makes measures SQL over a session's tables; code sets are looked up once, for all persons. */
export async function prepareSetMeasures(
  session: Session,
  { tables }: SetSlices,
  measures: readonly InstalledMeasure[],
  valueSets: ValueSets,
  period: MeasurementPeriod,
): Promise<SetMeasures> {
  const ready: SetMeasure[] = []
  const unsayable: UnsayableMeasure[] = []
  const codings = await readConceptCodings(session)
  for (const measure of measures) {
    const made = createSetEvaluator(measure, { tables, codings, valueSets, period })
    if (!made.ok) {
      unsayable.push({ measure, diagnostic: fallback(made.diagnostics) })
      continue
    }
    const irregular = new Set(await findIrregularPersons(session, made.value.program.reads))
    ready.push({ measure, evaluator: made.value, irregular })
  }
  return { ready, unsayable }
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
