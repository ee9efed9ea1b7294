import { describe, expect, test } from 'vitest'
import { browsedSite } from './browsed-site.ts'
import { accessibilityFaults, browserPath, openPage, views, type Watched } from './browser.ts'
import { type Expected, everyPage as pages } from './every-page.ts'
import { openSeededApplication } from './seeded-application.ts'
import { serveSlowly } from './slow-server.ts'

/** What is wrong with a page: its status, its heading, its width, its accessibility, what it says and asks for. */
async function faultsOf(watched: Watched, origin: string, expected: Expected): Promise<string[]> {
  const { page, consoleErrors, foreignRequests } = watched
  const { path, heading, status = 200 } = expected
  consoleErrors.length = 0
  foreignRequests.length = 0
  const response = await page.goto(`${origin}${path}`)
  const title = (await page.locator('h1').first().textContent()) ?? ''
  const overflow = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )
  const faults = [
    ...(response?.status() === status ? [] : [`status ${response?.status()}`]),
    ...(title.includes(heading) ? [] : [`heading "${title}"`]),
    ...(overflow <= 0 ? [] : [`scrolls sideways by ${overflow} px`]),
    ...(await accessibilityFaults(page)),
    // A browser reports the page's own 4xx status on its console.
    ...consoleErrors.filter((text) => status === 200 || !text.includes(`status of ${status}`)),
    ...foreignRequests,
  ]
  return faults.map((fault) => `${path}: ${fault}`)
}

/** What is wider than the page, or than the panel that it stands in. */
const standsOut = `(() => {
  const page = document.documentElement
  const own = [...document.querySelectorAll('.panel table, .panel form, .panel p, .figures > *')]
  const out = own.filter((one) => {
    if (one.closest('.table-scroll, .timeline-scroll, details:not([open])')) return false
    const box = one.getBoundingClientRect()
    return box.width > 0 && box.right > one.closest('.panel, .figures').getBoundingClientRect().right + 1
  })
  const sideways = page.scrollWidth - page.clientWidth
  return [
    ...(sideways > 0 ? ['scrolls sideways by ' + sideways + ' px'] : []),
    ...out.map((one) => one.tagName + ' ' + (one.getAttribute('aria-label') ?? one.textContent.slice(0, 40))),
  ]
})()`

describe.skipIf(browserPath === undefined)('every page, in a browser', () => {
  const site = browsedSite(openSeededApplication)

  for (const view of views) {
    test(`is accessible, fits and is silent: ${view.name}`, async () => {
      const watched = await openPage(site.browser, view, site.server.url)
      const faults: string[] = []
      for (const expected of pages) faults.push(...(await faultsOf(watched, site.server.url, expected)))
      await watched.page.context().close()
      expect(faults).toEqual([])
    }, 240_000)
  }

  test('fits the smallest screen that WCAG asks for, a tablet and a small window: nothing stands out of its panel', async () => {
    const faults: string[] = []
    for (const width of [320, 780, 1024]) {
      const { page } = await openPage(site.browser, { ...views[0], width }, site.server.url)
      for (const { path } of pages) {
        await page.goto(`${site.server.url}${path}`)
        const wide = await page.evaluate<string[]>(standsOut)
        faults.push(...wide.map((what) => `${width} ${path}: ${what}`))
      }
      await page.context().close()
    }
    expect(faults).toEqual([])
  }, 120_000)

  test('nothing moves while a page loads, however slowly it comes', async () => {
    const slow = await serveSlowly(site.server.url, { parts: 8, pauseMs: 25 })
    const { page } = await openPage(site.browser, views[0], slow.url)
    await page.addInitScript(
      `window.moved = []; new PerformanceObserver((list) => { for (const { value, sources } of list.getEntries()) window.moved.push([value, ...sources.map(({ node }) => node?.outerHTML?.slice(0, 100))]) }).observe({ type: 'layout-shift', buffered: true })`,
    )
    try {
      for (const path of ['/', '/runs', '/measures/glycemic-status/trend', '/people/3']) {
        await page.goto(`${slow.url}${path}`)
        await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))')
        expect([path, await page.evaluate('window.moved')]).toEqual([path, []])
      }
    } finally {
      await page.context().close()
      await slow.close()
    }
  }, 30_000)

  test('the pages hold no script of their own text, no inline style and no style attribute', async () => {
    for (const { path } of pages) {
      const text = await (await fetch(`${site.server.url}${path}`)).text()
      const plain = text.replaceAll(/<script type="module" src="\/assets\/[\w.-]+"><\/script>/g, '')
      expect([path, /<script|<style|\sstyle=|\son\w+=/.exec(plain)?.[0]]).toEqual([path, undefined])
    }
  })
})
