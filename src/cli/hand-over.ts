import { request } from 'node:http'
import { createInterface } from 'node:readline'
import type { CommandEvent } from '../api/index.ts'
import { fault, messageOf, type Progress, type Stage } from '../base/index.ts'
import type { Command } from './command.ts'
import type { Output } from './parse.ts'
import type { ServerFile } from './server-file.ts'

export interface HandedOver {
  readonly command: Command
  readonly arguments: readonly string[]
  readonly output: Output
  readonly progress: Progress
}

/**
 * Lets the server that holds the database run a command, and shows here what it says. Faults: `cli/server-silent`
 * where it does not answer, `cli/server-refuses` where it does not take the command.
 */
export async function handOver(server: ServerFile, work: HandedOver): Promise<number> {
  work.output.stderr(`The database is held by caregap serve (process ${server.process}), which runs this.\n`)
  const stages = new Map<number, Stage>()
  for await (const event of await send(server, work)) {
    if ('exit' in event) return event.exit
    show(event, work, stages)
  }
  throw fault('system', 'cli/server-gone', 'The server ended before the command did.', {
    remedy: 'Start the server again, or run the command without one; a pull or a load goes on where it was.',
  })
}

function show(event: Exclude<CommandEvent, { exit: number }>, work: HandedOver, stages: Map<number, Stage>): void {
  if ('out' in event) work.output.stdout(event.out)
  else if ('err' in event) work.output.stderr(event.err)
  else if ('name' in event) stages.set(event.stage, work.progress.stage(event.name, event.total, event.unit))
  else if ('advance' in event) stages.get(event.stage)?.advance(event.advance)
  else stages.get(event.stage)?.done(event.done)
}

async function send(server: ServerFile, work: HandedOver): Promise<AsyncIterable<CommandEvent>> {
  const body = JSON.stringify({ arguments: work.arguments, folder: process.cwd() })
  const answer = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    const sent = request(new URL(`/api/commands/${work.command.name}`, server.url), {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${server.secret}`,
        'Content-Type': 'application/json',
        'Content-Length': String(Buffer.byteLength(body)),
      },
    })
    sent.once('response', resolve)
    sent.once('error', (thrown) => reject(silent(server, messageOf(thrown))))
    sent.end(body)
  })
  if (answer.statusCode !== 200) throw refuses(server, answer.statusCode ?? 0)
  return eventsOf(answer)
}

async function* eventsOf(answer: import('node:http').IncomingMessage): AsyncGenerator<CommandEvent> {
  try {
    for await (const line of createInterface({ input: answer, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line !== '') yield JSON.parse(line) as CommandEvent
    }
  } catch {
    return
  }
}

function silent(server: ServerFile, reason: string) {
  return fault(
    'system',
    'cli/server-silent',
    `The database is held by caregap serve (process ${server.process}), which does not answer at ${server.url} (${reason}).`,
    { remedy: 'Wait until it has started, or end that process, then run the same command again.' },
  )
}

function refuses(server: ServerFile, status: number) {
  return fault(
    'system',
    'cli/server-refuses',
    `The database is held by caregap serve (process ${server.process}), which does not take this command (${status}).`,
    { remedy: 'End the server, run the command, and start the server again.' },
  )
}
