import type { Session } from '../../duck/index.ts'
import {
  findKeyedPatients,
  type PersonFilter,
  type ReconciledResult,
  readHiddenPids,
  readSourceResults,
} from '../../store/index.ts'
import type { ReportedList, ReportedPatient, ReportedPopulation } from './reported-list.ts'

/** Why an EHR's report and a run differ for one patient. */
export type DifferenceCause =
  | 'no-such-patient'
  | 'several-persons'
  | 'same-person-twice'
  | 'not-evaluated'
  | 'not-listed'
  | 'other-sources'
  | 'by-the-logic'

/** One patient of whom the EHR says otherwise than the run. */
export interface Difference {
  /** Null where no person is meant, or several are. */
  readonly pid: number | null
  readonly name: string | null
  /** As the EHR lists them; the source's own ids where it does not. */
  readonly key: string
  readonly cause: DifferenceCause
  /** The run's reason, or what is wrong with the line. */
  readonly sentence: string
  /** Each population that differs; null: nothing is said. */
  readonly populations: readonly {
    readonly population: ReportedPopulation
    readonly reported: boolean | null
    readonly found: boolean | null
  }[]
}

export interface Reconciliation {
  readonly listed: number
  readonly agreeing: number
  readonly differences: readonly Difference[]
  readonly totals: readonly {
    readonly population: ReportedPopulation
    readonly reported: number
    readonly found: number
  }[]
  /** Everybody whom the answer tells of. */
  readonly pids: readonly number[]
  /** Listed patients whom the user may not see: nothing is said of them. */
  readonly hidden: number
}

const columns: Readonly<Record<ReportedPopulation, keyof ReconciledResult>> = {
  'initial-population': 'initialPopulation',
  denominator: 'denominator',
  'denominator-exclusion': 'denominatorExclusion',
  'denominator-exception': 'denominatorException',
  numerator: 'numerator',
}

/** True where a run counts a person in a population; null where it has no result of them. */
export function isFound(result: ReconciledResult, population: ReportedPopulation): boolean | null {
  if (result.error !== null) return null
  return Number(result[columns[population]] ?? 0) > 0
}

/** Holds an EHR's list of one measure against a run's results for the people of that source, person by person. */
export async function reconcile(
  session: Session,
  where: { readonly runId: number; readonly measureId: string; readonly groupId: string; readonly source: string },
  list: ReportedList,
  visible: PersonFilter,
): Promise<Reconciliation> {
  const results = await readSourceResults(session, where, visible)
  const byPid = new Map(results.map((result) => [result.pid, result]))
  const keyed = new Map<string, number[]>()
  const keys = list.patients.map(({ key }) => key)
  for (const { key, pid } of await findKeyedPatients(session, where.source, keys)) {
    keyed.set(key, [...(keyed.get(key) ?? []), pid])
  }
  const hidden = new Set(await readHiddenPids(session, visible, [...new Set([...keyed.values()].flat())]))
  const differences: Difference[] = []
  const met = new Map<number, ReportedPatient>()
  let agreeing = 0
  let unseen = 0
  for (const patient of list.patients) {
    const pids = keyed.get(patient.key) ?? []
    if (pids.some((pid) => hidden.has(pid))) {
      unseen += 1
      continue
    }
    const difference = differenceOf(patient, pids, { list, byPid, met })
    if (difference === undefined) agreeing += 1
    else differences.push(difference)
    const [pid] = pids
    if (pids.length === 1 && pid !== undefined && !met.has(pid)) met.set(pid, patient)
  }
  for (const result of results) {
    if (!met.has(result.pid)) differences.push(...notListed(result, list))
  }
  const told = differences.flatMap(({ pid }) => pid ?? [])
  return {
    listed: list.patients.length,
    agreeing,
    hidden: unseen,
    differences,
    totals: list.populations.map((population) => ({
      population,
      reported: list.patients.filter((patient) => patient.in[population] === true).length,
      found: results.filter((result) => isFound(result, population) === true).length,
    })),
    pids: [...new Set([...told, ...met.keys()])],
  }
}

interface Known {
  readonly list: ReportedList
  readonly byPid: ReadonlyMap<number, ReconciledResult>
  /** Persons that earlier lines were about. */
  readonly met: ReadonlyMap<number, ReportedPatient>
}

function differenceOf(patient: ReportedPatient, pids: readonly number[], known: Known): Difference | undefined {
  const [pid, other] = pids
  const reported = known.list.populations.map((population) => ({
    population,
    reported: patient.in[population] ?? null,
    found: null,
  }))
  const without = {
    pid: null,
    name: null,
    key: patient.key,
    populations: reported.filter((one) => one.reported === true),
  }
  if (pid === undefined) {
    return {
      ...without,
      cause: 'no-such-patient',
      sentence: `Line ${patient.line}: no patient with this id or identifier was loaded from the source.`,
    }
  }
  if (other !== undefined) {
    return {
      ...without,
      cause: 'several-persons',
      sentence: `Line ${patient.line}: the key belongs to ${pids.length} persons of the source.`,
    }
  }
  const result = known.byPid.get(pid)
  const populations = reported
    .map((one) => ({ ...one, found: result === undefined ? null : isFound(result, one.population) }))
    .filter((one) => one.found !== one.reported)
  if (populations.length === 0) return undefined
  const about = { pid, name: result?.name ?? null, key: patient.key, populations }
  const earlier = known.met.get(pid)
  if (earlier !== undefined) {
    return {
      ...about,
      cause: 'same-person-twice',
      sentence: `Lines ${earlier.line} and ${patient.line} are one person here, who counts once.`,
    }
  }
  return { ...about, ...causeOf(result) }
}

function causeOf(result: ReconciledResult | undefined): Pick<Difference, 'cause' | 'sentence'> {
  if (result === undefined || result.error !== null) {
    return { cause: 'not-evaluated', sentence: result?.error ?? 'The run has no result of this person.' }
  }
  const sentence = result.sentence ?? 'The run stored no reason.'
  if (result.otherSources.length === 0) return { cause: 'by-the-logic', sentence }
  return { cause: 'other-sources', sentence: `${sentence} It rests on facts of ${result.otherSources.join(', ')}.` }
}

/** Somebody whom the run counts and the list does not name. */
function notListed(result: ReconciledResult, list: ReportedList): Difference[] {
  const populations = list.populations
    .map((population) => ({ population, reported: null, found: isFound(result, population) }))
    .filter(({ found }) => found === true)
  if (populations.length === 0) return []
  const { pid, name, patientIds } = result
  const { sentence } = causeOf(result)
  return [{ pid, name, key: patientIds.join(' '), cause: 'not-listed', sentence, populations }]
}
