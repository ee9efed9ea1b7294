import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { type Fault, json, type Met, outcome, type Step } from './bulk-server.ts'

/** An answer of so many times: a status with headers and a body. */
export function answers(
  step: Step,
  status: number,
  more: { readonly headers?: Record<string, string>; readonly body?: string | object; readonly times?: number } = {},
): Fault {
  const { headers = {}, body = '', times = 1 } = more
  return {
    step,
    times,
    answer(response) {
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
      if (typeof body === 'object') return json(response, status, body)
      response.statusCode = status
      response.end(body)
    },
  }
}

/** The connection is cut before anything is answered. */
export const hangsUp = (step: Step, times = 1): Fault => ({
  step,
  times,
  answer: (response) => void response.socket?.destroy(),
})

/** Nothing is ever answered. */
export const isSilent = (step: Step, times = 1): Fault => ({ step, times, answer: () => undefined })

type Sending = (response: ServerResponse, body: Buffer) => void

const sends = (text: string, sending: Sending, times = 1, match?: (met: Met) => boolean): Fault => ({
  step: 'file',
  times,
  match: match ?? (({ path }) => path.endsWith('/0')),
  answer: (response) => sending(response, Buffer.from(text)),
})

const half = (body: Buffer): Buffer => body.subarray(0, Math.floor(body.length / 2))

/** Half of the file, then the connection is cut. */
export const cutsFile = (text: string, times = 1): Fault =>
  sends(
    text,
    (response, body) => {
      response.setHeader('Content-Length', body.length)
      response.write(half(body), () => response.socket?.destroy())
    },
    times,
  )

/** Half of a file whose rest can be asked for, then the connection is cut. */
export const cutsRanged = (text: string, etag = '"one"'): Fault =>
  sends(text, (response, body) => cutRanged(response, body, etag))

function cutRanged(response: ServerResponse, body: Buffer, etag: string): void {
  response.setHeader('Accept-Ranges', 'bytes')
  response.setHeader('ETag', etag)
  response.setHeader('Content-Length', body.length)
  // What the client has not read when the connection is cut, it never sees.
  response.write(half(body), () => setTimeout(() => response.socket?.destroy(), 50))
}

/**
 * The file is cut until its rest is asked for; that is answered as told, once. Whoever then asks for all of it gets it,
 * but not where the rest was given.
 */
export function givesRest(text: string, etag = '"one"', status = 206): Fault {
  let given = false
  return {
    step: 'file',
    times: 9,
    match: ({ path }) => path.endsWith('/0'),
    answer(response, { headers }) {
      const body = Buffer.from(text)
      const from = half(body).length
      if (headers.range === undefined && !given) return cutRanged(response, body, '"one"')
      if (headers.range === undefined && (status !== 206 || etag !== '"one"')) return void response.end(body)
      if (given || headers.range !== `bytes=${from}-` || headers['if-range'] !== '"one"') return json(response, 400, {})
      given = true
      response.statusCode = status
      response.setHeader('ETag', etag)
      response.setHeader('Content-Range', `bytes ${from}-${body.length - 1}/${body.length}`)
      response.end(status === 206 ? body.subarray(from) : '')
    },
  }
}

/** Half of the file without a stated length, then the connection is cut: only the missing last chunk shows. */
export const cutsChunks = (text: string): Fault =>
  sends(text, (response, body) => void response.write(half(body), () => response.socket?.destroy()))

/** Half of the file, then silence. */
export const stallsFile = (text: string): Fault =>
  sends(text, (response, body) => {
    response.setHeader('Content-Length', body.length)
    response.write(half(body))
  })

/** A gzip body without its end; the transport is sound. */
export const cutsGzip = (text: string, times = 1): Fault =>
  sends(
    text,
    (response, body) => {
      const gzip = gzipSync(body)
      response.setHeader('Content-Encoding', 'gzip')
      response.end(gzip.subarray(0, gzip.length - 9))
    },
    times,
  )

/** The file's bytes as they are, whole: for contents that are wrong. */
export const sendsText = (text: string, times = 1): Fault =>
  sends(text, (response, body) => void response.end(body), times)

/** The file a few bytes at a time, so that characters are cut. */
export const dripsFile = (text: string): Fault =>
  sends(text, (response, body) => {
    response.setHeader('Content-Length', body.length)
    const step = (from: number): void => {
      if (from >= body.length) return void response.end()
      response.write(body.subarray(from, from + 7), () => setImmediate(step, from + 7))
    }
    step(0)
  })

/** An OperationOutcome with a status. */
export const says = (step: Step, status: number, code: string, times = 1): Fault =>
  answers(step, status, { body: outcome(code, 'the server’s own words'), times })
