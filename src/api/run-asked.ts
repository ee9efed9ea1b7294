import type { Context } from 'hono'
import { z } from 'zod'
import type { RequestScope } from '../access/index.ts'
import { fault } from '../base/index.ts'
import type { Application } from '../jobs/index.ts'
import { type RunSummary, readPublishedRun, readRun } from '../store/index.ts'

/** One request with what answers it. */
export interface Call {
  readonly application: Application
  readonly context: Context
  readonly scope: RequestScope
}

/** Where a run may be asked for. */
export const runQuery = { run: z.coerce.number().int().positive().optional() }
/** The run that was asked for, or the last published one. Usage fault where there is none. */
export async function runOf({ application }: Call, runId: number | undefined): Promise<RunSummary> {
  const { session } = application.store
  const run = runId === undefined ? await readPublishedRun(session) : await readRun(session, runId)
  if (run?.state === 'published') return run
  throw fault(
    'usage',
    'api/no-run',
    runId === undefined ? 'No run is published yet.' : `Run ${runId} is not published.`,
    {
      remedy: 'Run `caregap evaluate --all`, then ask again.',
    },
  )
}
