import type { Command } from '../command.ts'
import { evaluate } from './evaluate.ts'
import { generate } from './generate.ts'
import { ingest } from './ingest.ts'
import { results } from './results.ts'

/** Every command, in the order of `--help`. */
export const commands: readonly Command[] = [generate, ingest, evaluate, results]
