import type { Session } from '../duck/index.ts'
import { primaryAttribution } from './page-people-sql.ts'
import { readRawByRid } from './resource-read.ts'
import { ridOf } from './rid.ts'

/** A current resource as received, by the names that its source gave it; undefined where there is none. */
export async function findRawResource(
  session: Session,
  source: string,
  type: string,
  id: string,
): Promise<string | undefined> {
  const [row] = await readRawByRid(session, [ridOf(source, type, id)])
  return row !== undefined && row.type === type && row.id === id && row.source === source ? row.raw : undefined
}

/** The persons of a source's patients, by the patients' ids; of ids that the source lacks nothing. */
export async function findPids(
  session: Session,
  source: string,
  patientIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await session.all<{ patientId: string; pid: number }>(
    `SELECT p.patient_id AS "patientId", coalesce(p.pid, p.spid) AS pid
     FROM source_patient p JOIN source s USING (source_id)
     WHERE s.name = $source AND p.patient_id IN (SELECT unnest(from_json($ids::JSON, '["VARCHAR"]')))`,
    { source, ids: JSON.stringify(patientIds) },
  )
  return new Map(rows.map(({ patientId, pid }) => [patientId, pid]))
}

/** The persons whose primary provider (the one with most of their visits) has this NPI, ascending. */
export async function readPidsOfProvider(session: Session, npi: string): Promise<number[]> {
  const rows = await session.all<{ pid: number }>(
    `SELECT pid FROM (${primaryAttribution('attribution')}) WHERE npi = $npi ORDER BY pid`,
    { npi },
  )
  return rows.map(({ pid }) => pid)
}

/** The persons with visits at a practice, by its TIN, ascending. */
export async function readPidsOfPractice(session: Session, tin: string): Promise<number[]> {
  const rows = await session.all<{ pid: number }>(
    'SELECT DISTINCT pid FROM attribution WHERE tin = $tin ORDER BY pid',
    { tin },
  )
  return rows.map(({ pid }) => pid)
}
