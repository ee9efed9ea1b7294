import type { Browser } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import type { Application } from '../../src/jobs/index.ts'
import { launchBrowser } from './browser.ts'
import { type PageServer, servePages } from './page-server.ts'

/** A server of pages and a browser, there while the tests of a suite run. */
export interface BrowsedSite {
  readonly server: PageServer
  readonly browser: Browser
}

function opened<T>(part: T | undefined): T {
  if (part === undefined) throw new RangeError('the site is there within tests')
  return part
}

/** Opens both before the tests of the suite that it is called in, and closes them behind; to be read within tests alone. */
export function browsedSite(
  open: () => Promise<Application>,
  document?: (application: Application) => unknown,
): BrowsedSite {
  let server: PageServer | undefined
  let browser: Browser | undefined
  beforeAll(async () => {
    server = await servePages(await open(), document)
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })
  return {
    get server() {
      return opened(server)
    },
    get browser() {
      return opened(browser)
    },
  }
}
