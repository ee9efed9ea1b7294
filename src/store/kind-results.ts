import type { Session } from '../duck/index.ts'
import {
  type GapRow,
  gapShape,
  insertGapsFrom,
  insertResultsFrom,
  type PersonResultRow,
  resultShape,
  rowsOf,
} from './result-write.ts'

/**
 * The temporary table of a session in which the answers of a set of persons stand: `pid`, `kind` (the same for persons
 * in whose results nothing but pid and evidence differs) and `evidence` (define's number and resource; may be NULL).
 */
export const setAnswers = 'set_answer'

/** The result of a kind of persons in one group. */
export interface KindResultRow extends Omit<PersonResultRow, 'pid' | 'evidence'> {
  readonly kind: number
  /** The measure is about these persons: their evidence is stored. */
  readonly concerned: boolean
}

/** The gap of a kind of persons in one group, in the same words for each of them. */
export interface KindGapRow extends Omit<GapRow, 'pid'> {
  readonly kind: number
}

/** Results of all persons of some kinds, but those left out, for a run that is still open. Their answers stand in the session. */
export function storeKindResults(
  session: Session,
  runId: number,
  rows: readonly KindResultRow[],
  { except, defines }: { readonly except: readonly number[]; readonly defines: number },
): Promise<void> {
  const relation = relationOf(`"concerned":"BOOLEAN",${resultShape}`, evidenceText(defines))
  return insert(session, insertResultsFrom(relation), { runId, rows, except })
}

/** The same of their gaps. */
export function storeKindGaps(
  session: Session,
  runId: number,
  rows: readonly KindGapRow[],
  { except }: { readonly except: readonly number[] },
): Promise<void> {
  return insert(session, insertGapsFrom(relationOf(gapShape)), { runId, rows, except })
}

/** The rows of kinds once for each of their persons. */
const relationOf = (shape: string, ...columns: readonly string[]) =>
  `(SELECT k.* EXCLUDE (kind), ${['a.pid', ...columns].join(', ')}
    FROM ${setAnswers} a JOIN ${rowsOf(`"kind":"INTEGER",${shape}`)} k USING (kind)
    WHERE NOT list_contains(from_json($except::JSON, '["INTEGER"]'), a.pid))`

/**
 * What the first so many defines hold of those whom the measure is about, each resource once for a define: nearly never is
 * one there twice. Of those behind them nobody asks.
 */
function evidenceText(defines: number): string {
  const own = `list_filter(a.evidence, lambda e: e.define < ${defines})`
  return `CASE WHEN NOT k.concerned OR a.evidence IS NULL THEN []
    WHEN len(list_distinct(a.evidence)) = len(a.evidence) THEN ${own}
    ELSE list_filter(a.evidence, lambda e, i: e.define < ${defines} AND list_position(a.evidence, e) = i) END AS evidence`
}

async function insert(
  session: Session,
  sql: string,
  { runId, rows, except }: { runId: number; rows: readonly object[]; except: readonly number[] },
): Promise<void> {
  if (rows.length > 0) await session.run(sql, { runId, rows: JSON.stringify(rows), except: JSON.stringify(except) })
}

const listed = (name: string) => `(SELECT unnest(from_json($${name}::JSON, '["INTEGER"]')))`

/** The persons of some kinds, and those of others whose answers stand in the session, by pid. */
export async function readKindPersons(
  session: Session,
  kinds: readonly number[],
  others: readonly number[],
): Promise<readonly { readonly pid: number; readonly kind: number }[]> {
  return session.all<{ pid: number; kind: number }>(
    `SELECT pid, kind FROM ${setAnswers} WHERE kind IN ${listed('kinds')} OR pid IN ${listed('others')} ORDER BY pid`,
    { kinds: JSON.stringify(kinds), others: JSON.stringify(others) },
  )
}

/** Takes the results of persons back, before they are committed: their gaps cannot be told. */
export async function dropResults(
  session: Session,
  runId: number,
  measureId: string,
  pids: readonly number[],
): Promise<void> {
  if (pids.length === 0) return
  await session.run(
    `DELETE FROM result_row WHERE run_id = $runId AND measure_id = $measureId
       AND pid IN ${listed('pids')}`,
    { runId, measureId, pids: JSON.stringify(pids) },
  )
}
