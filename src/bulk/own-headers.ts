import { type BulkServer, fault } from '../base/index.ts'
import { readSecret } from './secret.ts'
import { mayHaveToken } from './server-address.ts'

/**
 * What the configuration has every request to the server carry (a gateway's key): to the base's origin alone, as the token, so
 * never to storage elsewhere. Faults: those of `readSecret`, `bulk/header-broken`, which names the header and never its value.
 */
export function ownHeaders(server: BulkServer, url: URL): Readonly<Record<string, string>> {
  if (server.headers === undefined || !mayHaveToken(url, server)) return {}
  const found = Object.entries(server.headers).map(([name, place]) => [name, readSecret(place)] as const)
  for (const [name, value] of found) {
    if (/^[\x20-\x7e]+$/.test(value)) continue
    throw fault('input', 'bulk/header-broken', `The secret of the header ${name} is no text of one line in ASCII.`, {
      remedy: 'Correct the environment variable or file that sources[].bulk.headers names for it.',
    })
  }
  return Object.fromEntries(found)
}
