import type { Diagnostic } from '../base/index.ts'
import {
  type DefinePhrase,
  type MeasureGroup,
  type MeasurePopulation,
  type PopulationCode,
  populationCodes,
  type Scoring,
} from './measure.ts'
import { readObservations } from './measure-observations.ts'
import {
  codeOf,
  cqfmCode,
  type MeasureResource,
  type MeasureResourceGroup,
  type MeasureResourcePopulation,
  phraseParts,
} from './measure-resource.ts'
import { readStratifiers } from './measure-stratifiers.ts'

const scorings: readonly Scoring[] = ['proportion', 'ratio', 'continuous-variable', 'cohort']

interface Read<T> {
  readonly value: T
  readonly diagnostics: readonly Diagnostic[]
}

/** The groups of a Measure. What stands on the group counts before what stands on the Measure. */
export function readGroups(measure: MeasureResource): Read<readonly MeasureGroup[]> {
  const reads = measure.group.map((group, index) => readGroup(measure, group, index))
  return { value: reads.map((read) => read.value), diagnostics: reads.flatMap((read) => read.diagnostics) }
}

function readGroup(measure: MeasureResource, group: MeasureResourceGroup, index: number): Read<MeasureGroup> {
  const element = `group.${index}`
  const scoring = cqfmCode(group, 'scoring') ?? cqfmCode(measure, 'scoring') ?? codeOf(measure.scoring)
  const basis = cqfmCode(group, 'populationBasis') ?? cqfmCode(measure, 'populationBasis') ?? 'boolean'
  const notation =
    cqfmCode(group, 'improvementNotation') ??
    cqfmCode(measure, 'improvementNotation') ??
    codeOf(measure.improvementNotation)
  const knownScoring = scorings.find((known) => known === scoring)
  const populations = group.population.flatMap((population, at) =>
    isObservation(population) ? [] : [readPopulation(population, `${element}.population.${at}`)],
  )
  const observations = readObservations(group.population.filter(isObservation), group.population, element)
  const stratifiers = readStratifiers(group.stratifier ?? [], element)
  const diagnostics = [
    ...(knownScoring === undefined ? [unknown('scoring', scoring, scorings, element)] : []),
    ...(/^(boolean|[A-Z][A-Za-z]+)$/.test(basis)
      ? []
      : [unknown('population basis', basis, ['boolean', 'a resource type'], element)]),
    ...(notation === undefined || notation === 'increase' || notation === 'decrease'
      ? []
      : [unknown('improvement notation', notation, ['increase', 'decrease'], element)]),
    ...populations.flatMap((read) => read.diagnostics),
    ...observations.diagnostics,
    ...stratifiers.diagnostics,
  ]
  const value: MeasureGroup = {
    id: group.id ?? `group-${index + 1}`,
    scoring: knownScoring ?? 'proportion',
    basis,
    improvementNotation: notation === 'decrease' ? 'decrease' : 'increase',
    populations: populations.flatMap((read) => read.value ?? []),
    ...(observations.value.length === 0 ? {} : { observations: observations.value }),
    ...(stratifiers.value.length === 0 ? {} : { stratifiers: stratifiers.value }),
  }
  return { value, diagnostics }
}

const isObservation = (population: MeasureResourcePopulation) => codeOf(population.code) === 'measure-observation'

/** A population of scoring; observations are read elsewhere, so a code beyond the known ones is refused. */
function readPopulation(population: MeasureResourcePopulation, element: string): Read<MeasurePopulation | undefined> {
  const code = codeOf(population.code)
  const known = populationCodes.find((candidate): candidate is PopulationCode => candidate === code)
  const define = population.criteria.expression
  if (known === undefined)
    return { value: undefined, diagnostics: [unknown('population', code, populationCodes, element)] }
  if (define === undefined || define === '') {
    const message = 'The population has no criteria expression.'
    const remedy = 'Name the define that decides it.'
    return {
      value: undefined,
      diagnostics: [{ code: 'content/missing-criteria', severity: 'error', message, place: { element }, remedy }],
    }
  }
  const criteriaReference = cqfmCode(population, 'criteriaReference')
  return {
    value: {
      code: known,
      define,
      ...(population.id === undefined ? {} : { id: population.id }),
      ...(criteriaReference === undefined ? {} : { criteriaReference }),
    },
    diagnostics: [],
  }
}

function unknown(what: string, found: string | undefined, known: readonly string[], element: string): Diagnostic {
  return {
    code: `content/unknown-${what.replaceAll(' ', '-')}`,
    severity: 'error',
    message: found === undefined ? `The measure states no ${what}.` : `The ${what} "${found}" is not known.`,
    place: { element },
    remedy: `Use one of: ${known.join(', ')}.`,
  }
}

/** The phrases of a Measure by define (`Define` of the main library, or `Library.Define`). */
export function readPhrases(measure: MeasureResource): Read<ReadonlyMap<string, DefinePhrase>> {
  const phrases = new Map<string, DefinePhrase>()
  const diagnostics: Diagnostic[] = []
  for (const parts of phraseParts(measure)) {
    const [define, whenTrue, whenFalse, nextAction] = ['define', 'whenTrue', 'whenFalse', 'nextAction'].map((part) =>
      parts.get(part),
    )
    if (define === undefined || whenTrue === undefined || whenFalse === undefined) {
      diagnostics.push({
        code: 'content/incomplete-phrase',
        severity: 'error',
        message: `The phrase for "${define ?? '?'}" is incomplete.`,
        place: { element: 'extension' },
        remedy: 'Give define, whenTrue and whenFalse.',
      })
    } else phrases.set(define, { whenTrue, whenFalse, ...(nextAction === undefined ? {} : { nextAction }) })
  }
  return { value: phrases, diagnostics }
}
