import type { Clock, Config, Logger, Progress } from '../base/index.ts'
import type { DrugIngredients, LoadedPlan } from '../cards/index.ts'
import type { CompositeMeasure, InstalledMeasure } from '../content/index.ts'
import type { PersonRecord } from '../fhir/index.ts'
import type { Gap } from '../gaps/index.ts'
import type { Engine, MeasurementPeriod, PersonEvaluation } from '../measure/index.ts'
import type { LookBack, Store } from '../store/index.ts'
import type { ValueSets } from '../terminology/index.ts'
import type { ActivityBoard } from './activity.ts'

/** One person, one measure, now: the evaluation and what it means. */
export interface PersonAnswer {
  readonly evaluation: PersonEvaluation
  readonly gaps: readonly Gap[]
}

export interface RunRequest {
  /** Measure ids; all installed ones where absent. */
  readonly measures?: readonly string[]
  readonly period: MeasurementPeriod
  /** What evaluates; SQL where absent. */
  readonly engine?: Engine
  /** Evaluate although a source's newest refresh lacks something: every result then says so. */
  readonly acceptPartial?: boolean
  /** Where a published run was made of the very same facts, measures, period and engine, that one is the answer. */
  readonly reuse?: boolean
  /** Evaluate everybody, also whom nothing has changed since the last run of the same measures and period. */
  readonly full?: boolean
  /** For a report alone: what pages and lists show stays the newest run that was published. */
  readonly unlisted?: boolean
}

/** What the edges (api, pages, cli) work with: opened once per process. */
export interface Application {
  readonly store: Store
  readonly config: Config
  readonly clock: Clock
  readonly logger: Logger
  readonly measures: readonly InstalledMeasure[]
  readonly valueSets: ValueSets
  /** Measures that are composed of others; none where absent. */
  readonly composites?: readonly CompositeMeasure[]
  /** Decision support beside measures; none where absent. */
  readonly plans?: readonly LoadedPlan[]
  /** RxNorm ingredients of products, for CDS services. */
  readonly ingredients?: DrugIngredients
  /** What is under way in this process; nothing is told where absent. */
  readonly activity?: ActivityBoard
  evaluatePerson(record: PersonRecord, measureId: string, period: MeasurementPeriod): Promise<PersonAnswer>
  /** As `evaluatePerson`, by a measure that need not be as it is installed (`withParameters`). */
  evaluateMeasure(record: PersonRecord, measure: InstalledMeasure, period: MeasurementPeriod): Promise<PersonAnswer>
  /** Evaluates everybody; the run is visible only once all of it is stored. Returns the run's id. */
  evaluateRun(request: RunRequest, progress: Progress): Promise<number>
  /** Counts the newest run's measures as of the same day of the year before, by the data of today (`lookBack`). */
  lookBack(progress: Progress): Promise<readonly LookBack[]>
  /** Does heavy work (a load, a run) when what was begun before is done: two would share memory and finish no sooner. */
  oneAtATime<T>(work: () => Promise<T>): Promise<T>
  /** Has work ended before the store is closed under it. */
  onClose?(end: () => Promise<void>): void
  close(): Promise<void>
}
