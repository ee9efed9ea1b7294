/** One record of a CSV file, with the line (from 1) that it starts on. */
export interface CsvRecord {
  readonly line: number
  readonly cells: readonly string[]
}

/** What may stand between two cells. */
export type CsvDelimiter = ',' | ';' | '\t'

/** One cell and what ends it: a delimiter, a line break, or the end of the text. */
const cellOf = (delimiter: CsvDelimiter): RegExp =>
  new RegExp(`(?:"((?:[^"]|"")*)"|([^"${delimiter}\\r\\n]*))(${delimiter}|\\r\\n|\\n|\\r|$)`, 'y')

/** What delimits a text by its first line: commas, or the semicolons and tabs that spreadsheets write where it has none. */
export function delimiterOf(text: string): CsvDelimiter {
  const [first = ''] = text.split(/\r\n|\n|\r/, 1)
  return ([',', '\t', ';'] as const).find((delimiter) => first.includes(delimiter)) ?? ','
}

/**
 * The records of a CSV text (RFC 4180: quotes, doubled quotes, line breaks within quotes), empty lines left
 * out. `brokenAt` is the line where the text stops being CSV, where it does: the records before it stand.
 */
export function parseCsv(
  text: string,
  delimiter: CsvDelimiter = ',',
): { readonly records: readonly CsvRecord[]; readonly brokenAt?: number } {
  const records: CsvRecord[] = []
  const cell = cellOf(delimiter)
  let cells: string[] = []
  let line = 1
  let start = 1
  cell.lastIndex = text.startsWith('\uFEFF') ? 1 : 0
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text)
    if (match === null) return { records, brokenAt: line }
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '')
    line += match[0].match(/\r\n|\n|\r/g)?.length ?? 0
    if (match[3] === delimiter && cell.lastIndex < text.length) continue
    if (match[3] === delimiter) cells.push('')
    if (cells.some((one) => one.trim() !== '')) records.push({ line: start, cells })
    cells = []
    start = line
  }
  return { records }
}
