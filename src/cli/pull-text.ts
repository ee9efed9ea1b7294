import type { PullRecord, PullResult } from '../jobs/index.ts'
import type { Load, PullFinding } from '../store/index.ts'
import type { Invocation } from './command.ts'

const grouped = (value: number): string => value.toLocaleString('en-US')

/** What there is to say of a pull, a line each, errors first; the server's own words under them. */
export function noteFindings(invocation: Invocation, findings: readonly PullFinding[]): void {
  for (const { severity, message, detail } of findings) {
    invocation.note(`${severity === 'error' ? 'PARTIAL: ' : ''}${message}`)
    for (const said of saidIn(detail)) invocation.note(`  ${said}`)
  }
}

function saidIn(detail: PullFinding['detail']): string[] {
  if (typeof detail !== 'object' || detail === null || !('said' in detail)) return []
  return Array.isArray(detail.said) ? detail.said.map(String) : []
}

/** How a pull ended, in one paragraph. */
export function pullText({ pull, resumed, resources, deletions, watermark }: PullResult): string {
  const how = pull.partial === true ? 'PARTIAL, the watermark stays' : 'complete'
  const begun = resumed ? ', begun by an earlier process' : ''
  const removed = deletions === undefined ? '' : `, ${grouped(deletions.deleted)} deleted`
  const next =
    watermark === undefined
      ? 'The next pull asks for everything.'
      : `The next pull asks for changes since ${watermark}.`
  return `${pull.source}: pull ${pull.pullId}${begun}: ${grouped(resources)} resources${removed}; ${how}.\n${next}`
}

/** Pulls and loads, newest first, a line each. */
export function jobsText(pulls: readonly PullRecord[], loads: readonly Load[]): string {
  const lines = [
    ...pulls.map(pullLine),
    ...loads.map(({ jobId, kind, source, state, startedAt, files }) => {
      const good = files.reduce((sum, file) => sum + (file.good ?? 0), 0)
      const bad = files.reduce((sum, file) => sum + (file.quarantined ?? 0), 0)
      const counts = `${files.length} files, ${grouped(good)} good lines, ${grouped(bad)} quarantined`
      return `load ${jobId}  ${source ?? ''}  ${kind}  ${state}  ${startedAt}  ${counts}`
    }),
  ]
  return lines.length === 0 ? 'There are no pulls and no loads in this database.' : lines.join('\n')
}

function pullLine({ pullId, source, state, partial, startedAt, files, serverProgress, message }: PullRecord): string {
  const done = files.filter((file) => file.state === 'downloaded').length
  const parts = [
    `pull ${pullId}`,
    source,
    partial === true ? `${state} (partial)` : state,
    startedAt,
    ...(files.length === 0 ? [] : [`${done} of ${files.length} files`]),
    ...(serverProgress === null || state !== 'polling' ? [] : [serverProgress]),
    ...(message === null ? [] : [message]),
  ]
  return parts.join('  ')
}
