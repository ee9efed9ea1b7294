import { describe, expect, test } from 'vitest'
import { pageRoutes } from '../../src/pages/index.ts'
import { browsedSite } from './browsed-site.ts'
import { browserPath, openPage, views } from './browser.ts'
import { everyPage } from './every-page.ts'
import { openSeededApplication } from './seeded-application.ts'

/** So much script a first visit may load: bytes as they are run, not as they are compressed on the way. */
const mostScript = 100 * 1024

describe.skipIf(browserPath === undefined)('script', () => {
  const site = browsedSite(openSeededApplication)

  test('of no page does the first visit load more than 100 KB of it', async () => {
    const sizes: Record<string, number> = {}
    for (const { path } of [...everyPage, { path: '/demo/ehr' }]) {
      // A context of its own each time: nothing is in its cache.
      const { page } = await openPage(site.browser, views[0], site.server.url)
      const loaded: Promise<number>[] = []
      page.on('response', (response) => {
        const type = response.headers()['content-type'] ?? ''
        if (response.request().resourceType() === 'script' || /javascript|wasm/.test(type))
          loaded.push(response.body().then((body) => body.length))
      })
      await page.goto(`${site.server.url}${path}`)
      // What stands in the page itself counts too, data for scripts among it.
      const own = await page.locator('script:not([src])').allTextContents()
      const inline = own.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
      sizes[path] = inline + (await Promise.all(loaded)).reduce((sum, size) => sum + size, 0)
      await page.context().close()
    }
    const tooLarge = Object.entries(sizes).filter(([, size]) => size > mostScript)
    expect(tooLarge).toEqual([])
    // The pages with live parts do load theirs: else this would measure nothing.
    expect(sizes['/runs']).toBeGreaterThan(0)
  }, 120_000)

  test('every kind of page is among those that are measured', async () => {
    const application = await openSeededApplication()
    const kinds = pageRoutes(application)
      .filter(
        ({ method, path }) =>
          method === 'GET' && !/^\/(assets|favicon|launch|runs\/live|demo)|\.(csv|parquet)$/.test(path),
      )
      .map(({ path }) => new RegExp(`^${path.replaceAll(/:\w+/g, '[^/?]+')}(\\?.*)?$`))
    application.store.close()
    expect(kinds.filter((kind) => !everyPage.some(({ path }) => kind.test(path))).map(String)).toEqual([])
  })
})
