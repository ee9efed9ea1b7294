import { commands } from './commands/index.ts'
import { commandHelp, overview } from './help.ts'
import { asksForHelp, type Output } from './parse.ts'
import { runGuarded } from './run-command.ts'
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
  const progress = terminalProgress({
    isTTY: process.stderr.isTTY,
    write: output.stderr,
    now: () => performance.now(),
  })
  return runGuarded(command, rest, output, progress)
}
