import { readBytes } from '../access/index.ts'

/** A parsed body, or why there is none, with the status that says so. */
export type JsonBody =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly status: 400 | 413 | 415; readonly message: string; readonly remedy: string }

/** Bounds of what a caller may send. */
export interface BodyLimits {
  readonly maxBytes: number
  /** Nesting of arrays and objects. */
  readonly maxDepth: number
}

export const defaultLimits: BodyLimits = { maxBytes: 10 * 1024 * 1024, maxDepth: 100 }

/**
 * Reads a JSON body (RFC 8259, UTF-8). Size is counted while it is read, so a chunked body without a length is
 * bounded too; nesting is counted before parsing, so that nothing behind this has to survive it.
 */
export async function readJsonBody(
  request: Pick<Request, 'headers' | 'body' | 'arrayBuffer'>,
  limits: BodyLimits = defaultLimits,
): Promise<JsonBody> {
  const type = request.headers.get('content-type') ?? ''
  if (!isJson(type)) return refuse(415, 'The body is not declared as JSON.', 'Send Content-Type: application/json.')
  const encoding = request.headers.get('content-encoding') ?? 'identity'
  if (encoding !== 'identity') return refuse(415, 'The body is encoded.', 'Send it without Content-Encoding.')
  const bytes = await readBytes(request, limits.maxBytes)
  if (bytes === undefined) {
    return refuse(413, `The body is larger than ${limits.maxBytes} bytes.`, 'Send less, for example fewer resources.')
  }
  return parse(bytes, limits.maxDepth)
}

const refuse = (status: 400 | 413 | 415, message: string, remedy: string): JsonBody => ({
  ok: false,
  status,
  message,
  remedy,
})

/** True of the media types of JSON in UTF-8. */
export function isJson(contentType: string): boolean {
  const [media = '', ...parameters] = contentType.toLowerCase().split(';')
  const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('charset='))
  const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset)
  return /^application\/([\w.-]+\+)?json$/.test(media.trim()) && isUtf8
}

function parse(bytes: Uint8Array, maxDepth: number): JsonBody {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (isDeeperThan(text, maxDepth)) {
      return refuse(400, `The body is nested deeper than ${maxDepth} levels.`, 'Send FHIR resources as they are.')
    }
    return { ok: true, value: JSON.parse(text) as unknown }
  } catch {
    return refuse(400, 'The body is not JSON in UTF-8.', 'Send one JSON value; see RFC 8259.')
  }
}

const quote = 34
const backslash = 92

/** Counts brackets outside strings; text that is no JSON is for the parser to refuse. */
function isDeeperThan(text: string, maxDepth: number): boolean {
  let depth = 0
  let inString = false
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (inString) {
      if (code === backslash) index++
      else if (code === quote) inString = false
    } else if (code === quote) inString = true
    else if (code === 91 || code === 123) {
      if (++depth > maxDepth) return true
    } else if (code === 93 || code === 125) depth--
  }
  return false
}
