import type { Session } from '../../duck/index.ts'
import { tableOfWorklist } from '../../store/index.ts'
import { type TableFile, type TableFormat, tableFile } from '../table-file.ts'
import type { OpenWorklist } from './open-worklist.ts'

/** A worklist as a file: exactly the gaps of its filter, a row each, all pages, with whose they are. */
export interface WorklistExport extends TableFile {
  readonly name: string
  readonly pids: readonly number[]
}

/** Makes the file over a session of the caller's own (a temporary table holds the rows). */
export async function exportWorklist(
  session: Session,
  { filter, run, today }: OpenWorklist,
  format: TableFormat,
): Promise<WorklistExport> {
  await tableOfWorklist(session, filter, 'worklist_export')
  const pids = await session.all<{ person: number }>('SELECT DISTINCT person FROM worklist_export')
  const file = await tableFile(session, 'worklist_export', format)
  return { ...file, name: `worklist-run${run.runId}-${today}.${format}`, pids: pids.map(({ person }) => person) }
}
