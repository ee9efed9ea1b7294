import type { Command } from '../command.ts'
import { cancel } from './cancel.ts'
import { evaluate } from './evaluate.ts'
import { explain } from './explain.ts'
import { ingest } from './ingest.ts'
import { jobs } from './jobs.ts'
import { lookBack } from './look-back.ts'
import { mapping } from './mapping.ts'
import { pull } from './pull.ts'
import { report } from './report.ts'
import { results } from './results.ts'
import { retry } from './retry.ts'
import { snapshot } from './snapshot.ts'

/** The commands that a server runs for command lines that find the database held. */
export const commandsInServer: readonly Command[] = [
  pull,
  ingest,
  evaluate,
  lookBack,
  explain,
  jobs,
  cancel,
  retry,
  snapshot,
  mapping,
  report,
  results,
]
