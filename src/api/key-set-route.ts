import type { Route } from '../access/index.ts'
import type { Config } from '../base/index.ts'
import { publicKeysOf } from '../bulk/index.ts'

/** How long servers may keep the key set; a new key should be registered that much before it signs. */
const keptSeconds = 300

/**
 * `/.well-known/jwks.json`: the public keys of all sources that sign, for the servers they are pulled from; read anew
 * for each request, so that keys can be changed while it runs. No route where no source signs.
 */
export function keySetRoutes(config: Config): readonly Route[] {
  if (!config.sources.some(({ bulk }) => bulk?.auth.kind === 'smart')) return []
  return [
    {
      method: 'GET',
      path: '/.well-known/jwks.json',
      rule: { kind: 'public' },
      handle: (context) =>
        context.json(publicKeysOf(config), 200, { 'Cache-Control': `public, max-age=${keptSeconds}` }),
    },
  ]
}
