import type { Diagnostic, Result } from '../base/index.ts'
import type { InstalledMeasure, MeasureGroup, MeasurePopulation } from '../content/index.ts'
import type { PersonRecord } from '../fhir/index.ts'
import { createInterpreter, type DefineValue, type Interpretation, type Interpreter } from '../interpret/index.ts'
import type { ValueSets } from '../terminology/index.ts'
import { measureDefines } from './measure-defines.ts'
import { type CriterionMembers, cutMembership } from './membership.ts'
import type { MeasurementPeriod } from './period.ts'
import type { Evidence, GroupEvaluation, PersonEvaluation } from './person-evaluation.ts'

/** An interpreter for what a measure needs. Failure: those of `createInterpreter`. */
export function interpreterOf(
  measure: InstalledMeasure,
  valueSets: ValueSets,
  period: MeasurementPeriod,
): Result<Interpreter> {
  return createInterpreter({ closure: measure.closure, defines: measureDefines(measure), valueSets, period })
}

/** What a measure says of one person: never throws for what the record holds. `interpreter` is of `interpreterOf`. */
export async function evaluateRecord(
  measure: InstalledMeasure,
  interpreter: Interpreter,
  record: PersonRecord,
): Promise<PersonEvaluation> {
  return evaluationOf(measure, await interpreter.evaluate(record))
}

/** The evaluation that the values of a person's defines amount to. Pure. */
export function evaluationOf(measure: InstalledMeasure, interpretation: Interpretation): PersonEvaluation {
  const defines = [...interpretation.defines.entries()]
  const base = {
    pid: interpretation.pid,
    measureId: measure.id,
    defines: defines.map(([, value]) => value.letter).join(''),
  }
  const error = firstFault(measure, interpretation)
  if (error !== undefined) return { ...base, groups: [], evidence: [], error }
  const groups = measure.groups.map((group) => evaluateGroup(group, interpretation))
  // Evidence is stored for people whom the measure is about; of others any define can be had by evaluating again.
  const concerned = groups.some((group) => (group.populations['initial-population'] ?? 0) > 0)
  return { ...base, groups, evidence: concerned ? evidenceOf(defines) : [] }
}

function evidenceOf(defines: readonly (readonly [string, DefineValue])[]): readonly Evidence[] {
  return defines.flatMap(([, value], define) => value.rids.map((rid) => ({ define, rid })))
}

/** The first population whose criterion failed, or gave what its basis cannot count. */
function firstFault(measure: InstalledMeasure, { defines }: Interpretation): Diagnostic | undefined {
  for (const group of measure.groups) {
    for (const population of group.populations) {
      const value = defines.get(population.define)
      const fault = value?.fault ?? wrongBasis(measure, group, population, value)
      if (fault !== undefined) return fault
    }
  }
  return undefined
}

function wrongBasis(
  measure: InstalledMeasure,
  group: MeasureGroup,
  population: MeasurePopulation,
  value: DefineValue | undefined,
): Diagnostic | undefined {
  const wanted = group.basis === 'boolean' ? 'tfn' : 'lzn'
  if (value !== undefined && wanted.includes(value.letter)) return undefined
  return {
    code: 'measure/wrong-basis',
    severity: 'error',
    message: `The ${population.code} of group ${group.id} counts by ${group.basis}, and its define gives another kind of value.`,
    place: { library: measure.closure.main.identifier.id, define: population.define },
    remedy: 'Correct the population basis or the criterion of the Measure.',
  }
}

/** The key of the only member of a population that counts people. */
const person = 'person'

function evaluateGroup(group: MeasureGroup, { defines }: Interpretation): GroupEvaluation {
  const criteria = group.populations.map((population): CriterionMembers => {
    const value = defines.get(population.define)
    const members = group.basis === 'boolean' ? (value?.value === true ? [person] : []) : (value?.members() ?? [])
    return {
      code: population.code,
      ...(population.id === undefined ? {} : { id: population.id }),
      members: new Set(members),
    }
  })
  const membership = cutMembership(group.scoring, criteria)
  const populations = Object.fromEntries(Object.entries(membership).map(([code, members]) => [code, members.size]))
  return { groupId: group.id, populations }
}
