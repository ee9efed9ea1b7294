import { fault } from '../../base/index.ts'
import { parseCsv } from '../../identity/index.ts'

/** Populations that a report of an EHR can be held against. */
export const reportedPopulations = [
  'initial-population',
  'denominator',
  'denominator-exclusion',
  'denominator-exception',
  'numerator',
] as const
export type ReportedPopulation = (typeof reportedPopulations)[number]

/** One patient of an EHR's list: the key that it was listed by, and what the EHR says of each population of the list. */
export interface ReportedPatient {
  readonly line: number
  readonly key: string
  readonly in: Readonly<Partial<Record<ReportedPopulation, boolean>>>
}

/** An EHR's list for a measure: which populations it tells of, and each patient. */
export interface ReportedList {
  readonly populations: readonly ReportedPopulation[]
  readonly patients: readonly ReportedPatient[]
}

const keyNames = new Set(['patient', 'patientid', 'mrn', 'id', 'identifier', 'chart', 'chartnumber'])

const populationNames: Readonly<Record<ReportedPopulation, readonly string[]>> = {
  'initial-population': ['initialpopulation', 'ipp', 'ip', 'ipop', 'initialpatientpopulation'],
  denominator: ['denominator', 'denom', 'den', 'eligible'],
  'denominator-exclusion': [
    'denominatorexclusion',
    'denominatorexclusions',
    'exclusion',
    'exclusions',
    'denex',
    'excluded',
  ],
  'denominator-exception': ['denominatorexception', 'denominatorexceptions', 'exception', 'exceptions', 'denexcep'],
  numerator: ['numerator', 'numer', 'num', 'met', 'performancemet'],
}

const plain = (head: string): string => head.toLowerCase().replaceAll(/[^a-z]/g, '')

const yes = new Set(['1', 'y', 'yes', 'true', 'x', 't'])
const no = new Set(['', '0', 'n', 'no', 'false', 'f'])

const wrong = (message: string, line: number | undefined, remedy: string) =>
  fault('usage', 'reconcile/invalid-list', message, { ...(line === undefined ? {} : { place: { line } }), remedy })

/**
 * Reads an EHR's list: CSV with a head, one column that names the patient, and a column per population with yes or no.
 * Usage fault `reconcile/invalid-list` with the line; values are not repeated.
 */
export function readReportedList(text: string): ReportedList {
  const { records, brokenAt } = parseCsv(text)
  if (brokenAt !== undefined) throw wrong(`Line ${brokenAt} is no CSV.`, brokenAt, 'Save the list as CSV with commas.')
  const [head, ...rows] = records
  if (head === undefined) throw wrong('The list is empty.', undefined, 'Choose a file, or paste the list.')
  const names = head.cells.map(plain)
  const keyAt = names.findIndex((name) => keyNames.has(name))
  if (keyAt === -1) {
    throw wrong('No column names the patient.', head.line, 'Call it patient, patient_id, mrn or id in the first line.')
  }
  const columns = reportedPopulations.flatMap((population) => {
    const at = names.findIndex((name) => populationNames[population].includes(name))
    return at === -1 ? [] : [{ population, at }]
  })
  if (columns.length === 0) {
    throw wrong(
      'No column tells of a population.',
      head.line,
      'Add columns such as denominator and numerator, with 1 or 0.',
    )
  }
  const seen = new Map<string, number>()
  const patients = rows.map(({ line, cells }) => {
    const key = (cells[keyAt] ?? '').trim()
    if (key === '') throw wrong(`Line ${line} names no patient.`, line, 'Give each line its patient.')
    const earlier = seen.get(key)
    if (earlier !== undefined) {
      throw wrong(`Line ${line} names the same patient as line ${earlier}.`, line, 'List each patient once.')
    }
    seen.set(key, line)
    const entries = columns.map(
      ({ population, at }) => [population, flagOf(cells[at] ?? '', population, line)] as const,
    )
    return { line, key, in: Object.fromEntries(entries) }
  })
  return { populations: columns.map(({ population }) => population), patients }
}

function flagOf(cell: string, population: ReportedPopulation, line: number): boolean {
  const value = cell.trim().toLowerCase()
  if (yes.has(value)) return true
  if (no.has(value)) return false
  throw wrong(`Line ${line} has neither yes nor no for ${population}.`, line, 'Write 1 or 0, yes or no, true or false.')
}
