import { createSetEvaluators } from '../measure/index.ts'
import { slicedTables } from '../store/index.ts'
import type { Application } from './application.ts'
import { todayIn } from './evaluator.ts'

/** After so many measures the planner runs at its full speed. */
const measuresToWarm = 5

/**
 * Plans a few measures over no data, for nothing but to have done it: the first plans of a process take ten times as long
 * as later ones, and are better made when a server starts than while it answers calls beside its first run. Never rejects.
 */
export async function warmRuns({ measures, valueSets, clock, config }: Application): Promise<void> {
  const year = todayIn(clock, config.timeZone).slice(0, 4)
  const period = { start: `${year}-01-01`, end: `${year}-12-31`, timeZone: config.timeZone }
  const stored = { codings: [], types: new Map() }
  for (const measure of measures.slice(0, measuresToWarm)) {
    try {
      await createSetEvaluators([measure], { tables: slicedTables, stored, valueSets, period })
    } catch {
      // A fault here comes again with the first run, and is told there.
    }
  }
}
