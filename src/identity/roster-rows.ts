import type { Diagnostic } from '../base/index.ts'
import type { RosterRow } from '../store/index.ts'
import { type CsvRecord, parseCsv } from './csv.ts'
import { isNpi } from './npi.ts'

const columns = ['npi', 'tin', 'practice', 'provider', 'from', 'to'] as const
type Column = (typeof columns)[number]

/** A row and the line it stands on. */
interface PlacedRow {
  readonly line: number
  readonly row: RosterRow
}

/** What is wrong, and where. */
interface Finding {
  readonly line: number
  readonly element?: Column
  readonly message: string
  readonly remedy: string
}

/** The rows of a roster, and every fault of it, in order of lines. Rows are to be used only where there is no fault. */
export function readRoster(text: string, file: string): { rows: RosterRow[]; diagnostics: Diagnostic[] } {
  const { records, brokenAt } = parseCsv(text)
  const [header, ...lines] = records
  const headerFindings = header === undefined ? [emptyFile] : checkHeader(header)
  const placed = headerFindings.length > 0 || header === undefined ? [] : lines.map((line) => place(header, line))
  const findings = [
    ...headerFindings,
    ...placed.flatMap(({ findings }) => findings),
    ...checkOverlaps(placed),
    ...(brokenAt === undefined ? [] : [broken(brokenAt)]),
    ...(header !== undefined && lines.length === 0 ? [emptyFile] : []),
  ]
  const diagnostics = findings.sort((a, b) => a.line - b.line).map((finding) => diagnosticOf(finding, file))
  return { rows: placed.map(({ row }) => row), diagnostics }
}

const emptyFile: Finding = {
  line: 1,
  message: 'The roster has no rows.',
  remedy: `Give a header (${columns.join(',')}) and at least one row.`,
}

const broken = (line: number): Finding => ({
  line,
  message: 'A quoted cell does not end, or a quote stands in the middle of a cell.',
  remedy: 'Put the whole cell in quotes and double each quote within it.',
})

function checkHeader({ line, cells }: CsvRecord): Finding[] {
  const names = cells.map(columnName)
  const missing = columns.filter((column) => column !== 'provider' && !names.includes(column))
  const unknown = names.filter((name, index) => !isColumn(name) || names.indexOf(name) !== index)
  const remedy = `The header reads ${columns.join(',')} (provider may be left out).`
  return [
    ...missing.map((column) => ({ line, message: `The column ${column} is missing.`, remedy })),
    ...unknown.map((name) => ({ line, message: `The column "${name}" is unknown or stands twice.`, remedy })),
  ]
}

const columnName = (cell: string): string => cell.trim().toLowerCase()
const isColumn = (name: string): name is Column => (columns as readonly string[]).includes(name)

function place(header: CsvRecord, { line, cells }: CsvRecord): PlacedRow & { findings: Finding[] } {
  const read = (column: Column) => (cells[header.cells.map(columnName).indexOf(column)] ?? '').trim()
  const row: RosterRow = {
    npi: read('npi'),
    tin: read('tin').replace(/^(\d{2})-(\d{7})$/, '$1$2'),
    practice: read('practice'),
    provider: read('provider') || null,
    from: read('from') || null,
    to: read('to') || null,
  }
  const count = cells.length === header.cells.length ? [] : [wrongCount(line, cells.length, header.cells.length)]
  return { line, row, findings: [...count, ...checkRow(line, row)] }
}

const wrongCount = (line: number, cells: number, expected: number): Finding => ({
  line,
  message: `The row has ${cells} cells, the header ${expected}.`,
  remedy: 'Give every column a cell, if empty; put a cell that holds a comma in quotes.',
})

function checkRow(line: number, row: RosterRow): Finding[] {
  const finding = (wrong: boolean, element: Column, message: string, remedy: string): Finding[] =>
    wrong ? [{ line, element, message, remedy }] : []
  const backwards = row.from !== null && row.to !== null && isDate(row.from) && isDate(row.to) && row.from > row.to
  const dateRemedy = 'Write it as YYYY-MM-DD, or leave the cell empty for an open end.'
  return [
    ...finding(!isNpi(row.npi), 'npi', 'The NPI is not ten digits with a right check digit.', 'Correct the NPI.'),
    ...finding(!/^\d{9}$/.test(row.tin), 'tin', 'The TIN is not nine digits.', 'Write it as 123456789 or 12-3456789.'),
    ...finding(row.practice === '', 'practice', 'The practice has no name.', 'Name the practice.'),
    ...finding(row.from !== null && !isDate(row.from), 'from', 'The first day is not a date.', dateRemedy),
    ...finding(row.to !== null && !isDate(row.to), 'to', 'The last day is not a date.', dateRemedy),
    ...finding(backwards, 'to', 'The last day lies before the first.', 'Correct one of the two days.'),
  ]
}

/** A day that the calendar has. */
function isDate(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

/** One provider stands once at a time under one TIN; under several TINs at a time is everyday life. */
function checkOverlaps(placed: readonly PlacedRow[]): Finding[] {
  const groups = new Map<string, PlacedRow[]>()
  for (const one of placed) {
    const key = `${one.row.npi} ${one.row.tin}`
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()].flatMap((group) => group.flatMap((one, index) => overlapOf(one, group.slice(0, index))))
}

function overlapOf({ line, row }: PlacedRow, earlier: readonly PlacedRow[]): Finding[] {
  const met = earlier.find((other) => starts(row) <= ends(other.row) && starts(other.row) <= ends(row))
  if (met === undefined) return []
  const same = starts(row) === starts(met.row) && ends(row) === ends(met.row)
  return [
    {
      line,
      message: `The row ${same ? 'repeats' : 'overlaps'} line ${met.line}: the same NPI and TIN at the same time.`,
      remedy: 'Keep one of the two, or end the first before the second begins.',
    },
  ]
}

const starts = (row: RosterRow): string => row.from ?? '0000-00-00'
const ends = (row: RosterRow): string => row.to ?? '9999-99-99'

function diagnosticOf({ line, element, message, remedy }: Finding, file: string): Diagnostic {
  const place = element === undefined ? { file, line } : { file, line, element }
  return { code: 'identity/roster-invalid', severity: 'error', message, place, remedy }
}
