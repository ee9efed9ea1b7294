import type { Command } from '../command.ts'
import { cancel } from './cancel.ts'
import { compile } from './compile.ts'
import { conformance } from './conformance.ts'
import { demo } from './demo.ts'
import { doctor } from './doctor.ts'
import { evaluate } from './evaluate.ts'
import { explain } from './explain.ts'
import { generate } from './generate.ts'
import { ingest } from './ingest.ts'
import { jobs } from './jobs.ts'
import { lookBack } from './look-back.ts'
import { mapping } from './mapping.ts'
import { packages } from './package.ts'
import { pull } from './pull.ts'
import { report } from './report.ts'
import { results } from './results.ts'
import { retry } from './retry.ts'
import { serve } from './serve.ts'
import { snapshot } from './snapshot.ts'

/** Every command, in the order of `--help`. */
export const commands: readonly Command[] = [
  demo,
  generate,
  ingest,
  pull,
  jobs,
  cancel,
  retry,
  packages,
  mapping,
  evaluate,
  lookBack,
  results,
  report,
  explain,
  snapshot,
  serve,
  compile,
  conformance,
  doctor,
]
