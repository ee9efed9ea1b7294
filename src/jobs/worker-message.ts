import type { InstalledMeasure } from '../content/index.ts'
import type { PersonParts } from '../identity/index.ts'
import type { MeasurementPeriod, PersonEngine } from '../measure/index.ts'
import type { Expansion } from '../terminology/index.ts'
import type { PersonAnswers } from './evaluator.ts'

/** What a worker thread is started with. All of it survives the structured clone. */
export interface WorkerSetting {
  readonly measures: readonly InstalledMeasure[]
  readonly expansions: readonly Expansion[]
  readonly period: MeasurementPeriod
  readonly engine: PersonEngine
  /** The day at which gaps are looked at. */
  readonly today: string
}

export interface WorkerTask {
  readonly id: number
  /** Their resources are texts: these cross threads at a fraction of what cloning objects costs. */
  readonly persons: readonly PersonParts[]
}

export interface WorkerAnswer {
  readonly id: number
  readonly persons: readonly PersonAnswers[]
}
