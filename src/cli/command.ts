import type { ParseArgsConfig } from 'node:util'
import type { Config, Progress } from '../base/index.ts'
import type { RefusedMeasure } from '../content/index.ts'
import type { Application } from '../jobs/index.ts'

export type OptionTable = NonNullable<ParseArgsConfig['options']>

/** One option as `--help` shows it: the text beside what `parseArgs` needs. */
export interface Option {
  readonly type: 'string' | 'boolean'
  readonly multiple?: boolean
  /** Shown after the name, e.g. `N` in `--patients N`. */
  readonly value?: string
  readonly help: string
}

/** An application with what could not be installed in it. */
export interface OpenedApplication extends Application {
  readonly refused: readonly RefusedMeasure[]
}

/** The server in whose process a command runs, and the folder that its caller stands in. */
export interface HeldByServer {
  readonly application: OpenedApplication
  readonly config: Config
  readonly databasePath: string
  readonly folder: string
}

/** What a command is called with, after its options were checked. */
export interface Invocation {
  readonly positionals: readonly string[]
  readonly json: boolean
  readonly databasePath: string
  readonly config: Config
  readonly progress: Progress
  /** Present where a server runs the command for its caller: the store is open there already. */
  readonly held?: HeldByServer
  /** A path as the caller means it. */
  path(text: string): string
  text(name: string): string | undefined
  texts(name: string): readonly string[]
  flag(name: string): boolean
  /** A whole number of at least `least`; wrong use otherwise. */
  count(name: string, fallback: number, least?: number): number
  /** Results go to stdout: a value as JSON with --json, else the text. */
  print(text: string, value: unknown): void
  /** Text as it is, on stdout: lines that are told as they come. */
  write(text: string): void
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
  /** True where a server that holds the database can run it. */
  readonly inServer?: true
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
