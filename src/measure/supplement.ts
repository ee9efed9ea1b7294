import type { Diagnostic } from '../base/index.ts'
import {
  type InstalledMeasure,
  type MeasureGroup,
  type SupplementalDatum,
  supplementalDataOf,
} from '../content/index.ts'
import { createDirectEvaluator } from '../direct/index.ts'
import type { PersonRecord } from '../fhir/index.ts'
import { createInterpreter, type DefineValue, type Interpretation } from '../interpret/index.ts'
import type { ValueSets } from '../terminology/index.ts'
import { typesRead } from './data-needs.ts'
import type { PersonEvaluator } from './engine.ts'
import { populationMembers } from './membership.ts'
import type { MeasurementPeriod } from './period.ts'
import { type SupplementValue, supplementValues } from './supplement-value.ts'

/** What reports tell of a person beside the result. */
export interface PersonSupplement {
  readonly pid: number
  /** Values by the datum's id. */
  readonly values: Readonly<Record<string, readonly SupplementValue[]>>
  /** What could not be had, by the datum's id. */
  readonly faults: Readonly<Record<string, Diagnostic>>
  /** Members by population id, where a group has several initial populations: results are stored by code. */
  readonly initialPopulations: Readonly<Record<string, number>>
}

/** Evaluates a measure's supplemental data, person by person; what no run stores is had when a report is made. */
export interface SupplementEvaluator {
  readonly data: readonly SupplementalDatum[]
  /** The types of resources that are read; undefined where that is not known, and a whole record is needed. */
  readonly types?: readonly string[]
  evaluate(record: PersonRecord): Promise<PersonSupplement>
}

/**
 * The evaluator of a measure's supplemental data and of its several initial populations; undefined where it has neither.
 * Each define is made ready on its own: one that cannot be is a fault of that datum alone.
 */
export function createSupplementEvaluator(
  measure: InstalledMeasure,
  valueSets: ValueSets,
  period: MeasurementPeriod,
): SupplementEvaluator | undefined {
  const data = supplementalDataOf(measure.resource)
  const populations = severalInitialPopulations(measure.groups)
  if (data.length === 0 && populations.length === 0) return undefined
  const defines = [...new Set([...data, ...populations].map(({ define }) => define))]
  const together = createDirectEvaluator({ closure: measure.closure, defines, valueSets, period })
  const shared: Ready | undefined = together.ok ? { evaluator: together.value } : undefined
  const types = typesRead(measure.closure, defines)
  const ready = new Map(defines.map((name) => [name, shared ?? readyFor(measure, name, valueSets, period)]))
  return {
    data,
    ...(types.ok ? { types: types.value } : {}),
    async evaluate(record) {
      const found = await valuesOf(ready, record)
      return supplementOf(record.pid, data, populations, found)
    },
  }
}

type Ready = { readonly evaluator: PersonEvaluator } | { readonly fault: Diagnostic }

function readyFor(
  { closure }: InstalledMeasure,
  define: string,
  valueSets: ValueSets,
  period: MeasurementPeriod,
): Ready {
  const options = { closure, defines: [define], valueSets, period }
  const direct = createDirectEvaluator(options)
  if (direct.ok) return { evaluator: direct.value }
  const interpreter = createInterpreter(options)
  if (interpreter.ok) return { evaluator: interpreter.value }
  const [fault] = interpreter.diagnostics
  return { fault: fault ?? nothingOf(define) }
}

type Found = DefineValue | Diagnostic

async function valuesOf(ready: ReadonlyMap<string, Ready>, record: PersonRecord): Promise<ReadonlyMap<string, Found>> {
  const run = new Map<Ready, Interpretation>()
  const found = new Map<string, Found>()
  for (const [define, one] of ready) {
    if ('fault' in one) {
      found.set(define, one.fault)
      continue
    }
    const interpretation = run.get(one) ?? (await one.evaluator.evaluate(record))
    run.set(one, interpretation)
    const value = interpretation.defines.get(define)
    found.set(define, value?.fault ?? value ?? nothingOf(define))
  }
  return found
}

function nothingOf(define: string): Diagnostic {
  return { code: 'measure/supplement', severity: 'error', message: `The define "${define}" gave nothing.` }
}

interface InitialPopulation {
  readonly id: string
  readonly define: string
  readonly basis: string
}

/** The initial populations of groups that have more than one; only those with an id can be told apart. */
function severalInitialPopulations(groups: readonly MeasureGroup[]): readonly InitialPopulation[] {
  return groups.flatMap(({ populations, basis }) => {
    const initial = populations.filter(({ code }) => code === 'initial-population')
    if (initial.length < 2) return []
    return initial.flatMap(({ id, define }) => (id === undefined ? [] : [{ id, define, basis }]))
  })
}

function supplementOf(
  pid: number,
  data: readonly SupplementalDatum[],
  populations: readonly InitialPopulation[],
  found: ReadonlyMap<string, Found>,
): PersonSupplement {
  const values: Record<string, readonly SupplementValue[]> = {}
  const faults: Record<string, Diagnostic> = {}
  for (const { id, define } of data) {
    const value = found.get(define)
    if (value !== undefined && 'letter' in value) values[id] = supplementValues(value)
    else if (value !== undefined) faults[id] = value
  }
  const initialPopulations: Record<string, number> = {}
  for (const { id, define, basis } of populations) {
    const value = found.get(define)
    if (value !== undefined && 'letter' in value) initialPopulations[id] = populationMembers(basis, value).size
    else if (value !== undefined) faults[id] = value
  }
  return { pid, values, faults, initialPopulations }
}
