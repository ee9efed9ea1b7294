import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Route } from '../../access/index.ts'
import { contentHash, projectRoot } from '../../base/index.ts'

/** The scripts of pages that have live parts, each at an address of its own. Pages work without them. */
export function scriptRoutes(): readonly Route[] {
  const folder = join(projectRoot, 'src', 'pages', 'script')
  return readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .map((name) => scriptRoute(name, readFileSync(join(folder, name), 'utf8')))
}

function scriptRoute(name: string, text: string): Route {
  const etag = `"${contentHash(text).slice(0, 16)}"`
  return {
    method: 'GET',
    path: `/assets/${name}`,
    rule: { kind: 'public' },
    handle: (context) => {
      const headers = { ETag: etag, 'Cache-Control': 'public, no-cache' }
      if (context.req.header('If-None-Match') === etag) return context.body(null, 304, headers)
      return context.body(text, 200, { ...headers, 'Content-Type': 'text/javascript; charset=utf-8' })
    },
  }
}
