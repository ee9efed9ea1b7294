import type { RunSummary } from '../../store/index.ts'

/**
 * Of when the groups are that a run's rates are told by: a run keeps what it found of each person, not where they belong, so
 * groups are of what is known now.
 */
export const GroupedAsOf = ({ run, by }: { readonly run: RunSummary; readonly by: string }) => (
  <>
    {by} as of today; the rates are those of run {run.runId}.
  </>
)
