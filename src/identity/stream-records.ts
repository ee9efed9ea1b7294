import { invariant } from '../base/index.ts'
import type { Session } from '../duck/index.ts'
import { isResource, type PersonRecord, type RecordEntry } from '../fhir/index.ts'
import {
  type PersonSelection,
  type RawRow,
  readPersonMembers,
  readSourceBases,
  streamRawByPerson,
} from '../store/index.ts'
import { assembleRecord, type Member } from './assemble-record.ts'

/**
 * The records of persons, ordered by pid. A person of whom nothing current is left has no record. The session
 * must not run another streaming query meanwhile.
 */
export async function* streamPersonRecords(session: Session, selection: PersonSelection): AsyncGenerator<PersonRecord> {
  const bases = await readSourceBases(session)
  for await (const rows of streamRawByPerson(session, selection)) {
    const persons = groupByPid(rows)
    const members = groupByPid(await readPersonMembers(session, [...persons.keys()]))
    for (const [pid, own] of persons) yield recordOf(pid, own, members.get(pid) ?? [], bases)
  }
}

/** One person's record; undefined where there is no such person, or nothing current of them. */
export async function readPersonRecord(session: Session, pid: number): Promise<PersonRecord | undefined> {
  for await (const record of streamPersonRecords(session, { pids: [pid] })) return record
  return undefined
}

function recordOf(
  pid: number,
  rows: readonly RawRow[],
  members: readonly Member[],
  bases: ReadonlyMap<string, string>,
): PersonRecord {
  return assembleRecord({ pid, members, entries: rows.map(parseRow), bases })
}

/** Stored lines were checked when they were loaded: one that is no resource is our fault. */
function parseRow({ rid, source, type, id, raw }: RawRow): RecordEntry {
  const resource: unknown = JSON.parse(raw)
  invariant(isResource(resource), `the stored line of ${type}/${id} is a resource`)
  return { rid, source, type, id, resource }
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
