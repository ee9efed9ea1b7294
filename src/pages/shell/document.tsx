import { raw } from 'hono/html'
import type { PropsWithChildren } from 'hono/jsx'
import type { Principal } from '../../access/index.ts'
import { BrandMark } from './brand.tsx'
import { type Theme, themes } from './theme.ts'

/** The parts of the site that the navigation names. */
export type Section = 'scorecard' | 'worklist' | 'quality' | 'runs' | 'cds' | 'about'

/** What stands around a page's own content. */
export interface Frame {
  readonly title: string
  readonly section?: Section
  readonly theme: Theme
  readonly principal?: Principal
  readonly styleHref: string
  /** True within an EHR: the page stands alone, without ways to the rest of the site. */
  readonly embedded?: boolean
  /** Path and query of this page, to come back to. */
  readonly path: string
}

const sections: readonly { readonly id: Section; readonly href: string; readonly label: string }[] = [
  { id: 'scorecard', href: '/', label: 'Scorecard' },
  { id: 'worklist', href: '/worklist', label: 'Worklist' },
  { id: 'quality', href: '/quality', label: 'Data quality' },
  { id: 'runs', href: '/runs', label: 'Runs' },
  { id: 'cds', href: '/cds', label: 'Decision support' },
  { id: 'about', href: '/about', label: 'About' },
]

/** The id of the last part of every page. */
const lastPart = 'page-end'

/**
 * Has the browser paint when the last part has come, not piece by piece: tables find their widths from all their rows, so
 * that columns painted before the last row would move. As text, for Hono leaves `blocking` out of a link.
 */
const paintWhole = raw(`<link rel="expect" href="#${lastPart}" blocking="render"/>`)

const themeLabels: Readonly<Record<Theme, string>> = { auto: 'Auto', light: 'Light', dark: 'Dark' }

/** Lists of people are offered only to those who may open them. */
const mayWork = ({ principal }: Frame): boolean => principal?.role === 'admin' || principal?.role === 'quality'

const EmbeddedHeader = ({ frame }: { readonly frame: Frame }) => (
  <header class="site-header">
    <div class="frame">
      <span class="brand">
        <BrandMark />
        caregap
      </span>
      <p class="site-user">{frame.principal?.userId}</p>
    </div>
  </header>
)

const Header = ({ frame }: { readonly frame: Frame }) => (
  <header class="site-header">
    <div class="frame">
      <a class="brand" href="/">
        <BrandMark />
        caregap
      </a>
      <nav class="site-nav" aria-label="Main">
        <ul>
          {sections
            .filter(({ id }) => id !== 'worklist' || mayWork(frame))
            .map((section) => (
              <li>
                <a href={section.href} {...(section.id === frame.section ? { 'aria-current': 'page' as const } : {})}>
                  {section.label}
                </a>
              </li>
            ))}
        </ul>
      </nav>
      {frame.principal === undefined ? null : (
        <p class="site-user">
          {frame.principal.userId} ({frame.principal.role})
        </p>
      )}
    </div>
  </header>
)

const ThemeForm = ({ frame }: { readonly frame: Frame }) => (
  <form class="theme" method="post" action="/theme">
    <input type="hidden" name="back" value={frame.path} />
    <span id="theme-label">Colours</span>
    <span class="segmented" role="group" aria-labelledby="theme-label">
      {themes.map((theme) => (
        <button type="submit" name="theme" value={theme} aria-pressed={theme === frame.theme ? 'true' : 'false'}>
          {themeLabels[theme]}
        </button>
      ))}
    </span>
  </form>
)

const Footer = ({ frame }: { readonly frame: Frame }) => (
  <footer class="site-footer" id={lastPart}>
    <div class="frame">
      <p>
        Pages about people hold protected health information: every view is recorded. Nothing leaves this server.{' '}
        {frame.embedded === true ? null : <a href="/about">Privacy and licence</a>}
      </p>
      {frame.embedded === true ? null : <ThemeForm frame={frame} />}
    </div>
  </footer>
)

/** The whole HTML document around a page. */
export const Document = ({ frame, children }: PropsWithChildren<{ readonly frame: Frame }>) => (
  <html lang="en" {...(frame.theme === 'auto' ? {} : { 'data-theme': frame.theme })}>
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>{`${frame.title} · caregap`}</title>
      <link rel="stylesheet" href={frame.styleHref} />
      {paintWhole}
      <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
    </head>
    <body>
      <a class="skip-link" href="#main">
        Skip to the content
      </a>
      {frame.embedded === true ? <EmbeddedHeader frame={frame} /> : <Header frame={frame} />}
      <main id="main" tabindex={-1}>
        <div class="frame">{children}</div>
      </main>
      <Footer frame={frame} />
    </body>
  </html>
)
