import type { Session } from '../duck/index.ts'
import type { PersonRecord } from '../fhir/index.ts'
import {
  type MemberRow,
  type MergedPatient,
  type PersonLimits,
  type PersonSelection,
  readRowsOf,
  streamPersonTexts,
} from '../store/index.ts'
import { assembleRecord, assembleTexts, type RecordParts, type TextParts } from './assemble-record.ts'

/**
 * The records of persons, ordered by pid. A person of whom nothing current is left has no record. The session
 * must not run another streaming query meanwhile.
 */
export async function* streamPersonRecords(session: Session, selection: PersonSelection): AsyncGenerator<PersonRecord> {
  for await (const parts of streamPersonParts(session, selection)) yield assemblePerson(parts)
}

/** What a person's record is made of, whoever read it; it can be sent to another thread. */
export type PersonParts = RecordParts | TextParts

export const assemblePerson = (parts: PersonParts): PersonRecord =>
  'texts' in parts ? assembleTexts(parts) : assembleRecord(parts)

/** One person's record; undefined where there is no such person, or nothing current of them. */
export async function readPersonRecord(session: Session, pid: number): Promise<PersonRecord | undefined> {
  for await (const record of streamPersonRecords(session, { pids: [pid] })) return record
  return undefined
}

/** The one Patient that stands for each person in their record; none for persons without. */
export async function readMergedPatients(session: Session, pids: readonly number[]): Promise<readonly MergedPatient[]> {
  const found: MergedPatient[] = []
  for await (const { pid, patient, entries } of streamPersonRecords(session, { pids, types: ['Patient'] })) {
    const [own] = entries.filter(({ resource }) => resource === patient)
    if (own !== undefined) found.push({ pid, rid: own.rid, patient })
  }
  return found
}

/** What the record of one person, of these source patients, is made of, as far as `limits` ask for it; undefined where there is nothing. */
export async function readPersonParts(
  session: Session,
  members: readonly MemberRow[],
  limits: PersonLimits,
): Promise<RecordParts | undefined> {
  const rows = await readRowsOf(session, members, limits)
  const [first] = rows
  return first === undefined ? undefined : { pid: first.pid, members, rows, bases: basesOf(members) }
}

const basesOf = (members: readonly MemberRow[]): ReadonlyMap<string, string> =>
  new Map(members.flatMap(({ source, base }) => (base === null ? [] : [[source, base] as const])))

/** As `streamPersonRecords`, what the records are made of. */
export async function* streamPersonParts(session: Session, selection: PersonSelection): AsyncGenerator<PersonParts> {
  for await (const batch of streamPersonTexts(session, selection)) {
    const [members, rows, bases] = [groupByPid(batch.members), groupByPid(batch.rows), basesOf(batch.members)]
    for (const pid of batch.pids) {
      const [of, texts, found] = [members.get(pid) ?? [], batch.texts.get(pid), rows.get(pid)]
      if (texts !== undefined) yield { pid, members: of, texts, bases }
      else if (found !== undefined) yield { pid, members: of, rows: found, bases }
    }
  }
}

function groupByPid<T extends { readonly pid: number }>(rows: readonly T[]): Map<number, T[]> {
  const groups = new Map<number, T[]>()
  for (const row of rows) {
    const group = groups.get(row.pid)
    if (group === undefined) groups.set(row.pid, [row])
    else group.push(row)
  }
  return groups
}
