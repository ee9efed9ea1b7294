import { closeSync, openSync, readSync } from 'node:fs'
import { constants, gunzipSync } from 'node:zlib'

const lookedAtBytes = 64 * 1024

/** True where the first line of a file of lines (plain or gzip) names a resource type; false where it cannot be read. */
export function beginsWithResource(path: string): boolean {
  const file = openSync(path, 'r')
  try {
    const head = Buffer.alloc(lookedAtBytes)
    const bytes = head.subarray(0, readSync(file, head, 0, lookedAtBytes, 0))
    const [line = ''] = plain(path, bytes).trimStart().split('\n', 1)
    return /"resourceType"\s*:/.test(line)
  } finally {
    closeSync(file)
  }
}

/** The text that the first bytes give, though the compressed stream is cut there. */
function plain(path: string, bytes: Buffer): string {
  if (!path.toLowerCase().endsWith('.gz')) return bytes.toString('utf8')
  try {
    return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString('utf8')
  } catch {
    // What is no gzip at all is for the loader to refuse, with its reason: so it counts as something to load.
    return '"resourceType":'
  }
}
