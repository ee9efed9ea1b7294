import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { csvLine } from '../base/index.ts'
import { arrowStream, type Session, textLiteral } from '../duck/index.ts'

/** A whole table as a file: text for people's programs, columns for machines'. */
export const tableFormats = ['csv', 'parquet', 'arrow'] as const
export type TableFormat = (typeof tableFormats)[number]

/** A file's bytes with what an answer says of them. */
export interface TableFile {
  readonly body: Uint8Array<ArrayBuffer> | string
  readonly contentType: string
}

/** What an answer of each format says that it is, and what `Accept` asks for it by. */
export const tableMediaTypes: Readonly<Record<TableFormat, string>> = {
  csv: 'text/csv',
  parquet: 'application/vnd.apache.parquet',
  arrow: 'application/vnd.apache.arrow.stream',
}

const makers: Readonly<Record<TableFormat, (session: Session, table: string) => Promise<TableFile['body']>>> = {
  csv: csvOf,
  parquet: parquetOf,
  arrow: arrowStream,
}

/** Every row of a table, in its order, as a file of the format. The table's name is the caller's own, never a request's. */
export async function tableFile(session: Session, table: string, format: TableFormat): Promise<TableFile> {
  const charset = format === 'csv' ? '; charset=utf-8' : ''
  return { body: await makers[format](session, table), contentType: `${tableMediaTypes[format]}${charset}` }
}

type Row = Readonly<Record<string, string | number | boolean | null>>

async function columnsOf(session: Session, table: string): Promise<string[]> {
  const columns = await session.all<{ column_name: string }>(`DESCRIBE ${table}`)
  return columns.map(({ column_name: name }) => name)
}

async function csvOf(session: Session, table: string): Promise<string> {
  const heads = await columnsOf(session, table)
  const parts = [csvLine(heads)]
  for await (const rows of session.stream<Row>(`SELECT * FROM ${table}`)) {
    parts.push(rows.map((row) => csvLine(heads.map((head) => row[head] ?? null))).join(''))
  }
  return parts.join('')
}

async function parquetOf(session: Session, table: string): Promise<Uint8Array<ArrayBuffer>> {
  const folder = await mkdtemp(join(tmpdir(), 'caregap-export-'))
  try {
    const file = join(folder, 'table.parquet')
    await session.run(`COPY ${table} TO ${textLiteral(file)} (FORMAT parquet)`)
    return new Uint8Array(await readFile(file))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
