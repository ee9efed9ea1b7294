import { CaregapError, formatDiagnostic, messageOf } from '../base/index.ts'
import type { Command } from './command.ts'
import { commands } from './commands/index.ts'
import { commandHelp, overview } from './help.ts'
import { asksForHelp, type Output, parseInvocation } from './parse.ts'
import { terminalProgress } from './terminal-progress.ts'

const processOutput: Output = {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
}

/** The command line: finds the command, runs it, and turns faults into one line each and an exit code. */
export async function main(argumentList: readonly string[]): Promise<void> {
  // A reader that closes its end early (`| head`) is no fault of ours.
  process.stdout.on('error', (thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'EPIPE') process.exit(0)
    throw thrown
  })
  process.exitCode = await runCommandLine(argumentList, processOutput)
}

/** The same with the output handed in; returns the exit code. */
export async function runCommandLine(argumentList: readonly string[], output: Output): Promise<number> {
  const [name, ...rest] = argumentList
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    output.stdout(`${overview(commands)}\n`)
    return name === undefined ? 2 : 0
  }
  const command = commands.find((candidate) => candidate.name === name)
  if (command === undefined) {
    output.stderr(`caregap: there is no command '${name}'. See caregap --help.\n`)
    return 2
  }
  if (asksForHelp(rest)) {
    output.stdout(`${commandHelp(command)}\n`)
    return 0
  }
  return runGuarded(command, rest, output)
}

async function runGuarded(command: Command, rest: readonly string[], output: Output): Promise<number> {
  const progress = terminalProgress({
    isTTY: process.stderr.isTTY,
    write: output.stderr,
    now: () => performance.now(),
  })
  try {
    return await command.run(parseInvocation(command, rest, output, progress))
  } catch (thrown) {
    const lines = thrown instanceof CaregapError ? thrown.diagnostics.map(formatDiagnostic) : [unexpected(thrown)]
    if (rest.includes('--json') && thrown instanceof CaregapError) {
      output.stdout(`${JSON.stringify({ error: thrown.diagnostics }, null, 2)}\n`)
    }
    output.stderr(`${lines.map((line) => `caregap: ${line}`).join('\n')}\n`)
    if (process.env['CAREGAP_DEBUG'] !== undefined && thrown instanceof Error) output.stderr(`${thrown.stack}\n`)
    return thrown instanceof CaregapError ? thrown.exitCode : 4
  }
}

const unexpected = (thrown: unknown) =>
  `an unexpected fault: ${messageOf(thrown)}. Please report it, with the output under CAREGAP_DEBUG=1.`
