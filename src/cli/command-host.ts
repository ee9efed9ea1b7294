import { createHash } from 'node:crypto'
import type { CommandEvent, CommandHost } from '../api/index.ts'
import type { Progress } from '../base/index.ts'
import { stopPulls } from '../jobs/index.ts'
import type { Command, Invocation, OpenedApplication } from './command.ts'
import { runGuarded } from './run-command.ts'

/** How often a bar that moves is told of: each step would be a line on the wire. */
const toldEveryMs = 100

/** Runs commands in this process, over the store that it holds, for command lines that find it held. */
export class ServingHost implements CommandHost {
  readonly secretSha256: string
  readonly names: readonly string[]
  readonly #commands: readonly Command[]
  readonly #invocation: Invocation
  readonly #application: OpenedApplication
  readonly #running = new Set<Promise<void>>()

  constructor(secret: string, commands: readonly Command[], invocation: Invocation, application: OpenedApplication) {
    this.secretSha256 = createHash('sha256').update(secret).digest('hex')
    this.#commands = commands
    this.names = commands.map(({ name }) => name)
    this.#invocation = invocation
    this.#application = application
  }

  run(call: Parameters<CommandHost['run']>[0], tell: (event: CommandEvent) => void): Promise<void> {
    const command = this.#commands.find(({ name }) => name === call.name)
    const work = this.#runCommand(command, call, tell)
    this.#running.add(work)
    return work.finally(() => this.#running.delete(work))
  }

  /** Ends pulls (they go on where they were another time), and waits until no command runs any more. */
  async end(): Promise<void> {
    await stopPulls(this.#application.store)
    await Promise.allSettled(this.#running)
  }

  async #runCommand(
    command: Command | undefined,
    call: Parameters<CommandHost['run']>[0],
    tell: (event: CommandEvent) => void,
  ): Promise<void> {
    if (command === undefined) return tell({ exit: 2 })
    const { config, databasePath } = this.#invocation
    const output = {
      stdout: (out: string) => tell({ out }),
      stderr: (err: string) => tell({ err }),
    }
    const held = { application: this.#application, config, databasePath, folder: call.folder }
    const run = (progress: Progress) => runGuarded(command, call.arguments, output, progress, held)
    const { activity } = this.#application
    // A run of measures is followed where it is made, whoever asks for it.
    const isFollowed = activity !== undefined && ['ingest', 'pull', 'snapshot'].includes(command.name)
    tell({
      exit: await (isFollowed ? activity.follow(command.name, toldProgress(tell), run) : run(toldProgress(tell))),
    })
  }
}

function toldProgress(tell: (event: CommandEvent) => void): Progress {
  let stages = 0
  return {
    stage(name, total, unit) {
      const stage = ++stages
      let waiting = 0
      let toldAt = 0
      const flush = () => {
        if (waiting > 0) tell({ stage, advance: waiting })
        waiting = 0
        toldAt = performance.now()
      }
      tell({ stage, name, ...(total === undefined ? {} : { total }), ...(unit === undefined ? {} : { unit }) })
      return {
        advance(units) {
          waiting += units
          if (performance.now() - toldAt >= toldEveryMs) flush()
        },
        done(summary) {
          flush()
          tell({ stage, done: summary })
        },
      }
    },
  }
}
