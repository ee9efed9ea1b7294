import type { ParseArgsConfig } from 'node:util'
import type { Config, Progress } from '../base/index.ts'

export type OptionTable = NonNullable<ParseArgsConfig['options']>

/** One option as `--help` shows it: the text beside what `parseArgs` needs. */
export interface Option {
  readonly type: 'string' | 'boolean'
  readonly multiple?: boolean
  /** Shown after the name, e.g. `N` in `--patients N`. */
  readonly value?: string
  readonly help: string
}

/** What a command is called with, after its options were checked. */
export interface Invocation {
  readonly positionals: readonly string[]
  readonly json: boolean
  readonly databasePath: string
  readonly config: Config
  readonly progress: Progress
  text(name: string): string | undefined
  texts(name: string): readonly string[]
  flag(name: string): boolean
  /** A whole number of at least `least`; wrong use otherwise. */
  count(name: string, fallback: number, least?: number): number
  /** Results go to stdout: a value as JSON with --json, else the text. */
  print(text: string, value: unknown): void
  /** Remarks for a person, on stderr. */
  note(text: string): void
}

export interface Command {
  readonly name: string
  readonly summary: string
  /** Arguments after the name, e.g. `PATH [--source NAME]`. */
  readonly usage: string
  readonly options: Readonly<Record<string, Option>>
  readonly examples: readonly string[]
  /** The exit code: 0 done, 1 done with faults that are listed, 3 where a part was refused. Other codes come from thrown faults. */
  run(invocation: Invocation): Promise<number>
}

/** Options that every command has. */
export const sharedOptions: Readonly<Record<string, Option>> = {
  db: { type: 'string', value: 'FILE', help: 'the database file (default ./data/caregap.duckdb)' },
  config: { type: 'string', value: 'FILE', help: 'the configuration (default ./caregap.config.json where it exists)' },
  json: { type: 'boolean', help: 'results as JSON on stdout' },
  help: { type: 'boolean', help: 'this text' },
}
