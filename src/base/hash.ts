import { createHash } from 'node:crypto'

/** SHA-256 of the parts in order, as hex. Parts are length-prefixed, so `['a','b']` and `['ab']` differ. */
export function contentHash(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part
    hash.update(`${bytes.length}:`).update(bytes)
  }
  return hash.digest('hex')
}
