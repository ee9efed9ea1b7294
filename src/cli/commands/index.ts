import type { Command } from '../command.ts'
import { conformance } from './conformance.ts'
import { demo } from './demo.ts'
import { doctor } from './doctor.ts'
import { evaluate } from './evaluate.ts'
import { generate } from './generate.ts'
import { ingest } from './ingest.ts'
import { results } from './results.ts'
import { serve } from './serve.ts'

/** Every command, in the order of `--help`. */
export const commands: readonly Command[] = [demo, generate, ingest, evaluate, results, serve, conformance, doctor]
