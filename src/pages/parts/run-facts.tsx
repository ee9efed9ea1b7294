import type { PropsWithChildren } from 'hono/jsx'
import type { LoadSummary, RunSummary } from '../../store/index.ts'
import { formatDay, formatInstant, shortHash } from './format.ts'

/** The facts that every number of a run rests on: period, data, run. */
export const RunFacts = ({ run, load }: { readonly run: RunSummary; readonly load?: LoadSummary | undefined }) => (
  <p class="facts">
    <span>
      Period{' '}
      <strong>
        {formatDay(run.periodStart)} to {formatDay(run.periodEnd)}
      </strong>{' '}
      ({run.timeZone})
    </span>
    {load?.dataAsOf === undefined || load.dataAsOf === null ? null : (
      <span>
        Data as of <strong>{formatInstant(load.dataAsOf)}</strong>
      </span>
    )}
    <span>
      <a href={`/runs/${run.runId}`}>Run {run.runId}</a> of {formatInstant(run.finishedAt ?? run.startedAt)}
    </span>
  </p>
)

/** The whole stamp of a run: what must be equal for the same numbers to come out again; further entries may follow. */
export const RunStamp = ({ run, children }: PropsWithChildren<{ readonly run: RunSummary }>) => (
  <dl class="stamp">
    <dt>Run</dt>
    <dd>{run.runId}</dd>
    <dt>Period</dt>
    <dd>
      {run.periodStart} to {run.periodEnd}, {run.timeZone}
    </dd>
    <dt>Engine</dt>
    <dd>
      {run.engine}: {run.engineVersion}
    </dd>
    <dt>Data snapshot</dt>
    <dd>
      <code title={run.dataSnapshot}>{shortHash(run.dataSnapshot)}</code>
    </dd>
    <dt>Finished</dt>
    <dd>{run.finishedAt === null ? 'not yet' : formatInstant(run.finishedAt)}</dd>
    {children}
  </dl>
)
