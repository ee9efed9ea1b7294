import type { Command } from '../command.ts'
import { openApplication } from '../open-application.ts'
import { wrongUse } from '../parse.ts'
import { scorecardOf, scorecardText } from '../scorecard-text.ts'

/** `caregap look-back`: the same day of the year before, counted from the data of today. */
export const lookBack: Command = {
  name: 'look-back',
  summary: 'count the newest run’s measures as of the same day last year, from the data of today',
  usage: '',
  options: {},
  examples: ['caregap look-back', 'caregap look-back --json'],
  inServer: true,
  async run(invocation) {
    if (invocation.positionals.length > 0) throw wrongUse(this, 'it takes no argument')
    const application = await openApplication(invocation)
    try {
      const made = await application.lookBack(invocation.progress)
      const lines = scorecardOf(
        application.measures,
        made.map(({ counts }) => counts),
        [],
      )
      const [first] = made
      if (first !== undefined)
        invocation.note(
          `Of ${first.periodStart} to ${first.periodEnd} as of ${first.asOf}, by today's records dated up to that day: results that came late count, and statuses are those of today.`,
        )
      invocation.print(scorecardText(lines), { lookBack: made })
      return 0
    } finally {
      await application.close()
    }
  },
}
