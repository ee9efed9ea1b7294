import { findServer } from '../bulk/index.ts'
import type { Store } from '../store/index.ts'
import { pullGroup } from './pull-group.ts'
import { isForgotten, type PullRequest, type PullResult, pullOnce } from './pull-once.ts'
import { asRunningPull } from './running-pulls.ts'

/**
 * Pulls a source from its server: kick-off, wait, download, load, and the watermark in the transaction of the load.
 * A pull that a process was stopped in is gone on with. An export that the server has forgotten is asked for anew,
 * once. Faults: those of `obtainExport`, `jobs/pull-refused` where nothing of it can be loaded.
 */
export function pullSource(store: Store, request: PullRequest): Promise<PullResult> {
  return asRunningPull(store, request.source, async (signal) => {
    try {
      return await pullNow(store, request, signal)
    } catch (thrown) {
      if (!isForgotten(thrown)) throw thrown
      request.onNote(`${request.source}: the server has forgotten the export; a new one is asked for.`)
      return pullNow(store, request, signal)
    }
  })
}

function pullNow(store: Store, request: PullRequest, signal: AbortSignal): Promise<PullResult> {
  const server = findServer(request.config, request.source)
  if (server.group !== undefined && server.members === 'compare') return pullGroup(store, request, server, signal)
  return pullOnce(store, request, { purpose: 'refresh', server }, signal)
}
