import type { Session } from '../duck/index.ts'
import type { PersonRecord } from '../fhir/index.ts'
import { type RunRecord, type RunRecordRow, readRunRecord } from '../store/index.ts'
import { assembleRecord } from './assemble-record.ts'

/** A person's record as a run read it. */
export interface RunPersonRecord extends RunRecord {
  readonly record: PersonRecord
}

/**
 * The record of a person as it stood when a run read it (`seq` is the publication up to which it read), of the source
 * patients whom that run took for the person. `change` may alter a line before it is read. Undefined where the run knows
 * no such person.
 */
export async function readRunPersonRecord(
  session: Session,
  run: { readonly runId: number; readonly seq: number },
  pid: number,
  change: (row: RunRecordRow) => string = ({ raw }) => raw,
): Promise<RunPersonRecord | undefined> {
  const found = await readRunRecord(session, run, pid)
  if (found === undefined) return undefined
  const rows = found.rows.map((row) => ({ ...row, raw: change(row) }))
  const record = assembleRecord({ pid, members: found.members, rows, bases: found.bases })
  return { ...found, record }
}
