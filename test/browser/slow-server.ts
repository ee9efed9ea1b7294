import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { PageServer } from './page-server.ts'

interface Slowness {
  readonly parts: number
  readonly pauseMs: number
}

/** Length and encoding are of the whole body, which goes out in pieces and as plain text. */
const ofWholeBody = /^(content-length|content-encoding|transfer-encoding)$/

async function passOn(origin: string, request: IncomingMessage, response: ServerResponse, slowness: Slowness) {
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const answer = await fetch(`${origin}${request.url}`, {
    headers: { Accept: request.headers.accept ?? '*/*' },
    signal: gone.signal,
  })
  response.writeHead(answer.status, Object.fromEntries([...answer.headers].filter(([name]) => !ofWholeBody.test(name))))
  if (answer.headers.get('content-type')?.startsWith('text/html') === true) {
    const body = Buffer.from(await answer.arrayBuffer())
    const size = Math.ceil(body.length / slowness.parts)
    for (let at = 0; at < body.length; at += size) {
      response.write(body.subarray(at, at + size))
      await pause(slowness.pauseMs)
    }
  } else for await (const chunk of answer.body ?? []) response.write(chunk)
  response.end()
}

/**
 * The same pages from a server whose HTML comes in pieces with a pause between them, while all else comes at once: the
 * browser has the style sheet long before the end of the page, as on a slow line or a busy machine, and may paint each piece.
 */
export async function serveSlowly(origin: string, slowness: Slowness): Promise<PageServer> {
  const server = createServer((request, response) => {
    // A browser that leaves breaks what was on its way to it.
    passOn(origin, request, response, slowness).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
