import { readFile } from 'node:fs/promises'
import type { CdsClient } from '../../base/index.ts'
import { isLoopback } from '../web-address.ts'
import { readKeySet, type VerifyingKey } from './jwt.ts'

/** The key sets of clients, kept for a while. */
export interface KeySets {
  /** The client's key of that id; an unknown id makes the set be read again, but not more often than twice a minute. */
  find(client: CdsClient, kid: string): Promise<VerifyingKey | undefined>
}

interface Kept {
  readonly keys: readonly VerifyingKey[]
  readonly readAt: number
}

const keptMs = 10 * 60_000
const retryMs = 30_000
const fetchMs = 3000
const mostBytes = 262_144

/** Key sets by the configured address or file; `now` is in milliseconds. A set that cannot be read leaves the kept one. */
export function createKeySets(now: () => number): KeySets {
  const kept = new Map<string, Kept>()
  const reading = new Map<string, Promise<Kept>>()

  function read(client: CdsClient): Promise<Kept> {
    const known = reading.get(client.issuer)
    if (known !== undefined) return known
    const started = load(client)
      .then((keys) => keys ?? kept.get(client.issuer)?.keys ?? [])
      .then((keys) => ({ keys, readAt: now() }))
      .finally(() => reading.delete(client.issuer))
    reading.set(client.issuer, started)
    return started
  }

  return {
    async find(client, kid) {
      let set = kept.get(client.issuer)
      const byId = () => set?.keys.find((key) => key.kid === kid)
      const age = set === undefined ? Number.POSITIVE_INFINITY : now() - set.readAt
      if (age > keptMs || (byId() === undefined && age > retryMs)) {
        set = await read(client)
        kept.set(client.issuer, set)
      }
      return byId()
    },
  }
}

async function load({ keys }: CdsClient): Promise<readonly VerifyingKey[] | undefined> {
  try {
    return readKeySet(JSON.parse('file' in keys ? await readFile(keys.file, 'utf8') : await fetchText(keys.url)))
  } catch {
    return undefined
  }
}

/** Only the configured address, over https (or on this machine), without redirects. */
async function fetchText(address: string): Promise<string> {
  const url = new URL(address)
  if (url.protocol !== 'https:' && !isLoopback(url)) return ''
  const response = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.timeout(fetchMs),
    headers: { Accept: 'application/jwk-set+json, application/json' },
  })
  const text = response.ok ? await response.text() : ''
  return text.length > mostBytes ? '' : text
}
