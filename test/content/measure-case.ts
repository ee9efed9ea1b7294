import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot, unwrap } from '../../src/base/index.ts'
import type { InstalledMeasure } from '../../src/content/index.ts'
import type { PersonRecord, Resource } from '../../src/fhir/index.ts'
import {
  evaluateRecord,
  evaluatorOf as evaluatorOfEngine,
  type MeasurementPeriod,
  type PersonEngine,
  type PersonEvaluation,
} from '../../src/measure/index.ts'
import type { ValueSets } from '../../src/terminology/index.ts'

/** One file of `measures/<id>/cases/`: a patient's resources and the populations that they must come to. */
export interface MeasureCase {
  readonly title: string
  readonly period: { readonly start: string; readonly end: string }
  readonly expected: Readonly<Record<string, number>>
  /** Since when something is due, where the case is about that. */
  readonly dueDate?: string
  readonly bundle: { readonly entry: readonly { readonly resource: Resource }[] }
}

/** The cases of a measure by file name, in the order of the alphabet. */
export function casesOf(measureId: string): ReadonlyMap<string, MeasureCase> {
  const folder = join(projectRoot, 'measures', measureId, 'cases')
  const files = existsSync(folder) ? readdirSync(folder).sort() : []
  return new Map(files.map((file) => [file, JSON.parse(readFileSync(join(folder, file), 'utf8')) as MeasureCase]))
}

/** A person's record of plain resources, the Patient among them. */
export function recordOf(resources: readonly Resource[], source = 'case'): PersonRecord {
  const patient = resources.find(({ resourceType }) => resourceType === 'Patient')
  if (patient === undefined) throw new RangeError('a case has a Patient')
  const entries = resources.map((resource, index) => {
    const { resourceType: type, id = `${index}` } = resource
    return { rid: String(index), source, type, id, resource }
  })
  return { pid: 1, patient, entries }
}

/** Evaluates people one by one with one evaluator. */
export function evaluatorOf(
  measure: InstalledMeasure,
  valueSets: ValueSets,
  period: MeasurementPeriod,
  engine: PersonEngine = 'interpreter',
) {
  const evaluator = unwrap(evaluatorOfEngine(measure, valueSets, period, engine))
  return (resources: readonly Resource[]): Promise<PersonEvaluation> =>
    evaluateRecord(measure, evaluator, recordOf(resources))
}
