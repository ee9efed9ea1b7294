import { defaultConfig, fixedClock, type Logger } from '../../src/base/index.ts'
import type { InstalledMeasure } from '../../src/content/index.ts'
import type { PersonRecord } from '../../src/fhir/index.ts'
import { deriveGaps } from '../../src/gaps/index.ts'
import type { Application } from '../../src/jobs/index.ts'
import type { MeasurementPeriod, PersonEvaluation } from '../../src/measure/index.ts'
import { openStore, type Store } from '../../src/store/index.ts'

/** What a made measure says of a record: in place of an engine. */
export type Evaluate = (record: PersonRecord, measure: InstalledMeasure, period: MeasurementPeriod) => PersonEvaluation

export interface FakeApplication extends Application {
  readonly logged: string[]
}

/** An application over an empty store in memory, with measures made for the test and a clock that stands still. */
export async function fakeApplication(
  measures: readonly InstalledMeasure[],
  evaluate: Evaluate,
  given: { readonly store?: Store; readonly users?: string } = {},
): Promise<FakeApplication> {
  const store = given.store ?? (await openStore({ path: ':memory:' }))
  const logged: string[] = []
  const logger: Logger = { log: (level, event, fields) => logged.push(JSON.stringify({ level, event, ...fields })) }
  return {
    store,
    config: { ...defaultConfig, ...(given.users === undefined ? {} : { users: given.users }) },
    clock: fixedClock('2026-06-15T12:00:00Z'),
    logger,
    logged,
    measures,
    valueSets: { find: () => undefined, all: [] },
    evaluatePerson(record, measureId, period) {
      const measure = measures.find(({ id }) => id === measureId)
      if (measure === undefined) return Promise.reject(new RangeError(measureId))
      const evaluation = evaluate(record, measure, period)
      return Promise.resolve({ evaluation, gaps: deriveGaps(measure, evaluation, record, period) })
    },
    evaluateMeasure(record, measure, period) {
      const evaluation = evaluate(record, measure, period)
      return Promise.resolve({ evaluation, gaps: deriveGaps(measure, evaluation, record, period) })
    },
    oneAtATime: (work) => work(),
    evaluateRun: () => Promise.reject(new RangeError('no runs here')),
    lookBack: () => Promise.reject(new RangeError('no runs here')),
    close: () => {
      store.close()
      return Promise.resolve()
    },
  }
}
