import { join } from 'node:path'
import { loadConfig, projectRoot, systemClock } from '../../base/index.ts'
import { type LoadedData, loadData } from '../../jobs/index.ts'
import { openStore, readRun, readSourceQuality, type Store } from '../../store/index.ts'
import type { Command, Invocation } from '../command.ts'
import { openApplication } from '../open-application.ts'
import { readPeriod } from '../period-option.ts'
import { readScorecard, scorecardText } from '../scorecard-text.ts'
import { serveUntilStopped } from '../serving.ts'
import { ingestText, noteFaults } from './ingest.ts'

const folder = join(projectRoot, 'datasets', 'demo')
const period = '2026-01-01..2026-12-31'

/** `caregap demo`, which `npm start` runs: the bundled data through the real pipeline, then the server. */
export const demo: Command = {
  name: 'demo',
  summary: 'load the bundled data, evaluate, print a scorecard and serve (npm start)',
  usage: '[--port N] [--no-serve]',
  options: {
    port: { type: 'string', value: 'N', help: 'the port (default 8095; 0 takes any free one)' },
    host: { type: 'string', value: 'H', help: 'the address to bind to (default 127.0.0.1)' },
    'no-serve': { type: 'boolean', help: 'end after the scorecard' },
  },
  examples: ['caregap demo', 'caregap demo --no-serve --db /tmp/demo.duckdb'],
  async run(given) {
    const invocation = demoInvocation(given)
    const store = await openStore({ path: invocation.databasePath })
    const exitCode = await loadBundled(store, invocation)
    const application = await openApplication(invocation, store)
    try {
      const request = { period: readPeriod(this, period, invocation.config, systemClock), reuse: true }
      const runId = await application.evaluateRun(request, invocation.progress)
      const scorecard = await readScorecard(store, application.measures, runId)
      if (invocation.flag('no-serve')) {
        invocation.print(`\n${scorecardText(scorecard)}`, { run: await readRun(store.session, runId), scorecard })
        await application.close()
        return exitCode
      }
      invocation.note(`\n${scorecardText(scorecard)}`)
      await serveUntilStopped(application, invocation)
      return exitCode
    } catch (thrown) {
      await application.close()
      throw thrown
    }
  },
}

/** The bundled configuration and a database of its own, where the caller names no others. */
function demoInvocation(invocation: Invocation): Invocation {
  return {
    ...invocation,
    databasePath:
      invocation.text('db') === undefined ? join(projectRoot, 'data', 'demo.duckdb') : invocation.databasePath,
    config:
      invocation.text('config') === undefined ? loadConfig(join(folder, 'caregap.config.json')) : invocation.config,
  }
}

async function loadBundled(store: Store, invocation: Invocation): Promise<number> {
  const present = await readSourceQuality(store.session)
  if (present.length > 0) invocation.note(`${invocation.databasePath} is there: only what changed is loaded.`)
  const { config, progress } = invocation
  const loaded: LoadedData = await loadData(store, { path: folder, config, progress })
  noteFaults(invocation, loaded.ingest)
  invocation.note(ingestText(loaded.ingest))
  return loaded.ingest.exitCode
}
