import type { LoadSummary, RunSummary } from '../../store/index.ts'
import { countOf, formatInstant } from './format.ts'
import { Command, Notice } from './notice.tsx'

/** What to show where results are wanted and there are none: why, and the next command. */
export const NoRun = ({
  load,
  newest,
}: {
  readonly load: LoadSummary | undefined
  readonly newest: RunSummary | undefined
}) => {
  if (load === undefined || (load.persons === 0 && load.lines === 0)) {
    return (
      <Notice title="No data yet">
        <p>Load an export (a folder or manifest of NDJSON files), then evaluate the measures over everybody.</p>
        <Command text="bin/caregap ingest PATH --source NAME" />
        <Command text="bin/caregap evaluate --all" />
      </Notice>
    )
  }
  if (newest !== undefined && newest.state !== 'published' && newest.finishedAt === null) {
    return (
      <Notice title="The first run is in progress">
        <p>
          Run {newest.runId} started {formatInstant(newest.startedAt)}. Its results appear here as a whole when it has
          ended; until then there is nothing to show.
        </p>
        <p class="actions">
          <a class="button" href={`/runs/${newest.runId}`}>
            See the run
          </a>
        </p>
      </Notice>
    )
  }
  return (
    <Notice title="No run yet">
      <p>
        {countOf(load.persons, 'person', 'people')} are loaded and no measure was evaluated yet. Start a run over
        everybody; its results appear here when it has ended.
      </p>
      <Command text="bin/caregap evaluate --all" />
      {newest === undefined ? null : (
        <p>
          The newest run, <a href={`/runs/${newest.runId}`}>run {newest.runId}</a>, ended as “{newest.state}”.
        </p>
      )}
    </Notice>
  )
}
