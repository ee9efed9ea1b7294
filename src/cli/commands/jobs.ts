import { listJobs } from '../../jobs/index.ts'
import type { Command } from '../command.ts'
import { openCommandStore } from '../open-application.ts'
import { jobsText, noteFindings } from '../pull-text.ts'

/** `caregap jobs`: pulls and loads, with every count of every file. */
export const jobs: Command = {
  name: 'jobs',
  summary: 'list pulls and loads; with --json every count of every file',
  usage: '[--json]',
  options: {},
  examples: ['caregap jobs', 'caregap jobs --json | jq ".pulls[0].files"'],
  inServer: true,
  async run(invocation) {
    const store = await openCommandStore(invocation)
    try {
      const listed = await listJobs(store)
      const [newest] = listed.pulls
      invocation.print(jobsText(listed.pulls, listed.loads), listed)
      if (newest !== undefined && !invocation.json) noteFindings(invocation, newest.findings)
      return 0
    } finally {
      store.close()
    }
  },
}
