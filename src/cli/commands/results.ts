import { auditCommand } from '../../access/index.ts'
import { fault, systemClock } from '../../base/index.ts'
import {
  dataSnapshot,
  openStore,
  readPublishedRun,
  readRun,
  readRunPersons,
  resultLines,
  type Store,
} from '../../store/index.ts'
import type { Command, Invocation } from '../command.ts'

/** `caregap results`: a run's results, a line per source patient and group. */
export const results: Command = {
  name: 'results',
  summary: 'print the results of a run, a line per source patient and group',
  usage: '[--run R] --ndjson',
  options: {
    run: { type: 'string', value: 'R', help: 'the run (default the newest published)' },
    ndjson: {
      type: 'boolean',
      help: 'NDJSON on stdout: {measure, source, patientId, person, group, populations, ...}',
    },
  },
  examples: ['caregap results --ndjson > results.ndjson', 'caregap results --run 3 --ndjson'],
  async run(invocation) {
    const store = await openStore({ path: invocation.databasePath })
    try {
      const { session } = store
      const { runId, dataSnapshot: evaluated } = await findRun(store, invocation)
      const pids = await readRunPersons(session, runId)
      await auditCommand(session, systemClock, { command: 'results', action: 'export-results', pids })
      if (evaluated !== (await dataSnapshot(session)))
        invocation.note(`The data changed since run ${runId}: who is whose patient is told as of now.`)
      if (!invocation.flag('ndjson')) invocation.note('Results come as NDJSON; --ndjson says so in scripts.')
      let failed = 0
      for await (const line of resultLines(session, runId)) {
        if (line.error !== undefined) failed += 1
        process.stdout.write(`${JSON.stringify(line)}\n`)
      }
      return failed > 0 ? 1 : 0
    } finally {
      store.close()
    }
  },
}

async function findRun(store: Store, invocation: Invocation) {
  const wanted = invocation.text('run') === undefined ? undefined : invocation.count('run', 0)
  const run = wanted === undefined ? await readPublishedRun(store.session) : await readRun(store.session, wanted)
  if (run?.state === 'published') return run
  const which = wanted === undefined ? 'no published run' : `no published run ${wanted}`
  throw fault('input', 'cli/no-run', `There is ${which} in this database.`, {
    place: { file: invocation.databasePath },
    remedy: 'Run `caregap evaluate --all` first.',
  })
}
