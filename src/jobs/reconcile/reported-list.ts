import { fault } from '../../base/index.ts'
import { delimiterOf, parseCsv } from '../../identity/index.ts'

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

/** What a column of keys may be called, the surest first: beside a chart's number `patient` is more often a name. */
const keyNames = ['mrn', 'patientid', 'chartnumber', 'chart', 'identifier', 'id', 'patient']

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
  const { records, brokenAt } = parseCsv(text, delimiterOf(text))
  if (brokenAt !== undefined)
    throw wrong(
      `Line ${brokenAt} is no CSV.`,
      brokenAt,
      'Save the list as CSV: commas, semicolons or tabs, and quotes around cells that hold one.',
    )
  const [head, ...rows] = records
  if (head === undefined) throw wrong('The list is empty.', undefined, 'Choose a file, or paste the list.')
  if (rows.length === 0)
    throw wrong('The list names nobody.', undefined, 'Below its first line a line per patient is needed.')
  const names = head.cells.map(plain)
  const keyName = keyNames.find((name) => names.includes(name))
  const keyAt = keyName === undefined ? -1 : onlyAt(names, [keyName], 'patient', head.line)
  if (keyAt === -1) {
    throw wrong('No column names the patient.', head.line, 'Call it patient, patient_id, mrn or id in the first line.')
  }
  const columns = reportedPopulations.flatMap((population) => {
    const at = onlyAt(names, populationNames[population], population, head.line)
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
    if (cells.length !== names.length) {
      const message = `Line ${line} has ${cells.length} cells, and the first line ${names.length}.`
      throw wrong(
        message,
        line,
        'Give each line a cell for each column; put quotes around cells that hold the delimiter.',
      )
    }
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

/** Where the column of one of these names is; -1 where there is none. Two would say two things of one patient. */
function onlyAt(heads: readonly string[], names: readonly string[], what: string, line: number): number {
  const found = heads.flatMap((head, at) => (names.includes(head) ? [at] : []))
  if (found.length > 1) throw wrong(`Two columns tell of ${what}.`, line, 'Leave one of them out.')
  return found[0] ?? -1
}

function flagOf(cell: string, population: ReportedPopulation, line: number): boolean {
  const value = cell.trim().toLowerCase()
  if (yes.has(value)) return true
  if (no.has(value)) return false
  throw wrong(`Line ${line} has neither yes nor no for ${population}.`, line, 'Write 1 or 0, yes or no, true or false.')
}
