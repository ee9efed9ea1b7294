import type { Session } from '../duck/index.ts'
import { forManyRows } from './many-rows.ts'

/** A group of a server, whose members are known from its exports. */
export interface MemberGroup {
  readonly source: string
  readonly group: string
  readonly pullId: number
}

/** The patients of a group that are its members now, by the ids of the source. */
export async function readMembers(session: Session, { source, group }: Omit<MemberGroup, 'pullId'>): Promise<string[]> {
  const rows = await session.all<{ id: string }>(
    `SELECT patient_id AS id FROM pull_member WHERE source = $source AND group_id = $group AND left_pull IS NULL ORDER BY id`,
    { source, group },
  )
  return rows.map(({ id }) => id)
}

/**
 * Patients whose own resources the load that is being published brought (`job_verdict`) are members. With `whole`, nobody
 * else is: who was before has left. In the caller's transaction; returns how many left.
 */
export async function recordLoadedMembers(session: Session, of: MemberGroup & { readonly whole: boolean }) {
  await session.run(
    `CREATE OR REPLACE TEMP TABLE seen_member AS SELECT DISTINCT id AS patient_id FROM job_verdict WHERE type = 'Patient'`,
  )
  await addMembers(session, of)
  return of.whole ? endMembers(session, of) : 0
}

/** Who is not on the list of a group's members has left it. In one transaction; returns how many left. */
export function recordListedMembers(session: Session, of: MemberGroup, patientIds: readonly string[]): Promise<number> {
  return session.transaction(async () => {
    await session.run('CREATE OR REPLACE TEMP TABLE seen_member (patient_id VARCHAR)')
    const rows = patientIds.map((patientId) => ({ patientId }))
    await forManyRows(
      session,
      rows,
      { patientId: 'VARCHAR' },
      (table) => `INSERT INTO temp.seen_member SELECT "patientId" FROM ${table}`,
      {},
    )
    return endMembers(session, of)
  })
}

async function addMembers(session: Session, { source, group, pullId }: MemberGroup): Promise<void> {
  await session.run(
    `INSERT INTO pull_member SELECT $source, $group, patient_id, $pullId, NULL FROM temp.seen_member
     ON CONFLICT (source, group_id, patient_id) DO UPDATE SET left_pull = NULL,
       joined_pull = CASE WHEN left_pull IS NULL THEN joined_pull ELSE excluded.joined_pull END`,
    { source, group, pullId },
  )
}

async function endMembers(session: Session, { source, group, pullId }: MemberGroup): Promise<number> {
  const left = await session.all(
    `UPDATE pull_member SET left_pull = $pullId WHERE source = $source AND group_id = $group AND left_pull IS NULL
       AND patient_id NOT IN (SELECT patient_id FROM temp.seen_member) RETURNING patient_id`,
    { source, group, pullId },
  )
  return left.length
}
