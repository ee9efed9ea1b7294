import { reopenNamedPull } from '../../jobs/index.ts'
import type { Command } from '../command.ts'
import { loadingMemoryMb, openCommandStore } from '../open-application.ts'
import { wrongUse } from '../parse.ts'
import { runPull } from './pull.ts'

/** `caregap retry`: goes on with a failed pull where the server still holds it, else begins it anew. */
export const retry: Command = {
  name: 'retry',
  summary: 'go on with a failed pull where that is possible, else begin it anew',
  usage: 'PULL',
  options: {
    full: { type: 'boolean', help: 'everything, not only what changed since the last complete pull' },
  },
  examples: ['caregap retry 12', 'caregap retry lakeside    # the newest pull of a source'],
  inServer: true,
  async run(invocation) {
    const [name, ...more] = invocation.positionals
    if (name === undefined || more.length > 0) throw wrongUse(this, 'one PULL is needed')
    const store = await openCommandStore(invocation, { memoryLimitMb: loadingMemoryMb })
    try {
      return await runPull(store, invocation, await reopenNamedPull(store, name))
    } finally {
      store.close()
    }
  },
}
