import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Route } from '../../access/index.ts'
import { contentHash, projectRoot } from '../../base/index.ts'

/** The one style sheet of all pages, with the address that changes when it does. */
export interface Stylesheet {
  readonly text: string
  readonly etag: string
  readonly href: string
}

/** Joins the style files in order of name. */
export function loadStylesheet(): Stylesheet {
  const folder = join(projectRoot, 'src', 'pages', 'style')
  const files = readdirSync(folder).filter((name) => name.endsWith('.css'))
  const text = files
    .toSorted()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n')
  const hash = contentHash(text).slice(0, 16)
  return { text, etag: `"${hash}"`, href: `/assets/caregap.css?v=${hash}` }
}

/** Serves the style sheet; a browser that has it gets 304. */
export function stylesheetRoute(stylesheet: Stylesheet): Route {
  return {
    method: 'GET',
    path: '/assets/caregap.css',
    rule: { kind: 'public' },
    handle: (context) => {
      const headers = { ETag: stylesheet.etag, 'Cache-Control': 'public, max-age=31536000, immutable' }
      if (context.req.header('If-None-Match') === stylesheet.etag) return context.body(null, 304, headers)
      return context.body(stylesheet.text, 200, { ...headers, 'Content-Type': 'text/css; charset=utf-8' })
    },
  }
}
