import type { Diagnostic } from '../base/index.ts'
import { aggregateMethods, type MeasureObservation, type ObservedPopulation } from './measure.ts'
import { codeOf, cqfmCode, type MeasureResourcePopulation } from './measure-resource.ts'

interface Read {
  readonly value: readonly MeasureObservation[]
  readonly diagnostics: readonly Diagnostic[]
}

const observed: readonly ObservedPopulation[] = ['denominator', 'numerator', 'measure-population']

/**
 * The observations of a group (populations of code `measure-observation`). Which population one looks at is said by
 * its criteriaReference. Where that names no population of the group, as in some published measures, the order
 * in which such measures are written decides (denominator first), and a warning says so.
 */
export function readObservations(
  observations: readonly MeasureResourcePopulation[],
  populations: readonly MeasureResourcePopulation[],
  element: string,
): Read {
  const reads = observations.map((observation, index) => readObservation(observation, index, populations, element))
  return { value: reads.flatMap((read) => read.value), diagnostics: reads.flatMap((read) => read.diagnostics) }
}

function readObservation(
  observation: MeasureResourcePopulation,
  index: number,
  populations: readonly MeasureResourcePopulation[],
  element: string,
): Read {
  const id = observation.id ?? `measure-observation-${index + 1}`
  const place = { element: `${element}.population`, resource: id }
  const define = observation.criteria.expression
  const wanted = cqfmCode(observation, 'aggregateMethod')?.toLowerCase()
  const method = aggregateMethods.find((known) => known === wanted)
  if (define === undefined || define === '' || method === undefined) {
    const message =
      method === undefined
        ? `The aggregate method "${wanted ?? ''}" of observation ${id} is not known.`
        : `Observation ${id} has no criteria expression.`
    const remedy = `Name a function and one of: ${aggregateMethods.join(', ')}.`
    return {
      value: [],
      diagnostics: [{ code: 'content/invalid-observation', severity: 'error', message, place, remedy }],
    }
  }
  const { population, isGuess } = populationOf(observation, index, populations)
  if (population === undefined) {
    const message = `Observation ${id} looks at no population of its group.`
    const remedy = 'Name a numerator, denominator or measure population in its criteriaReference.'
    return {
      value: [],
      diagnostics: [{ code: 'content/invalid-observation', severity: 'error', message, place, remedy }],
    }
  }
  const message = `Observation ${id} refers to a population that is not there; it is taken for that of the ${population}.`
  const warning: Diagnostic = { code: 'content/dangling-criteria-reference', severity: 'warning', message, place }
  return { value: [{ id, define, population, method }], diagnostics: isGuess ? [warning] : [] }
}

function populationOf(
  observation: MeasureResourcePopulation,
  index: number,
  populations: readonly MeasureResourcePopulation[],
): { readonly population: ObservedPopulation | undefined; readonly isGuess: boolean } {
  const reference = cqfmCode(observation, 'criteriaReference')
  const named = populations.find(({ id }) => id !== undefined && id === reference)
  const population = observed.find((code) => code === codeOf(named?.code))
  if (population !== undefined) return { population, isGuess: false }
  const present = observed.filter((code) => populations.some((candidate) => codeOf(candidate.code) === code))
  return { population: present[index], isGuess: reference !== undefined || present.length > 1 }
}
