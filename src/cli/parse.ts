import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { fault, loadConfig, messageOf, type Progress } from '../base/index.ts'
import { type Command, type HeldByServer, type Invocation, type OptionTable, sharedOptions } from './command.ts'

type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>

export interface Output {
  readonly stdout: (text: string) => void
  readonly stderr: (text: string) => void
}

/** Checks the arguments of a command. Fault: `cli/wrong-use` with what was wrong and where to read more. */
export function parseInvocation(
  command: Command,
  argumentList: readonly string[],
  output: Output,
  progress: Progress,
  held?: HeldByServer,
): Invocation {
  const { values, positionals } = parse(command, argumentList)
  const text = (name: string): string | undefined => {
    const value = values[name]
    return typeof value === 'string' ? value : undefined
  }
  const json = values['json'] === true
  return {
    positionals,
    json,
    // Within a server its own database and configuration count, whatever the caller's are.
    databasePath: held?.databasePath ?? resolve(text('db') ?? 'data/caregap.duckdb'),
    config: held?.config ?? loadConfig(text('config')),
    progress,
    ...(held === undefined ? {} : { held }),
    path: (given) => resolve(held?.folder ?? process.cwd(), given),
    text,
    texts: (name) => [values[name] ?? []].flat().filter((value): value is string => typeof value === 'string'),
    flag: (name) => values[name] === true,
    count: (name, fallback, least = 1) => wholeNumber(command, name, text(name), fallback, least),
    print: (human, value) => output.stdout(json ? `${JSON.stringify(value, null, 2)}\n` : `${human}\n`),
    write: (text) => output.stdout(text),
    note: (human) => output.stderr(`${human}\n`),
  }
}

/** True where the arguments ask for help rather than for work. */
export function asksForHelp(argumentList: readonly string[]): boolean {
  return argumentList.includes('--help') || argumentList.includes('-h')
}

function parse(command: Command, argumentList: readonly string[]): { values: Values; positionals: readonly string[] } {
  const options: OptionTable = Object.fromEntries(
    Object.entries({ ...command.options, ...sharedOptions }).map(([name, option]) => [
      name,
      { type: option.type, multiple: option.multiple ?? false },
    ]),
  )
  try {
    return parseArgs({ args: [...argumentList], options, allowPositionals: true, strict: true })
  } catch (thrown) {
    throw wrongUse(command, messageOf(thrown))
  }
}

function wholeNumber(
  command: Command,
  name: string,
  text: string | undefined,
  fallback: number,
  least: number,
): number {
  if (text === undefined) return fallback
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= least) return value
  throw wrongUse(command, `--${name} takes a whole number of at least ${least}, not '${text}'`)
}

/** A fault of the caller: exit code 2. */
export function wrongUse(command: Pick<Command, 'name'>, message: string) {
  return fault('usage', 'cli/wrong-use', `${message.replace(/\.$/, '')}.`, {
    remedy: `See caregap ${command.name} --help.`,
  })
}
