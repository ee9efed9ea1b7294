import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Clock, defaultConfig, fixedClock, projectRoot, silentLogger, unwrap } from '../../src/base/index.ts'
import type { InstalledMeasure, PopulationCode } from '../../src/content/index.ts'
import { cqlSource, translate } from '../../src/elm/index.ts'
import type { Resource } from '../../src/fhir/index.ts'
import { type ApplicationOptions, createApplication } from '../../src/jobs/index.ts'
import type { MeasurementPeriod } from '../../src/measure/index.ts'
import type { Store } from '../../src/store/index.ts'
import { pinValueSets } from '../../src/terminology/index.ts'

export const period: MeasurementPeriod = { start: '2025-01-01', end: '2025-12-31', timeZone: 'America/New_York' }

export const clock: Clock = fixedClock('2026-01-02T03:04:05Z')

const header = (name: string, terms: string) => `library ${name} version '1'
using FHIR version '4.0.1'
${terms}
parameter "Measurement Period" Interval<DateTime>
context Patient
`

export interface MadeCql {
  readonly id: string
  readonly defines: Readonly<Record<string, string>>
  readonly populations: Partial<Record<PopulationCode, string>>
  readonly basis?: string
  /** Declarations of terminology. */
  readonly terms?: string
}

/** A proportion measure of one group from defines in CQL. */
export async function cqlMeasure({
  id,
  defines,
  populations,
  basis = 'boolean',
  terms = '',
}: MadeCql): Promise<InstalledMeasure> {
  const body = Object.entries(defines).map(([name, text]) => `define "${name}": ${text}`)
  const helpers = readFileSync(join(projectRoot, 'cql', 'FHIRHelpers.cql'), 'utf8')
  const sources = [cqlSource(`${header(id, terms)}${body.join('\n')}`), cqlSource(helpers)]
  const closure = unwrap(await translate({ name: id, sources }))
  const url = `http://example.org/Measure/${id}`
  return {
    id,
    url,
    version: '1',
    title: `Measure ${id}`,
    description: '',
    groups: [
      {
        id: 'main',
        scoring: 'proportion',
        basis,
        improvementNotation: 'increase',
        populations: Object.entries(populations).map(([code, define]) => ({ code: code as PopulationCode, define })),
      },
    ],
    closure,
    valueSets: [],
    phrases: new Map(),
    contentHash: closure.hash,
    resource: { resourceType: 'Measure', url },
  }
}

/** A measure of whoever `seen` is true of. Every define is a stratum, so that its value is stored beside its letter. */
export async function strataMeasure(
  id: string,
  defines: Readonly<Record<string, string>>,
  seen: string,
): Promise<InstalledMeasure> {
  const terms = `include FHIRHelpers version '4.0.1' called FHIRHelpers`
  const made = await cqlMeasure({ id, defines, populations: { 'initial-population': seen, denominator: seen }, terms })
  const stratifiers = Object.keys(defines).map((define) => ({ id: define, criteria: [{ name: define, define }] }))
  return { ...made, groups: made.groups.map((group) => ({ ...group, stratifiers })) }
}

/** Everybody with an encounter; the numerator has an observation; two conditions are an error. */
export const visits = (): Promise<InstalledMeasure> =>
  cqlMeasure({
    id: 'Visits',
    defines: {
      Visits: `[Encounter] E where E.period.start.value during day of "Measurement Period"`,
      Seen: `exists "Visits"`,
      Measured: `exists [Observation] and (singleton from ([Condition])) is null`,
    },
    populations: { 'initial-population': 'Seen', denominator: 'Seen', numerator: 'Measured' },
  })

export const patient = (id: string): Resource => ({
  resourceType: 'Patient',
  id,
  birthDate: '1960-05-04',
  gender: 'female',
})

export const about = (id: string, resourceType: string, patientId: string): Resource => ({
  resourceType,
  id,
  subject: { reference: `Patient/${patientId}` },
  ...(resourceType === 'Encounter' ? { period: { start: '2025-03-01', end: '2025-03-01' } } : {}),
})

export function applicationOver(
  store: Store,
  measures: readonly InstalledMeasure[],
  more: Partial<ApplicationOptions> = {},
) {
  const options = { store, config: defaultConfig, clock, logger: silentLogger, measures, valueSets: pinValueSets([]) }
  return createApplication({ ...options, workers: 0, ...more })
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
