import { compareText, groupBy } from '../base/index.ts'
import type { Session } from '../duck/index.ts'
import { readPersonOrigins, seekRows } from './person-line.ts'
import { baseOf } from './person-members.ts'
import { compareKeys, type RawRow, referredKeys } from './resource-read.ts'
import { dataSnapshot } from './run-snapshot.ts'

/** A resource as a run read it, with the version and the line that it is. */
export interface RunRecordRow extends RawRow {
  readonly versionId: string | null
  readonly lastUpdated: string | null
  /** Of the line as received. */
  readonly hash: string
  readonly file: string
  readonly line: number
  /** What became of it after the run; absent where it is as it was. */
  readonly since?: 'changed' | 'deleted'
}

/** The facts of one person as a run read them. */
export interface RunRecord {
  /** The source patients whom the run took for this person. */
  readonly members: readonly { readonly source: string; readonly patientId: string }[]
  /** In order of rid. */
  readonly rows: readonly RunRecordRow[]
  /** Base URLs by source, each ending in a slash. */
  readonly bases: ReadonlyMap<string, string>
  /** Resources of these patients that came after the run. */
  readonly added: number
}

/**
 * The publication up to which a run read; undefined where its snapshot is no state of the data that is known. Where
 * equal facts stood several times, the last such state.
 */
export async function findRunSequence(session: Session, snapshot: string): Promise<number | undefined> {
  const known = await session.first<{ seq: number | null }>(
    'SELECT max(published_seq)::INTEGER AS seq FROM data_state WHERE snapshot = $snapshot',
    { snapshot },
  )
  if (typeof known?.seq === 'number') return known.seq
  // Data that were loaded without being derived have no state; they may still be what the run read.
  if ((await dataSnapshot(session)) !== snapshot) return undefined
  const now = await session.first<{ seq: number }>('SELECT coalesce(max(published_seq), 0)::INTEGER AS seq FROM job')
  return now?.seq
}

/**
 * The record of a person as it stood at publication `seq`, of the source patients who were that person in the run;
 * undefined where the run knows no such person. Of a resource that was changed or deleted since, the version is found
 * from the lines that were received until then, by the rule by which they were made current.
 */
export async function readRunRecord(
  session: Session,
  run: { readonly runId: number; readonly seq: number },
  pid: number,
): Promise<RunRecord | undefined> {
  const patients = await session.allOften<{ spid: number; sourceId: number; patientId: string }>(
    `SELECT p.spid, p.source_id AS "sourceId", p.patient_id AS "patientId"
     FROM run_person r JOIN source_patient p USING (spid) WHERE r.run_id = $runId AND r.pid = $pid`,
    { runId: run.runId, pid },
  )
  if (patients.length === 0) return undefined
  const sources = await readSources(session)
  const members = patients
    .map(({ sourceId, ...patient }) => ({ ...patient, source: sources.get(sourceId)?.name ?? '' }))
    .toSorted((a, b) => compareText(a.source, b.source) || compareText(a.patientId, b.patientId))
  const spids = members.map(({ spid }) => spid)
  const bases = new Map(
    [...sources.values()].flatMap(({ name, base }) => (base === undefined ? [] : [[name, base] as const])),
  )
  const record = { members: members.map(({ source, patientId }) => ({ source, patientId })), bases }
  const ownCondition = `spid IN (${spids.join(', ')})`
  const seqs = await readSequences(session)
  const settled = await readSettled(session, { pid, seq: run.seq, seqs, sources, ownCondition })
  if (settled !== undefined) {
    const rows = await withOrigins(session, settled, { sources, seqs, mapped: false })
    return { ...record, rows: rows.map((row) => ({ ...row, pid })).sort((a, b) => compareKeys(a.rid, b.rid)), added: 0 }
  }
  const retold = await readRetold(session)
  const own = await readLines(session, ownCondition, retold)
  const keys = referredBy(own, sources)
  const outsideCondition = `spid IS NULL AND rid IN (${keys.join(', ')})`
  const outside = keys.length === 0 ? [] : await readLines(session, outsideCondition, retold)
  const lines = await withOrigins(session, [...own, ...outside], { sources, seqs, mapped: retold.mapped })
  const current = new Map([
    ...(await readCurrent(session, ownCondition, own)),
    ...(outside.length === 0 ? [] : await readCurrent(session, outsideCondition, outside)),
  ])
  const versions = [...groupBy(lines, ({ rid }) => rid)].map(([rid, ofOne]) => ({
    row: versionAt(ofOne, current.get(rid), run.seq),
    now: current.get(rid),
    own: ofOne.some(({ spid }) => spid !== null),
  }))
  const isMine = (row: Line): boolean => row.spid === null || spids.includes(row.spid)
  const rows = versions.flatMap(({ row, now }) =>
    row === undefined || !isMine(row) ? [] : [{ ...withFate(row, now), pid }],
  )
  const isNew = ({ row, now, own }: (typeof versions)[number]): boolean =>
    own && row === undefined && now?.deleted === false && now.seq > run.seq
  return { ...record, rows: rows.sort((a, b) => compareKeys(a.rid, b.rid)), added: versions.filter(isNew).length }
}

/** Where a person's lines are looked for, and what the run read. */
interface Settled {
  readonly pid: number
  readonly seq: number
  readonly seqs: Sequences
  readonly sources: Sources
  readonly ownCondition: string
}

/**
 * Where nothing of the person changed since the run, what is current is what it read: the lines of the person, gone to by their
 * numbers. Undefined where that cannot be told, or the person is not the one of the run any more.
 */
async function readSettled(
  session: Session,
  { pid, seq, seqs, sources, ownCondition }: Settled,
): Promise<readonly RawLine[] | undefined> {
  const current = await session.all<{ rid: string; seq: number; deleted: boolean }>(
    `SELECT rid, changed_seq AS seq, deleted FROM resource_current WHERE ${ownCondition}`,
  )
  if (current.some((row) => row.seq > seq)) return undefined
  const isNewest = [...seqs.values()].every((published) => published <= seq)
  // Numbers are our own, written out: only so does DuckDB prune.
  const isThere = async (sql: string) => (await session.first(`${sql} LIMIT 1`)) !== undefined
  if (!isNewest && (await isThere(`SELECT 1 FROM left_patient WHERE published_seq > ${seq} AND ${ownCondition}`)))
    return undefined
  const found = await readPersonOrigins(session, pid)
  if (found === undefined) return undefined
  const lines = found.map((line) => ({ ...line, updated: null }))
  const own = lines.filter(({ spid }) => spid !== null)
  const rids = new Set(own.map(({ rid }) => rid))
  const standing = current.filter(({ deleted }) => !deleted)
  if (standing.length !== rids.size || standing.some(({ rid }) => !rids.has(rid))) return undefined
  const referred = referredBy(own, sources)
  const changed = `SELECT 1 FROM resource_current WHERE changed_seq > ${seq} AND rid IN (${referred.join(', ')})`
  if (!isNewest && referred.length > 0 && (await isThere(changed))) return undefined
  const asked = new Set(referred)
  return lines.filter(({ spid, rid }) => spid !== null || asked.has(rid))
}

/** The publication of each job that published something. */
type Sequences = ReadonlyMap<number, number>

async function readSequences(session: Session): Promise<Sequences> {
  const jobs = await session.allOften<{ jobId: number; seq: number }>(
    'SELECT job_id AS "jobId", published_seq AS seq FROM job WHERE published_seq >= $first',
    { first: 0 },
  )
  return new Map(jobs.map(({ jobId, seq }) => [jobId, seq]))
}

type Sources = ReadonlyMap<number, { readonly name: string; readonly base: string | undefined }>

async function readSources(session: Session): Promise<Sources> {
  const rows = await session.allOften<{ id: number; name: string; base: string | null }>(
    `SELECT s.source_id AS id, s.name, ${baseOf} AS base FROM source s WHERE s.source_id >= $first`,
    { first: 0 },
  )
  return new Map(rows.map(({ id, name, base }) => [id, { name, base: base ?? undefined }]))
}

function referredBy(lines: readonly RawLine[], sources: Sources): readonly string[] {
  const keys = new Set(
    lines.flatMap(({ raw, sourceId }) => {
      const { name, base } = sources.get(sourceId) ?? { name: '', base: undefined }
      return [...referredKeys({ raw, source: name }, base)]
    }),
  )
  for (const { rid } of lines) keys.delete(rid)
  return [...keys]
}

/** A line that was received, of the publication `seq`. */
interface Line extends Omit<RunRecordRow, 'pid'> {
  readonly seq: number
  readonly fileId: number
  readonly updated: number | null
}

interface Current {
  readonly rid: string
  readonly hash: string
  readonly seq: number
  readonly deleted: boolean
}

type RawLine = Omit<Line, 'source' | 'file' | 'seq'> & { readonly sourceId: number }

/** Whether any line of the store says something else than what was received. */
interface Retold {
  readonly resolved: boolean
  readonly mapped: boolean
}

/** Most stores have no such line: one question spares three that look for those of a person. */
async function readRetold(session: Session): Promise<Retold> {
  const [row] = await session.allOften<Retold>(
    `SELECT $yes AND EXISTS (SELECT 1 FROM resolved_line) AS resolved, $yes AND EXISTS (SELECT 1 FROM mapped_line) AS mapped`,
    { yes: true },
  )
  return row ?? { resolved: true, mapped: true }
}

/**
 * The condition holds numbers of our own, written out: DuckDB prunes by a literal list. What few rows need of small
 * tables is looked up beside: to plan a join costs more than to read them.
 */
async function readLines(session: Session, condition: string, { resolved: has }: Retold): Promise<RawLine[]> {
  await seekRows(session)
  // Found by the condition alone and then gone to: a scan of all columns would read those of many others with each block.
  const lines = await session.all<RawLine>(
    `SELECT rid, hash, spid, source_id AS "sourceId", type, id,
       version_id AS "versionId", last_updated AS "lastUpdated", file_id AS "fileId", line_no::DOUBLE AS line,
       epoch_us(TRY_CAST(last_updated AS TIMESTAMPTZ))::DOUBLE AS updated, raw
     FROM raw_line WHERE rowid IN (SELECT rowid FROM raw_line WHERE ${condition})`,
  )
  const rids = lines.map(({ rid }) => rid).join(', ')
  if (!has || rids === '') return lines
  const resolved = await session.all<{ key: string; raw: string }>(
    `SELECT rid || ' ' || hash AS key, raw FROM resolved_line WHERE rid IN (${rids})`,
  )
  if (resolved.length === 0) return lines
  const texts = new Map(resolved.map(({ key, raw }) => [key, raw]))
  return lines.map((line) => ({ ...line, raw: texts.get(`${line.rid} ${line.hash}`) ?? line.raw }))
}

/** Lines with where they came from, of what was published; where a code map speaks of one, as it says it. */
async function withOrigins(
  session: Session,
  lines: readonly RawLine[],
  {
    sources,
    seqs,
    mapped: isMapped,
  }: { readonly sources: Sources; readonly seqs: Sequences; readonly mapped: boolean },
): Promise<readonly Line[]> {
  if (lines.length === 0) return []
  const files = await readFiles(session, [...new Set(lines.map(({ fileId }) => fileId))])
  const mapped = isMapped
    ? await session.all<{ key: string; raw: string }>(
        `SELECT rid || ' ' || hash AS key, raw FROM mapped_line WHERE rid IN (${lines.map(({ rid }) => rid).join(', ')})`,
      )
    : []
  const texts = new Map(mapped.map(({ key, raw }) => [key, raw]))
  return lines.flatMap(({ sourceId, ...line }) => {
    const { file, jobId } = files.get(line.fileId) ?? { file: '', jobId: undefined }
    const seq = jobId === undefined ? undefined : seqs.get(jobId)
    if (seq === undefined) return []
    const raw = texts.get(`${line.rid} ${line.hash}`) ?? line.raw
    return [{ ...line, source: sources.get(sourceId)?.name ?? '', file, seq, raw }]
  })
}

interface FileOrigin {
  readonly fileId: number
  readonly file: string
  readonly jobId: number
}

/** What a file is called and which job read it never changes, and no number is given twice. */
const knownFiles = new WeakMap<Session, Map<number, FileOrigin>>()

/** So many files of a store are kept in mind. */
const keptFiles = 10_000

async function readFiles(session: Session, fileIds: readonly number[]): Promise<ReadonlyMap<number, FileOrigin>> {
  const kept = knownFiles.get(session) ?? new Map<number, FileOrigin>()
  const files = new Map<number, FileOrigin>()
  for (const id of fileIds) {
    const known = kept.get(id)
    if (known !== undefined) files.set(id, known)
  }
  const missing = fileIds.filter((id) => !files.has(id))
  if (missing.length === 0) return files
  const found = await session.all<FileOrigin>(
    `SELECT file_id AS "fileId", path AS file, job_id AS "jobId" FROM source_file WHERE file_id IN (${missing.join(', ')})`,
  )
  if (kept.size > keptFiles) kept.clear()
  for (const file of found) {
    files.set(file.fileId, file)
    kept.set(file.fileId, file)
  }
  knownFiles.set(session, kept)
  return files
}

/** What is current of these resources, also where it is another patient's now. */
async function readCurrent(
  session: Session,
  condition: string,
  lines: readonly RawLine[],
): Promise<ReadonlyMap<string, Current>> {
  const read = (where: string) =>
    session.all<Current>(`SELECT rid, hash, changed_seq AS seq, deleted FROM resource_current WHERE ${where}`)
  const found = new Map((await read(condition)).map((row) => [row.rid, row]))
  const moved = [...new Set(lines.map(({ rid }) => rid))].filter((rid) => !found.has(rid))
  if (moved.length > 0) for (const row of await read(`rid IN (${moved.join(', ')})`)) found.set(row.rid, row)
  return found
}

/** The version that was current at a publication; undefined where none was. */
function versionAt(lines: readonly Line[], current: Current | undefined, seq: number): Line | undefined {
  if (current !== undefined && current.seq <= seq)
    return current.deleted ? undefined : lines.find(({ hash }) => hash === current.hash)
  const jobs = [...groupBy(lines, (line) => line.seq)].filter(([at]) => at <= seq).sort(([a], [b]) => a - b)
  return jobs.reduce<Line | undefined>((kept, [, ofJob]) => {
    const newest = ofJob.reduce((one, other) => (isBefore(one, other) ? other : one))
    const older = kept?.updated != null && newest.updated !== null && newest.updated < kept.updated
    return older ? kept : newest
  }, undefined)
}

/** Of two lines of one job the later one counts: by its stamp, its version, its place. */
function isBefore(a: Line, b: Line): boolean {
  const order =
    compareNumbers(a.updated, b.updated) ||
    compareNumbers(wholeNumber(a.versionId), wholeNumber(b.versionId)) ||
    a.fileId - b.fileId ||
    a.line - b.line
  return order < 0
}

const wholeNumber = (text: string | null): number | null => (text !== null && /^\d+$/.test(text) ? Number(text) : null)

const compareNumbers = (a: number | null, b: number | null): number =>
  a === b ? 0 : (a ?? Number.NEGATIVE_INFINITY) - (b ?? Number.NEGATIVE_INFINITY)

function withFate(line: Line, now: Current | undefined): Line {
  if (now?.deleted === true) return { ...line, since: 'deleted' }
  return now !== undefined && now.hash === line.hash ? line : { ...line, since: 'changed' }
}
