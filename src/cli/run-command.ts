import { CaregapError, formatDiagnostic, messageOf, type Progress } from '../base/index.ts'
import type { Command, HeldByServer } from './command.ts'
import { handOver } from './hand-over.ts'
import { type Output, parseInvocation } from './parse.ts'
import { findServerFile } from './server-file.ts'

/**
 * Runs a command and turns faults into one line each and an exit code. Where a server holds the database, the server
 * runs it, if it is one that it can run; within the server (`held`) it works on the store that is open there.
 */
export async function runGuarded(
  command: Command,
  rest: readonly string[],
  output: Output,
  progress: Progress,
  held?: HeldByServer,
): Promise<number> {
  let databasePath: string | undefined
  try {
    const invocation = parseInvocation(command, rest, output, progress, held)
    databasePath = invocation.databasePath
    const server = held === undefined && command.inServer === true ? findServerFile(databasePath) : undefined
    if (server !== undefined) return await handOver(server, { command, arguments: rest, output, progress })
    return await command.run(invocation)
  } catch (thrown) {
    const known = thrown instanceof CaregapError ? withHolder(thrown, databasePath) : undefined
    if (known !== undefined && rest.includes('--json')) {
      output.stdout(`${JSON.stringify({ error: known.diagnostics }, null, 2)}\n`)
    }
    const lines = known?.diagnostics.map(formatDiagnostic) ?? [unexpected(thrown)]
    output.stderr(`${lines.map((line) => `caregap: ${line}`).join('\n')}\n`)
    if (process.env['CAREGAP_DEBUG'] !== undefined && thrown instanceof Error) output.stderr(`${thrown.stack}\n`)
    return known?.exitCode ?? 4
  }
}

/** Says of a lock which server holds it, where one left word. */
function withHolder(thrown: CaregapError, databasePath: string | undefined): CaregapError {
  const [first, ...more] = thrown.diagnostics
  const server = databasePath === undefined ? undefined : findServerFile(databasePath)
  if (first?.code !== 'duck/locked' || server === undefined) return thrown
  const message = `The database is held by caregap serve (process ${server.process}, ${server.url}).`
  const remedy = 'End that server, run this command, and start the server again.'
  return new CaregapError(thrown.kind, [{ ...first, message, remedy }, ...more])
}

const unexpected = (thrown: unknown) =>
  `an unexpected fault: ${messageOf(thrown)}. Please report it, with the output under CAREGAP_DEBUG=1.`
