import type { Diagnostic } from '../../base/index.ts'
import { streamPersonRecords } from '../../identity/index.ts'
import { createSupplementEvaluator, type SupplementEvaluator } from '../../measure/index.ts'
import type { SupplementCount } from '../../report/index.ts'
import { dataSnapshot, type MeasureRun } from '../../store/index.ts'
import type { Application } from '../application.ts'
import type { MeasureAsked } from './report-run.ts'

/** What a population's report tells beside the counts. */
export interface PopulationSupplement {
  readonly counts: readonly SupplementCount[]
  /** Members by id of the initial populations of groups that have several; undefined where they are not known. */
  readonly initialPopulations?: Readonly<Record<string, number>>
  readonly remarks: readonly Diagnostic[]
}

const nothing: PopulationSupplement = { counts: [], initialPopulations: {}, remarks: [] }

const kept = new WeakMap<object, Map<string, SupplementEvaluator | undefined>>()

/** The evaluator of a measure's supplement, made once for each period. */
export function supplementEvaluator({ valueSets }: Application, { measure, period }: MeasureAsked) {
  const known = kept.get(measure) ?? new Map<string, SupplementEvaluator | undefined>()
  kept.set(measure, known)
  const key = [period.start, period.end, period.timeZone].join(' ')
  if (!known.has(key)) known.set(key, createSupplementEvaluator(measure, valueSets, period))
  return known.get(key)
}

/**
 * Supplemental data over the persons given, evaluated from their records: no run stores them. Where the records are no
 * longer those of the run, they are left out, and the report says so.
 */
export async function populationSupplement(
  application: Application,
  asked: MeasureAsked,
  run: MeasureRun,
  pids: readonly number[],
): Promise<PopulationSupplement> {
  const evaluator = supplementEvaluator(application, asked)
  if (evaluator === undefined) return nothing
  const { session } = application.store
  if ((await dataSnapshot(session)) !== run.dataSnapshot) return { counts: [], remarks: [changed(run.runId)] }
  const reader = await session.sibling()
  const tally = new Tally(evaluator)
  try {
    const selection = { pids, ...(evaluator.types === undefined ? {} : { types: evaluator.types }) }
    for await (const record of streamPersonRecords(reader, selection)) tally.add(await evaluator.evaluate(record))
  } finally {
    reader.close()
  }
  return tally.result()
}

/** Counts values, each once for a person. */
class Tally {
  readonly #evaluator: SupplementEvaluator
  readonly #counts = new Map<string, Map<string, { value: SupplementCount['value']; persons: number }>>()
  readonly #initial: Record<string, number> = {}
  readonly #failed = new Map<string, number>()
  readonly #resources = new Set<string>()
  #initialFailed = false

  constructor(evaluator: SupplementEvaluator) {
    this.#evaluator = evaluator
  }

  add({ values, faults, initialPopulations }: Awaited<ReturnType<SupplementEvaluator['evaluate']>>): void {
    for (const [id, found] of Object.entries(values)) {
      const known = this.#counts.get(id) ?? new Map<string, { value: SupplementCount['value']; persons: number }>()
      this.#counts.set(id, known)
      for (const value of found) {
        if (value.kind === 'resource') {
          this.#resources.add(id)
          continue
        }
        const key = JSON.stringify(value)
        known.set(key, { value, persons: (known.get(key)?.persons ?? 0) + 1 })
      }
    }
    for (const [id, count] of Object.entries(initialPopulations)) this.#initial[id] = (this.#initial[id] ?? 0) + count
    for (const id of Object.keys(faults)) {
      this.#failed.set(id, (this.#failed.get(id) ?? 0) + 1)
      if (this.#evaluator.data.every((datum) => datum.id !== id)) this.#initialFailed = true
    }
  }

  result(): PopulationSupplement {
    const counts = this.#evaluator.data.flatMap((datum) =>
      [...(this.#counts.get(datum.id) ?? [])]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, counted]) => ({ datum, ...counted })),
    )
    const remarks = [
      ...[...this.#failed].map(([id, persons]) => failed(id, persons)),
      ...[...this.#resources].map(notCounted),
    ]
    return { counts, remarks, ...(this.#initialFailed ? {} : { initialPopulations: this.#initial }) }
  }
}

const changed = (runId: number): Diagnostic => ({
  code: 'jobs/supplement-left-out',
  severity: 'warning',
  message: `Supplemental data are left out: the data changed since run ${runId}, whose counts these are.`,
})

const failed = (id: string, persons: number): Diagnostic => ({
  code: 'jobs/supplement-failed',
  severity: 'warning',
  message: `The supplemental datum ${id} could not be evaluated for ${persons} persons; they are in none of its counts.`,
})

const notCounted = (id: string): Diagnostic => ({
  code: 'jobs/supplement-resources',
  severity: 'information',
  message: `The supplemental datum ${id} gives resources, which individual reports refer to; a summary does not count them.`,
})
