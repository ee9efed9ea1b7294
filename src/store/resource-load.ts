import type { Session } from '../duck/index.ts'
import { directPatientSql, furtherPatientSql } from './compartment-sql.ts'
import { keepBlocks } from './kept-blocks.ts'
import { fewLines, readManyLines } from './many-lines.ts'
import { inOneThread } from './one-thread.ts'
import { resolveBlock, storeResolved } from './resolved-line.ts'
import { ridSql } from './rid.ts'

/** Whole lines of one or more files, spooled as clean UTF-8 with a line feed after each line. */
export interface Block {
  readonly spoolPath: string
  readonly lines: number
  readonly longestLineBytes: number
  /** True where bytes 1 and 2 stand for line feeds and carriage returns within a resource. */
  readonly marked: boolean
  /** Resources (`Type/id`) by the URNs under which Bundles refer to them. */
  readonly urns: ReadonlyMap<string, string>
  readonly parts: readonly BlockPart[]
}

/** What the lines of an export are loaded as. */
export interface LineOrigin {
  readonly jobId: number
  readonly sourceId: number
  readonly source: string
  /** FHIR base of the source, with its last slash; empty where it has none. */
  readonly baseUrl: string
}

/** A run of lines of one file: where they stand in the block (rows from 0) and in their file (lines from 1). */
export interface BlockPart extends LineOrigin {
  readonly fileId: number
  readonly firstRow: number
  readonly lines: number
  readonly firstLine: number
}

/** A line that DuckDB's parser refused, or that has no type or id for it. */
export interface SuspectLine {
  readonly fileId: number
  readonly line: number
  readonly text: string
}

export interface LineFault {
  readonly fileId: number
  readonly line: number
  readonly byteOffset: number
  readonly code: string
  readonly reason: string
  /** The bytes of the line in base64, where they are not what stands in the block. */
  readonly base64?: string
}

const fields = [
  '$.resourceType',
  '$.id',
  '$.meta.versionId',
  '$.meta.lastUpdated',
  '$.subject.reference',
  '$.patient.reference',
]

/**
 * Lets DuckDB keep rows in the order in which they are read, for the whole instance: line numbers rest on it. One thread does the
 * work (`inOneThread`) until many lines are told of (`expect`, while nothing else runs). That is done by sessions side by
 * side, each of which computes in a thread of its own beside DuckDB's: of these there is one less, or cores are shared, which costs a
 * third more CPU time (bench/ingest.mjs). Until they are done, row groups that are not full are left as they are: a checkpoint
 * would write up to four anew to make three of them, again and again while more lines come.
 */
export function inLineOrder<T>(
  session: Session,
  work: (expect: (lines: number) => Promise<void>, expectNoMore: () => Promise<void>) => Promise<T>,
): Promise<T> {
  return inOneThread(session, async (setThreads, threads) => {
    const many = await readManyLines(session)
    let areMany = false
    const expect = async (lines: number) => {
      if (lines < many) return
      areMany = true
      await keepBlocks(session)
      await setThreads(Math.max(1, threads - 1))
      await session.run('SET max_vacuum_tasks = 0')
    }
    const expectNoMore = async () => {
      if (areMany) await setThreads(threads)
    }
    await session.run('SET preserve_insertion_order = true')
    try {
      return await work(expect, expectNoMore)
    } finally {
      // After a full disk the instance takes nothing any more; it is opened anew then.
      await session.run('SET preserve_insertion_order = false').catch(() => undefined)
      await session.run('RESET max_vacuum_tasks').catch(() => undefined)
    }
  })
}

/** Reads a spooled block into temporary tables, within `inLineOrder`; the number of lines that DuckDB saw. */
export async function readBlock(session: Session, block: Block): Promise<number> {
  await session.run(
    `CREATE OR REPLACE TEMP TABLE block_text AS
     SELECT ${block.marked ? 'translate(line, chr(1) || chr(2), chr(10) || chr(13)) AS line' : 'line'} FROM read_csv($path, header = false,
       columns = {'line': 'VARCHAR'}, delim = '', quote = '', escape = '', auto_detect = false, strict_mode = false,
       new_line = '\\n', max_line_size = ${lineBuffer(block)})`,
    { path: block.spoolPath },
  )
  const resolves = block.urns.size > 0
  if (resolves) await resolveBlock(session, block.urns)
  await session.run(
    `CREATE OR REPLACE TEMP TABLE block_field AS
     SELECT row_no, hash, reduced, f[1] AS type, f[2] AS id, f[3] AS version_id, f[4] AS last_updated, f[5] AS subject,
       f[6] AS patient, f[1] IS NULL OR f[2] IS NULL OR f[2] = '' OR NOT regexp_full_match(f[1], '[A-Z][A-Za-z]{1,63}')
         OR (regexp_full_match(f[2], '${notText}') AND NOT contains(line, '"' || f[2] || '"')) AS suspect
     FROM (
       SELECT row_no, line, md5_number(line) AS hash, ${reducedSql} AS reduced,
         TRY(json_extract_string(told, [${fields.map((path) => `'${path}'`).join(', ')}])) AS f
       FROM (${resolves ? resolvedBlock : 'SELECT rowid AS row_no, line, line AS told FROM block_text'}) WHERE NOT regexp_full_match(line, '[ \\t]*'))`,
  )
  await keyBlock(session, block)
  const row = await session.first<{ lines: number }>('SELECT count(*)::INTEGER AS lines FROM block_text')
  return row?.lines ?? 0
}

/** DuckDB takes sixteen times as much for each file that it reads: of few lines that would be most of the work. */
const lineBuffer = ({ lines, longestLineBytes }: Block): number =>
  Math.max(longestLineBytes + 2, lines < fewLines ? 2 ** 16 : 2 ** 21)

/**
 * Whether a line is marked as holding some of its elements only; the search alone is many times faster, and as fast as it is for
 * a word whose first letter is rare.
 */
const reducedSql = `CASE WHEN contains(line, 'SUBSETTED')
  THEN coalesce(list_contains(TRY(json_extract_string(line, '$.meta.tag[*].code')), 'SUBSETTED'), false) ELSE false END`

/** An extracted id that may have been no text: a number, a truth value, an object. */
const notText = '-?[0-9][0-9.eE+-]*|true|false|[\\[{].*'

const partShape = JSON.stringify([
  {
    jobId: 'INTEGER',
    sourceId: 'SMALLINT',
    source: 'VARCHAR',
    baseUrl: 'VARCHAR',
    fileId: 'INTEGER',
    firstRow: 'BIGINT',
    lines: 'BIGINT',
    firstLine: 'BIGINT',
  },
])

async function keyBlock(session: Session, block: Block): Promise<void> {
  const rows = await session.all<{ type: string }>('SELECT DISTINCT type FROM block_field WHERE type IS NOT NULL')
  const types = rows.map((row) => row.type)
  const direct = { subject: 'subject', patient: 'patient' }
  await session.run(
    `CREATE OR REPLACE TEMP TABLE block_key AS
     SELECT row_no, p.job_id, p.source_id, p.base, p.file_id, row_no - p.first_row + p.first_line AS line_no, type, id, version_id,
       last_updated, hash, reduced, suspect, ${ridSql('p.source', 'type', 'id')} AS rid, ${directPatientSql(types, direct)} AS patient_id
     FROM block_field JOIN (
       SELECT u."jobId" AS job_id, u."sourceId" AS source_id, u.source, u."baseUrl" AS base, u."fileId" AS file_id,
         u."firstRow" AS first_row, u.lines, u."firstLine" AS first_line
       FROM (SELECT unnest(from_json($parts, '${partShape}')) AS u)
     ) p ON row_no >= p.first_row AND row_no < p.first_row + p.lines`,
    { parts: JSON.stringify(block.parts) },
  )
  const further = furtherPatientSql(types, Object.keys(direct))
  if (further === undefined) return
  await session.run(
    `UPDATE block_key SET patient_id = found.patient_id FROM (
       SELECT k.row_no, ${further} AS patient_id
       FROM (SELECT * FROM block_key WHERE patient_id IS NULL AND NOT suspect) k
       JOIN (${block.urns.size > 0 ? `SELECT row_no, told AS line FROM (${resolvedBlock})` : 'SELECT rowid AS row_no, line FROM block_text'}) t USING (row_no)) found
     WHERE block_key.row_no = found.row_no AND found.patient_id IS NOT NULL`,
  )
}

/** The text of the block with references resolved. */
const resolvedBlock = `SELECT b.rowid AS row_no, b.line, coalesce(r.line, b.line) AS told
  FROM block_text b LEFT JOIN block_resolved r ON r.row_no = b.rowid`

/** The lines of the block read last that a strict parser must judge before `storeBlock`. */
export async function suspectLines(session: Session): Promise<SuspectLine[]> {
  return session.all<SuspectLine>(
    `SELECT k.file_id AS "fileId", k.line_no::DOUBLE AS line, t.line AS text FROM block_key k
     JOIN block_text t ON t.rowid = k.row_no WHERE k.suspect ORDER BY k.row_no`,
  )
}

/**
 * Stages the block read last: its good lines into raw_line (new versions only) and job_line, its faults into
 * quarantine, the file's progress into the ledger. Runs in the caller's transaction.
 */
export async function storeBlock(session: Session, block: Block, faults: readonly LineFault[]): Promise<void> {
  await quarantine(session, faults)
  await assignSpids(session)
  await storeText(session)
  if (block.urns.size > 0) await storeResolved(session)
  await session.run(
    `INSERT INTO job_line
     SELECT job_id, file_id, line_no, rid, hash, spid, type, id, version_id, epoch_us(TRY_CAST(last_updated AS TIMESTAMPTZ)), reduced
     FROM block_good`,
  )
}

/**
 * New versions only; which they are is found without their text, which a join would copy. Sorting the text costs more
 * than all else here, and most exports come person by person.
 */
async function storeText(session: Session): Promise<void> {
  await session.run(
    `CREATE OR REPLACE TEMP TABLE block_new AS SELECT * FROM block_good k
     WHERE NOT k.copy AND NOT EXISTS (SELECT 1 FROM raw_line r WHERE r.rid = k.rid AND r.hash = k.hash)`,
  )
  const disorder = await session.first<{ n: number }>(
    `SELECT count(*)::INTEGER AS n FROM (
       SELECT coalesce(spid, 0) < lag(coalesce(spid, 0)) OVER (PARTITION BY source_id ORDER BY row_no) AS back FROM block_new) WHERE back`,
  )
  const sorted = disorder?.n === 0
  await session.run(
    `INSERT INTO raw_line
     SELECT k.rid, k.hash, k.spid, k.source_id, k.type, k.id, k.version_id, k.last_updated, k.file_id, k.line_no, t.line
     FROM block_text t JOIN block_new k ON t.rowid = k.row_no
     ${sorted ? '' : 'ORDER BY k.job_id, k.spid NULLS FIRST, k.row_no'}`,
  )
}

/** Every patient of this block gets a spid: in line order, for Patient resources and dangling subjects alike. */
async function assignSpids(session: Session): Promise<void> {
  await session.run(
    `INSERT INTO source_patient (spid, source_id, patient_id)
     SELECT (SELECT coalesce(max(spid), 0) FROM source_patient) + row_number() OVER (ORDER BY first_row), source_id, patient_id
     FROM (SELECT source_id, patient_id, min(row_no) AS first_row FROM block_key
       WHERE patient_id IS NOT NULL AND NOT suspect GROUP BY ALL) k
     WHERE NOT EXISTS (SELECT 1 FROM source_patient p WHERE p.source_id = k.source_id AND p.patient_id = k.patient_id)`,
  )
  await session.run(
    `CREATE OR REPLACE TEMP TABLE block_good AS
     SELECT k.*, p.spid, d.first_row IS NOT NULL AND k.row_no > d.first_row AS copy
     FROM block_key k LEFT JOIN source_patient p ON p.source_id = k.source_id AND p.patient_id = k.patient_id
     LEFT JOIN (SELECT rid, hash, min(row_no) AS first_row FROM block_key WHERE NOT suspect GROUP BY rid, hash
       HAVING count(*) > 1) d ON d.rid = k.rid AND d.hash = k.hash
     WHERE NOT k.suspect`,
  )
}

/** Suspects that a strict parser accepted become good lines; the faults go to quarantine with their text. */
async function quarantine(session: Session, faults: readonly LineFault[]): Promise<void> {
  const columns = `{"fileId":"INTEGER","line":"BIGINT","byteOffset":"BIGINT","code":"VARCHAR","reason":"VARCHAR","base64":"VARCHAR"}`
  const told = `(SELECT unnest(from_json($faults, '[${columns}]')) AS u)`
  const parameters = { faults: JSON.stringify(faults) }
  await session.run(
    `UPDATE block_key SET suspect = (file_id, line_no) IN (SELECT (u."fileId", u.line) FROM ${told}) WHERE suspect`,
    parameters,
  )
  if (faults.length === 0) return
  await session.run(
    `INSERT INTO quarantine
     SELECT u."fileId", u.line, u."byteOffset", u.code, u.reason, coalesce(from_base64(u.base64), encode(t.line))
     FROM ${told} LEFT JOIN block_key k ON k.file_id = u."fileId" AND k.line_no = u.line
     LEFT JOIN block_text t ON t.rowid = k.row_no`,
    parameters,
  )
}
