import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import { z } from 'zod'
import type { RequestScope, Route } from '../access/index.ts'
import { readJsonBody } from './json-body.ts'
import { wrongField } from './wrong-field.ts'

/** A command as a command line gives it, to be run by the process that holds the database. */
export interface CommandCall {
  readonly name: string
  readonly arguments: readonly string[]
  /** The folder that relative paths are meant from. */
  readonly folder: string
}

/** What a command says while it runs; one JSON line each. The last one is `exit`. */
export type CommandEvent =
  | { readonly out: string }
  | { readonly err: string }
  | { readonly stage: number; readonly name: string; readonly total?: number; readonly unit?: string }
  | { readonly stage: number; readonly advance: number }
  | { readonly stage: number; readonly done: string }
  | { readonly exit: number }

/** What runs commands in the server's process, for whoever may read the secret that lies beside the database. */
export interface CommandHost {
  readonly secretSha256: string
  readonly names: readonly string[]
  /** Never throws: a fault is told as an event and an exit code. */
  run(call: CommandCall, tell: (event: CommandEvent) => void): Promise<void>
}

const body = z.strictObject({ arguments: z.array(z.string().max(4096)).max(200), folder: z.string().max(4096) })

/**
 * `POST /api/commands/{name}`: a command from this machine, by the local user: the connection must come from here, and
 * bring the secret that only the user who runs the server can read. The answer is a stream of events; who stops
 * listening does not stop the command.
 */
export function commandRoutes(host: CommandHost): readonly Route[] {
  return host.names.map((name) => ({
    method: 'POST',
    path: `/api/commands/${name}`,
    rule: { kind: 'patient', roles: ['admin'], action: `command-${name}` },
    handle: (context, scope) => runCommand(context, scope, host, name),
  }))
}

async function runCommand(context: Context, scope: RequestScope, host: CommandHost, name: string): Promise<Response> {
  if (!isFromHere(context) || !hasSecret(context, host)) {
    const error = 'Commands are taken from this machine only, from the user who runs the server.'
    return context.json({ error, requestId: scope.requestId }, 403)
  }
  const read = await readJsonBody(context.req.raw)
  if (!read.ok)
    return context.json({ error: read.message, remedy: read.remedy, requestId: scope.requestId }, read.status)
  const parsed = body.safeParse(read.value)
  if (!parsed.success) {
    const { name: field, what } = wrongField(parsed.error.issues[0])
    const error = field === '' ? 'This is no command.' : `This is no command: the field ${field}: ${what}.`
    const remedy = 'Send {arguments: [text], folder: text}.'
    return context.json({ error, remedy, requestId: scope.requestId }, 400)
  }
  // A command names people, if any, to its own audit; the row of this route says who ran what.
  scope.read({ pids: [] })
  return new Response(eventStream(host, { name, ...parsed.data }), {
    headers: { 'Content-Type': 'application/x-ndjson; charset=utf-8' },
  })
}

function eventStream(host: CommandHost, call: CommandCall): ReadableStream<Uint8Array> {
  let listens = true
  return new ReadableStream({
    start(controller) {
      const tell = (event: CommandEvent) => {
        if (listens) controller.enqueue(Buffer.from(`${JSON.stringify(event)}\n`))
      }
      void host.run(call, tell).finally(() => {
        if (listens) controller.close()
        listens = false
      })
    },
    cancel() {
      listens = false
    },
  })
}

/** The socket of a request, as the Node adapter hands it on; absent where the app is called without one. */
interface NodeBindings {
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: string; readonly localAddress?: string } }
}

function isFromHere(context: Context): boolean {
  const socket = (context.env as NodeBindings | undefined)?.incoming?.socket
  const remote = socket?.remoteAddress ?? ''
  return remote !== '' && (/^(::ffff:)?127\./.test(remote) || remote === '::1' || remote === socket?.localAddress)
}

function hasSecret(context: Context, { secretSha256 }: CommandHost): boolean {
  const secret = /^Bearer +(\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1] ?? ''
  const hash = createHash('sha256').update(secret).digest()
  return timingSafeEqual(hash, Buffer.from(secretSha256, 'hex'))
}
