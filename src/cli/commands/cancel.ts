import { cancelNamedPull } from '../../jobs/index.ts'
import type { Command } from '../command.ts'
import { openCommandStore } from '../open-application.ts'
import { wrongUse } from '../parse.ts'

/** `caregap cancel`: gives a pull up, at the server and here. */
export const cancel: Command = {
  name: 'cancel',
  summary: 'give a pull up: at the server, on disk and in the ledger',
  usage: 'PULL',
  options: {},
  examples: ['caregap cancel 12', 'caregap cancel lakeside    # the newest pull of a source'],
  inServer: true,
  async run(invocation) {
    const [name, ...more] = invocation.positionals
    if (name === undefined || more.length > 0) throw wrongUse(this, 'one PULL is needed')
    const store = await openCommandStore(invocation)
    try {
      const { pull, failure } = await cancelNamedPull(store, name, invocation.config)
      if (failure !== undefined) invocation.note(`The server could not be told: ${failure}.`)
      invocation.print(`Pull ${pull.pullId} of ${pull.source} is cancelled.`, { cancelled: pull.pullId, failure })
      return failure === undefined ? 0 : 1
    } finally {
      store.close()
    }
  },
}
