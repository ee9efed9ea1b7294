import type { Session } from '../duck/index.ts'
import type { PersonRecord } from '../fhir/index.ts'
import { type PersonSelection, streamPersons } from '../store/index.ts'
import { assembleRecord } from './assemble-record.ts'

/**
 * The records of persons, ordered by pid. A person of whom nothing current is left has no record. The session
 * must not run another streaming query meanwhile.
 */
export async function* streamPersonRecords(session: Session, selection: PersonSelection): AsyncGenerator<PersonRecord> {
  for await (const batch of streamPersons(session, selection)) {
    const members = groupByPid(batch.members)
    const bases = new Map(batch.members.flatMap(({ source, base }) => (base === null ? [] : [[source, base]])))
    for (const [pid, own] of groupByPid(batch.rows))
      yield assembleRecord({ pid, members: members.get(pid) ?? [], rows: own, bases })
  }
}

/** One person's record; undefined where there is no such person, or nothing current of them. */
export async function readPersonRecord(session: Session, pid: number): Promise<PersonRecord | undefined> {
  for await (const record of streamPersonRecords(session, { pids: [pid] })) return record
  return undefined
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
