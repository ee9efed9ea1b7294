import type { Route } from '../../access/index.ts'

/** The mark: a ring that is not closed yet, and the dot that closes it. */
export const BrandMark = () => (
  <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path class="brand-ring" d="M19.8 15.6 A8.6 8.6 0 1 1 19.8 8.4" />
    <circle class="brand-dot" cx="20.9" cy="12" r="2.3" />
  </svg>
)

const favicon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M19.8 15.6 A8.6 8.6 0 1 1 19.8 8.4" fill="none" stroke="#2b93b6" stroke-width="4" stroke-linecap="round"/><circle cx="20.9" cy="12" r="2.3" fill="#e07a1f"/></svg>`

/** The mark as the browser's tab shows it. */
export const faviconRoute: Route = {
  method: 'GET',
  path: '/favicon.svg',
  rule: { kind: 'public' },
  handle: (context) =>
    context.body(favicon, 200, { 'Content-Type': 'image/svg+xml', 'Cache-Control': 'public, max-age=86400' }),
}
