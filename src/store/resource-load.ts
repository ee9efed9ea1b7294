import type { Session } from '../duck/index.ts'
import { directPatientSql, furtherPatientSql } from './compartment-sql.ts'
import { ridSql } from './rid.ts'

/** A run of whole lines of one file, spooled as clean UTF-8 with a line feed after each line. */
export interface Block {
  readonly jobId: number
  readonly fileId: number
  readonly sourceId: number
  readonly source: string
  readonly baseUrl: string
  readonly spoolPath: string
  /** Number of the block's first line in its file, from 1. */
  readonly firstLine: number
  readonly lines: number
  readonly longestLineBytes: number
}

/** A line that DuckDB's parser refused, or that has no type or id for it. */
export interface SuspectLine {
  readonly line: number
  readonly text: string
}

export interface LineFault {
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

/** Lets DuckDB keep rows in the order in which they are read, for the whole instance: line numbers rest on it. */
export async function inLineOrder(session: Session, work: () => Promise<void>): Promise<void> {
  await session.run('SET preserve_insertion_order = true')
  try {
    await work()
  } finally {
    await session.run('SET preserve_insertion_order = false').catch(() => undefined)
  }
}

/** Reads a spooled block into temporary tables, within `inLineOrder`; the number of lines that DuckDB saw. */
export async function readBlock(session: Session, block: Block): Promise<number> {
  await session.run(
    `CREATE OR REPLACE TEMP TABLE block_text AS SELECT line FROM read_csv($path, header = false,
       columns = {'line': 'VARCHAR'}, delim = '', quote = '', escape = '', auto_detect = false, strict_mode = false,
       new_line = '\\n', max_line_size = ${Math.max(block.longestLineBytes + 2, 2 ** 21)})`,
    { path: block.spoolPath },
  )
  await session.run(
    `CREATE OR REPLACE TEMP TABLE block_field AS
     SELECT line_no, hash, f[1] AS type, f[2] AS id, f[3] AS version_id, f[4] AS last_updated, f[5] AS subject,
       f[6] AS patient, f[1] IS NULL OR f[2] IS NULL OR f[2] = '' OR NOT regexp_full_match(f[1], '[A-Z][A-Za-z]{1,63}')
         OR (regexp_full_match(f[2], '${notText}') AND NOT contains(line, '"' || f[2] || '"')) AS suspect
     FROM (
       SELECT rowid + $first AS line_no, line, md5_number(line) AS hash,
         TRY(json_extract_string(line, [${fields.map((path) => `'${path}'`).join(', ')}])) AS f
       FROM block_text WHERE NOT regexp_full_match(line, '[ \\t]*'))`,
    { first: block.firstLine },
  )
  await keyBlock(session, block)
  const row = await session.first<{ lines: number }>('SELECT count(*)::INTEGER AS lines FROM block_text')
  return row?.lines ?? 0
}

/** An extracted id that may have been no text: a number, a truth value, an object. */
const notText = '-?[0-9][0-9.eE+-]*|true|false|[\\[{].*'

async function keyBlock(session: Session, block: Block): Promise<void> {
  const rows = await session.all<{ type: string }>('SELECT DISTINCT type FROM block_field WHERE type IS NOT NULL')
  const types = rows.map((row) => row.type)
  const direct = { subject: 'subject', patient: 'patient' }
  await session.run(
    `CREATE OR REPLACE TEMP TABLE block_key AS
     SELECT line_no, type, id, version_id, last_updated, hash, suspect, ${ridSql('$source', 'type', 'id')} AS rid,
       ${directPatientSql(types, direct)} AS patient_id
     FROM block_field WHERE $base IS NOT NULL`,
    { source: block.source, base: block.baseUrl },
  )
  const further = furtherPatientSql(types, Object.keys(direct))
  if (further === undefined) return
  await session.run(
    `UPDATE block_key SET patient_id = found.patient_id FROM (
       SELECT line_no, ${further} AS patient_id
       FROM (SELECT * FROM block_key WHERE patient_id IS NULL AND NOT suspect) k
       JOIN block_text t ON t.rowid = k.line_no - $first WHERE $base IS NOT NULL) found
     WHERE block_key.line_no = found.line_no AND found.patient_id IS NOT NULL`,
    { first: block.firstLine, base: block.baseUrl },
  )
}

/** The lines to be judged by a strict parser before `storeBlock`. */
export async function suspectLines(session: Session, block: Block): Promise<SuspectLine[]> {
  return session.all<SuspectLine>(
    `SELECT k.line_no::INTEGER AS line, t.line AS text FROM block_key k
     JOIN block_text t ON t.rowid = k.line_no - $first WHERE k.suspect ORDER BY k.line_no`,
    { first: block.firstLine },
  )
}

/**
 * Stages the block read last: its good lines into raw_line (new versions only) and job_line, its faults into
 * quarantine, the file's progress into the ledger. Runs in the caller's transaction.
 */
export async function storeBlock(session: Session, block: Block, faults: readonly LineFault[]): Promise<void> {
  await quarantine(session, block, faults)
  await assignSpids(session, block)
  await storeText(session, block)
  await session.run(
    `INSERT INTO job_line
     SELECT $job, $file, line_no, rid, hash, spid, type, id, version_id, epoch_us(TRY_CAST(last_updated AS TIMESTAMPTZ))
     FROM block_good`,
    { job: block.jobId, file: block.fileId },
  )
}

/** New versions only. Sorting the text costs more than all else here, and most exports come person by person. */
async function storeText(session: Session, block: Block): Promise<void> {
  const disorder = await session.first<{ n: number }>(
    `SELECT count(*)::INTEGER AS n FROM (
       SELECT coalesce(spid, 0) < lag(coalesce(spid, 0)) OVER (ORDER BY line_no) AS back FROM block_good) WHERE back`,
  )
  const sorted = disorder?.n === 0
  await session.run(
    `INSERT INTO raw_line
     SELECT k.rid, k.hash, k.spid, $source, k.type, k.id, k.version_id, k.last_updated, $file, k.line_no, t.line
     FROM block_text t JOIN block_good k ON t.rowid = k.line_no - $first
     WHERE NOT k.copy AND NOT EXISTS (SELECT 1 FROM raw_line r WHERE r.rid = k.rid AND r.hash = k.hash)
     ${sorted ? '' : 'ORDER BY k.spid NULLS FIRST, k.line_no'}`,
    { source: block.sourceId, file: block.fileId, first: block.firstLine },
  )
}

/** Every patient of this block gets a spid: in line order, for Patient resources and dangling subjects alike. */
async function assignSpids(session: Session, block: Block): Promise<void> {
  await session.run(
    `INSERT INTO source_patient (spid, source_id, patient_id)
     SELECT (SELECT coalesce(max(spid), 0) FROM source_patient) + row_number() OVER (ORDER BY first_line), $source, patient_id
     FROM (SELECT patient_id, min(line_no) AS first_line FROM block_key WHERE patient_id IS NOT NULL AND NOT suspect GROUP BY ALL) k
     WHERE NOT EXISTS (SELECT 1 FROM source_patient p WHERE p.source_id = $source AND p.patient_id = k.patient_id)`,
    { source: block.sourceId },
  )
  await session.run(
    `CREATE OR REPLACE TEMP TABLE block_good AS
     SELECT k.*, p.spid, d.first_line IS NOT NULL AND k.line_no > d.first_line AS copy
     FROM block_key k LEFT JOIN source_patient p ON p.source_id = $source AND p.patient_id = k.patient_id
     LEFT JOIN (SELECT rid, hash, min(line_no) AS first_line FROM block_key WHERE NOT suspect GROUP BY rid, hash
       HAVING count(*) > 1) d ON d.rid = k.rid AND d.hash = k.hash
     WHERE NOT k.suspect`,
    { source: block.sourceId },
  )
}

/** Suspects that a strict parser accepted become good lines; the faults go to quarantine with their text. */
async function quarantine(session: Session, block: Block, faults: readonly LineFault[]): Promise<void> {
  const unread = `unnest(from_json($faults, '[{"line":"BIGINT","byteOffset":"BIGINT","code":"VARCHAR","reason":"VARCHAR","base64":"VARCHAR"}]'))`
  const faultsJson = JSON.stringify(faults)
  await session.run(
    `UPDATE block_key SET suspect = line_no IN (SELECT u.line FROM (SELECT ${unread} AS u)) WHERE suspect`,
    { faults: faultsJson },
  )
  if (faults.length === 0) return
  await session.run(
    `INSERT INTO quarantine
     SELECT $file, u.line, u."byteOffset", u.code, u.reason, coalesce(from_base64(u.base64), encode(t.line))
     FROM (SELECT ${unread} AS u) LEFT JOIN block_text t ON t.rowid = u.line - $first`,
    { file: block.fileId, first: block.firstLine, faults: faultsJson },
  )
}
