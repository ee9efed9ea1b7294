import type { InstalledMeasure, MeasureGroup, MeasurePopulation, PopulationCode } from '../content/index.ts'
import { isObject, type Resource } from '../fhir/index.ts'
import { type MeasurementPeriod, scoreGroup } from '../measure/index.ts'
import type { GroupCounts } from './counts.ts'

const scoringSystem = 'http://terminology.hl7.org/CodeSystem/measure-scoring'
const improvementSystem = 'http://terminology.hl7.org/CodeSystem/measure-improvement-notation'
const populationSystem = 'http://terminology.hl7.org/CodeSystem/measure-population'
const scoringExtension = 'http://hl7.org/fhir/us/davinci-deqm/StructureDefinition/extension-measureScoring'
const improvementExtension = 'http://hl7.org/fhir/us/cqfmeasures/StructureDefinition/cqfm-improvementNotation'

/** What every report of a measure says of itself. */
export interface ReportContext {
  readonly measure: InstalledMeasure
  readonly period: MeasurementPeriod
  /** When the results were computed; an instant in ISO form. */
  readonly date: string
  /** Name of the organization that reports. */
  readonly reporter: string
}

export type ReportType = 'individual' | 'subject-list' | 'summary'

/** Adds to a population what only some kinds of report say of it. */
export type PopulationDetail = (groupId: string, code: PopulationCode) => Readonly<Record<string, unknown>>

const profiles: Readonly<Partial<Record<ReportType, string>>> = {
  individual: 'http://hl7.org/fhir/us/davinci-deqm/StructureDefinition/indv-measurereport-deqm',
  summary: 'http://hl7.org/fhir/us/davinci-deqm/StructureDefinition/summary-measurereport-deqm',
}

/**
 * A MeasureReport (R4, minding DEQM US 5.0.0): ids and codes of groups and populations echoed from the
 * Measure, versioned canonical, period in days, scoring on the root where all groups share it and on every
 * group otherwise, a score only where there is a denominator. `reporter` is a contained Organization.
 */
export function buildReport(
  context: ReportContext,
  type: ReportType,
  counts: readonly GroupCounts[],
  detail: PopulationDetail = () => ({}),
): Resource {
  const { measure, period } = context
  const scorings = new Set(measure.groups.map((group) => group.scoring))
  const shared = scorings.size === 1 ? [...scorings] : []
  const profile = profiles[type]
  return {
    resourceType: 'MeasureReport',
    ...(profile === undefined ? {} : { meta: { profile: [profile] } }),
    contained: [reporterOf(context)],
    ...(shared[0] === undefined ? {} : { extension: [scoringOf(shared[0])] }),
    status: 'complete',
    type,
    measure: `${measure.url}|${measure.version}`,
    date: context.date,
    reporter: { reference: '#reporter', display: context.reporter },
    period: { start: period.start, end: period.end },
    ...improvementOf(measure),
    group: counts.map((group) => reportGroup(measure, group, shared.length === 0, detail)),
  }
}

function reporterOf(context: ReportContext): Resource {
  return { resourceType: 'Organization', id: 'reporter', active: true, name: context.reporter }
}

const scoringOf = (scoring: string) => ({
  url: scoringExtension,
  valueCodeableConcept: { coding: [{ system: scoringSystem, code: scoring }] },
})

const improvementConcept = (notation: string) => ({ coding: [{ system: improvementSystem, code: notation }] })

/** Groups of a cohort have no direction. */
function notationsOf(measure: InstalledMeasure): ReadonlySet<string> {
  const scored = measure.groups.filter((group) => group.scoring !== 'cohort')
  return new Set(scored.map((group) => group.improvementNotation))
}

function improvementOf(measure: InstalledMeasure): Readonly<Record<string, unknown>> {
  const notations = [...notationsOf(measure)]
  return notations.length === 1 && notations[0] !== undefined
    ? { improvementNotation: improvementConcept(notations[0]) }
    : {}
}

function reportGroup(measure: InstalledMeasure, counts: GroupCounts, ownScoring: boolean, detail: PopulationDetail) {
  const index = measure.groups.findIndex((group) => group.id === counts.groupId)
  const group = measure.groups[index]
  if (group === undefined) return { id: counts.groupId }
  const written = listOf(measure.resource['group'])[index]
  const score = scoreGroup(group, counts.populations).rate
  const extension = [
    ...(ownScoring ? [scoringOf(group.scoring)] : []),
    ...(notationsOf(measure).size > 1 && group.scoring !== 'cohort'
      ? [{ url: improvementExtension, valueCodeableConcept: improvementConcept(group.improvementNotation) }]
      : []),
  ]
  return {
    id: group.id,
    ...(extension.length === 0 ? {} : { extension }),
    ...(written?.['code'] === undefined ? {} : { code: written['code'] }),
    population: group.populations.map((population) => reportPopulation(group, population, counts, written, detail)),
    ...(score === undefined ? {} : { measureScore: { value: Math.round(score * 1e8) / 1e8 } }),
  }
}

function reportPopulation(
  group: MeasureGroup,
  population: MeasurePopulation,
  counts: GroupCounts,
  written: Readonly<Record<string, unknown>> | undefined,
  detail: PopulationDetail,
) {
  const position = group.populations.indexOf(population)
  const code = listOf(written?.['population'])[position]?.['code']
  const count = counts.populations[population.code]
  return {
    ...(population.id === undefined ? {} : { id: population.id }),
    code: code ?? { coding: [{ system: populationSystem, code: population.code }] },
    ...(count === undefined ? {} : { count }),
    ...detail(group.id, population.code),
  }
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}
