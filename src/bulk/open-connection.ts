import { type BulkServer, type Config, fault } from '../base/index.ts'
import type { Connection } from './connection.ts'
import { type Pace, stoppablePace, systemPace } from './pace.ts'
import { baseOf, checkTransport } from './server-address.ts'
import { createTokens } from './tokens.ts'

/** The server of a source, from the configuration. Faults: `bulk/unknown-source`, `bulk/no-server`. */
export function findServer(config: Config, source: string): BulkServer {
  const found = config.sources.find(({ name }) => name === source)
  if (found?.bulk !== undefined) return found.bulk
  const pulled = config.sources.flatMap(({ name, bulk }) => (bulk === undefined ? [] : [name]))
  const known = pulled.length === 0 ? 'none has one' : `these have: ${pulled.join(', ')}`
  throw fault('usage', 'bulk/unknown-source', `The configuration has no server for a source ${source} (${known}).`, {
    remedy: 'Add sources[].bulk for it; docs/configuration.md shows how.',
  })
}

/** A connection to a server; nothing is sent yet. Fault: `bulk/insecure-url`. */
export function openConnection(server: BulkServer, pace: Pace = systemPace, signal?: AbortSignal): Connection {
  checkTransport(baseOf(server), server)
  const stoppable = signal === undefined ? pace : stoppablePace(pace, signal)
  return {
    server,
    pace: stoppable,
    tokens: createTokens(server, stoppable),
    ...(signal === undefined ? {} : { signal }),
  }
}
