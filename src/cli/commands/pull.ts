import { findServer, publicKeySet } from '../../bulk/index.ts'
import { previewPull, pullSource } from '../../jobs/index.ts'
import type { Store } from '../../store/index.ts'
import type { Command, Invocation } from '../command.ts'
import { inTurn, loadingMemoryMb, openCommandStore } from '../open-application.ts'
import { wrongUse } from '../parse.ts'
import { noteFindings, pullText } from '../pull-text.ts'
import { noteFaults } from './ingest.ts'

/** `caregap pull`: a source from its Bulk Data server into the store, going on where an earlier one was stopped. */
export const pull: Command = {
  name: 'pull',
  summary: 'pull a source from its Bulk Data server into the store',
  usage: 'SOURCE [--full] [--dry-run]',
  options: {
    full: { type: 'boolean', help: 'everything, not only what changed since the last complete pull' },
    'dry-run': { type: 'boolean', help: 'get a token and show what would be asked; nothing is exported' },
    'public-keys': { type: 'boolean', help: 'print the public keys to register with the server, and stop' },
  },
  examples: [
    'caregap pull lakeside --dry-run',
    'caregap pull lakeside             # killed, and run again: it goes on where it was',
    'caregap pull lakeside --public-keys > jwks.json',
  ],
  inServer: true,
  async run(invocation) {
    const [source, ...more] = invocation.positionals
    if (source === undefined || more.length > 0) throw wrongUse(this, 'one SOURCE is needed')
    const server = findServer(invocation.config, source)
    if (invocation.flag('public-keys')) {
      const keys = publicKeySet(server)
      invocation.print(JSON.stringify(keys, null, 2), keys)
      return 0
    }
    const store = await openCommandStore(invocation, { memoryLimitMb: loadingMemoryMb })
    try {
      return invocation.flag('dry-run')
        ? await showPreview(store, invocation, source)
        : await runPull(store, invocation, source)
    } finally {
      store.close()
    }
  },
}

async function showPreview(store: Store, invocation: Invocation, source: string): Promise<number> {
  const { config } = invocation
  const preview = await previewPull(store, { source, config, full: invocation.flag('full') })
  noteFindings(invocation, preview.findings)
  const granted = preview.asked.length === 0 ? [] : [`granted: ${preview.granted ?? 'as asked'}`]
  invocation.print([JSON.stringify(preview.request, null, 2), ...granted].join('\n'), preview)
  return preview.findings.length > 0 ? 1 : 0
}

/** Pulls a source and says how it ended; also what `caregap retry` does. */
export async function runPull(store: Store, invocation: Invocation, source: string): Promise<number> {
  const { config, progress } = invocation
  const full = invocation.flag('full')
  const result = await pullSource(store, {
    source,
    config,
    progress,
    full,
    onNote: (text) => invocation.note(text),
    inTurn: (work) => inTurn(invocation, work),
  })
  noteFindings(invocation, result.findings)
  if (result.loaded !== undefined) noteFaults(invocation, result.loaded.ingest)
  invocation.print(pullText(result), result)
  return result.exitCode
}
