import { fault } from '../../base/index.ts'
import { type InstalledMeasure, type MeasureGroup, type PopulationCode, populationCodes } from '../../content/index.ts'
import type { Session } from '../../duck/index.ts'
import type { ObservedValues, PopulationTotals } from '../../measure/index.ts'
import { type GroupCounts, type StratumTotals, stratumObservations } from '../../report/index.ts'
import {
  type ObservedPerson,
  type ResultsAsked,
  readObservedPersons,
  readReportCounts,
  readStratumCounts,
} from '../../store/index.ts'

type Counts = Readonly<Record<string, number | null>>

/** The counts of each group of a measure in a run: zeros where nobody has a result. Populations that a group lacks are absent. */
export async function readGroupCounts(
  session: Session,
  measure: InstalledMeasure,
  asked: ResultsAsked,
): Promise<readonly GroupCounts[]> {
  const rows = await readReportCounts(session, asked)
  const strata = measure.groups.some(({ stratifiers }) => stratifiers !== undefined)
    ? await readStratumCounts(session, asked)
    : []
  const observed = measure.groups.some(({ observations }) => observations !== undefined)
    ? await readObservedPersons(session, asked)
    : []
  return measure.groups.map((group) => {
    const persons = observed.filter(({ groupId }) => groupId === group.id)
    const own = strata.filter(({ groupId }) => groupId === group.id)
    const keys = [...new Set(own.map(({ stratum }) => stratum))]
    const totals = keys.map((key): StratumTotals => {
      const counts = Object.fromEntries(
        own.filter(({ stratum }) => stratum === key).map(({ code, members }) => [code, members]),
      )
      const inside = observedIn(group, persons, key)
      return { key, populations: totalsOf(group, counts), ...(inside === undefined ? {} : { observed: inside }) }
    })
    return {
      groupId: group.id,
      populations: totalsOf(group, rows.find(({ groupId }) => groupId === group.id)?.counts ?? {}),
      ...(group.observations === undefined ? {} : { observed: allObserved(group, persons) }),
      ...(group.stratifiers === undefined ? {} : { strata: totals }),
    }
  })
}

/** Only populations that the group has; none is absent, for a sum over nobody is 0. */
export function totalsOf(group: MeasureGroup, counts: Counts): PopulationTotals {
  const has = (code: PopulationCode) => group.populations.some((population) => population.code === code)
  return Object.fromEntries(populationCodes.filter(has).map((code) => [code, counts[code] ?? 0]))
}

function allObserved({ observations = [] }: MeasureGroup, persons: readonly ObservedPerson[]): ObservedValues {
  const read = persons.map((person) => JSON.parse(person.observations) as ObservedValues)
  return Object.fromEntries(observations.map(({ id }) => [id, read.flatMap((values) => values[id] ?? [])]))
}

/** The observations of a stratum; undefined where some person's lie in it in part, and the run does not tell which. */
function observedIn(group: MeasureGroup, persons: readonly ObservedPerson[], key: string): ObservedValues | undefined {
  if (group.observations === undefined) return undefined
  const parts = persons.map((person) => {
    const strata = JSON.parse(person.strata ?? '{}') as Readonly<Record<string, PopulationTotals>>
    const observed = JSON.parse(person.observations) as ObservedValues
    const parts = JSON.parse(person.stratumObservations ?? '{}') as Readonly<Record<string, ObservedValues>>
    return stratumObservations(group, totalsOf(group, person.counts), strata[key] ?? {}, { observed, part: parts[key] })
  })
  const known = parts.filter((part) => part !== undefined)
  if (known.length < parts.length) return undefined
  return Object.fromEntries(group.observations.map(({ id }) => [id, known.flatMap((values) => values[id] ?? [])]))
}

/** Counts with those of several initial populations told apart; fault where they are not known: a sum of both would be wrong. */
export function withInitialPopulations(
  measure: InstalledMeasure,
  counts: readonly GroupCounts[],
  byId: Readonly<Record<string, number>> | undefined,
): readonly GroupCounts[] {
  return counts.map((group) => {
    const populations = measure.groups.find(({ id }) => id === group.groupId)?.populations ?? []
    const initial = populations.filter(({ code }) => code === 'initial-population')
    if (initial.length < 2) return group
    if (byId === undefined) {
      throw fault(
        'input',
        'jobs/data-changed',
        'The measure has several initial populations, and the data changed since the run that would be reported.',
        { remedy: 'Run `caregap evaluate` again, or ask with `Prefer: respond-async`.' },
      )
    }
    return { ...group, byId: Object.fromEntries(initial.map(({ id = '' }) => [id, byId[id] ?? 0])) }
  })
}
