import type { Command } from '../command.ts'
import { openApplication } from '../open-application.ts'
import { serveUntilStopped } from '../serving.ts'

/** `caregap serve`: API, CDS Hooks and pages over a store. */
export const serve: Command = {
  name: 'serve',
  summary: 'serve the API, CDS Hooks and pages',
  usage: '[--port N] [--host H]',
  options: {
    port: { type: 'string', value: 'N', help: 'the port (default 8095; 0 takes any free one)' },
    host: { type: 'string', value: 'H', help: 'the address to bind to (default 127.0.0.1; others need a users file)' },
  },
  examples: ['caregap serve', 'caregap serve --port 9000 --db /srv/caregap/aco.duckdb'],
  async run(invocation) {
    const application = await openApplication(invocation)
    try {
      await serveUntilStopped(application, invocation)
    } catch (thrown) {
      await application.close()
      throw thrown
    }
    return 0
  },
}
