import { statSync } from 'node:fs'
import { writeSnapshot } from '../../store/index.ts'
import type { Command } from '../command.ts'
import { openCommandStore } from '../open-application.ts'
import { wrongUse } from '../parse.ts'

/** `caregap snapshot`: a consistent copy for notebooks, also while a server runs. */
export const snapshot: Command = {
  name: 'snapshot',
  summary: 'write a consistent copy of the database, also while a server holds it',
  usage: '--out FILE',
  options: { out: { type: 'string', value: 'FILE', help: 'the new file; it holds all that the database holds' } },
  examples: [
    'caregap snapshot --out /data/aco-2026-06-15.duckdb',
    'duckdb -readonly aco-2026-06-15.duckdb "SELECT type, count(*) FROM resource WHERE NOT deleted GROUP BY type"',
  ],
  inServer: true,
  async run(invocation) {
    const out = invocation.text('out')
    if (out === undefined || invocation.positionals.length > 0) throw wrongUse(this, '--out FILE is needed')
    const file = invocation.path(out)
    const store = await openCommandStore(invocation)
    const stage = invocation.progress.stage('copy')
    try {
      await writeSnapshot(store, file)
    } finally {
      store.close()
    }
    const bytes = statSync(file).size
    stage.done(`${(bytes / 2 ** 20).toFixed(0)} MiB`)
    invocation.print(`A copy of ${invocation.databasePath} is at ${file}.`, { file, bytes })
    return 0
  },
}
