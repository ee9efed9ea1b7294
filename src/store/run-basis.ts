import type { Session } from '../duck/index.ts'
import { codeMapsSql } from './code-map.ts'

/** What a measure of a run was made of. */
export interface MeasureBasis {
  /** Hash over Measure and logic, without the expansions. */
  readonly logicHash: string
  /** `name|version` of the package that it came with. */
  readonly package?: string
  /** The expansions that it read. */
  readonly valueSets: readonly { readonly canonical: string; readonly version?: string; readonly sha256: string }[]
}

/** Writes what the measures of a run are made of, and who is whose patient now. In the caller's transaction. */
export async function insertRunBasis(
  session: Session,
  runId: number,
  measures: readonly { readonly measureId: string; readonly basis?: MeasureBasis }[],
): Promise<void> {
  const rows = JSON.stringify(measures.flatMap(({ measureId, basis }) => (basis ? [{ measureId, ...basis }] : [])))
  const unnested = `(SELECT unnest(from_json($rows::JSON, '["JSON"]')) AS m)`
  await session.run(
    `INSERT INTO run_logic SELECT $runId, m->>'measureId', m->>'logicHash', m->>'package' FROM ${unnested}`,
    { runId, rows },
  )
  await session.run(
    `INSERT INTO run_value_set
     SELECT $runId, measure, v->>'canonical', v->>'version', v->>'sha256'
     FROM (SELECT m->>'measureId' AS measure, unnest(from_json(m->'valueSets', '["JSON"]')) AS v FROM ${unnested})`,
    { runId, rows },
  )
  await session.run(
    `INSERT INTO run_person SELECT $runId, spid, coalesce(pid, spid) FROM source_patient
     WHERE coalesce(pid, spid) IN (SELECT pid FROM population) ORDER BY spid`,
    { runId },
  )
  await session.run(`INSERT INTO run_setting (run_id, code_maps) SELECT $runId, ${codeMapsSql}`, { runId })
}

/** What of a measure's basis a reader asks for, as one run had it. */
export interface RunMeasureBasis {
  readonly measureId: string
  readonly logicHash: string
  readonly package: string | null
  readonly valueSets: readonly {
    readonly canonical: string
    readonly version: string | null
    readonly sha256: string
  }[]
}

/** The basis of each measure of a run, in order of measure; value sets in order of canonical. */
export function readRunBasis(session: Session, runId: number): Promise<RunMeasureBasis[]> {
  return session.all<RunMeasureBasis>(
    `SELECT l.measure_id AS "measureId", l.logic_hash AS "logicHash", l.package,
       coalesce((SELECT list({canonical: canonical, version: version, sha256: sha256} ORDER BY canonical)
         FROM run_value_set v WHERE v.run_id = l.run_id AND v.measure_id = l.measure_id), []) AS "valueSets"
     FROM run_logic l WHERE run_id = $runId ORDER BY l.measure_id`,
    { runId },
  )
}

/** The code maps that a run was made with (a hash; empty where there were none). */
export async function readRunCodeMaps(session: Session, runId: number): Promise<string> {
  const row = await session.first<{ maps: string }>('SELECT code_maps AS maps FROM run_setting WHERE run_id = $runId', {
    runId,
  })
  return row?.maps ?? ''
}
