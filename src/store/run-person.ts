import type { Session } from '../duck/index.ts'

/** Whom a run took a source's patient for; undefined where that run knows no such patient. */
export async function findRunPid(
  session: Session,
  runId: number,
  patient: { readonly source: string; readonly patientId: string },
): Promise<number | undefined> {
  const row = await session.first<{ pid: number }>(
    `SELECT m.pid FROM run_person m JOIN source_patient p USING (spid) JOIN source s USING (source_id)
     WHERE m.run_id = $runId AND s.name = $source AND p.patient_id = $patientId`,
    { runId, ...patient },
  )
  return row?.pid
}
