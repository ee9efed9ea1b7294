/** One record of a CSV file, with the line (from 1) that it starts on. */
export interface CsvRecord {
  readonly line: number
  readonly cells: readonly string[]
}

/** One cell and what ends it: a comma, a line break, or the end of the text. */
const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y

/**
 * The records of a CSV text (RFC 4180: quotes, doubled quotes, line breaks within quotes), empty lines left
 * out. `brokenAt` is the line where the text stops being CSV, where it does: the records before it stand.
 */
export function parseCsv(text: string): { readonly records: readonly CsvRecord[]; readonly brokenAt?: number } {
  const records: CsvRecord[] = []
  let cells: string[] = []
  let line = 1
  let start = 1
  cell.lastIndex = text.startsWith('\uFEFF') ? 1 : 0
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text)
    if (match === null) return { records, brokenAt: line }
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '')
    line += match[0].match(/\r\n|\n|\r/g)?.length ?? 0
    if (match[3] === ',' && cell.lastIndex < text.length) continue
    if (match[3] === ',') cells.push('')
    if (cells.some((one) => one.trim() !== '')) records.push({ line: start, cells })
    cells = []
    start = line
  }
  return { records }
}
