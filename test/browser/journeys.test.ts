import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { browsedSite } from './browsed-site.ts'
import { browserPath, openPage, views } from './browser.ts'
import { openSeededApplication } from './seeded-application.ts'

const [wide] = views
const numberIn = (text: string | null) => Number((text ?? '').replaceAll(/[^\d]/g, ''))

/** Text and address of what has the focus. */
const focused = (page: Page) =>
  page.evaluate<string>(
    `(document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent ?? '').trim()`,
  )

describe.skipIf(browserPath === undefined)('the ways people take', () => {
  const site = browsedSite(openSeededApplication)
  let page: Page

  beforeAll(async () => {
    page = (await openPage(site.browser, wide, site.server.url)).page
  })

  test('from an open gap on the scorecard to the person, the reason and the line it came from', async () => {
    await page.goto(site.server.url)
    const row = page.getByRole('row', { name: /Glycemic Status/ })
    const openGaps = row.getByRole('link', { name: /open gaps/ })
    const count = numberIn(await openGaps.textContent())
    await openGaps.click()
    expect(await page.locator('h2').first().textContent()).toBe(`${count} people`)
    await page.getByRole('rowheader').first().getByRole('link').click()
    expect(await page.getByRole('article').first().textContent()).toContain('Counted as a gap')
    expect(await page.locator('.tree').first().textContent()).toMatch(/True\s*Numerator/)
    await page
      .getByRole('link', { name: /^Observation\// })
      .first()
      .click()
    expect(await page.getByRole('region', { name: 'JSON of the resource' }).textContent()).toContain('"resourceType"')
  })

  test('every count of the funnel leads to exactly as many people', async () => {
    await page.goto(`${site.server.url}/measures/blood-pressure`)
    const links = await page
      .locator('.funnel .count a')
      .evaluateAll((anchors) => anchors.map((anchor) => [anchor.getAttribute('href') ?? '', anchor.textContent ?? '']))
    expect(links.length).toBe(6)
    for (const [href, text] of links) {
      await page.goto(`${site.server.url}${href}`)
      expect([href, numberIn(await page.locator('h2').first().textContent())]).toEqual([href, numberIn(text ?? '')])
    }
  })

  test('filters stand in the address, and the CSV holds exactly the same people', async () => {
    await page.goto(`${site.server.url}/measures/blood-pressure/people`)
    await page.getByLabel('Gap').selectOption('open')
    await page.getByLabel('Practice').selectOption('North <Clinic> & Sons')
    await page.getByRole('button', { name: 'Apply' }).click()
    const url = new URL(page.url())
    expect(url.searchParams.get('status')).toBe('open')
    expect(url.searchParams.get('practice')).toBe('North <Clinic> & Sons')
    const names = await page.getByRole('rowheader').locator('a').allTextContents()
    expect(names.length).toBeGreaterThan(0)
    const href = await page.getByRole('link', { name: /as CSV/ }).getAttribute('href')
    const csv = await (await fetch(`${site.server.url}${href}`)).text()
    const lines = csv.trimEnd().split('\r\n')
    expect(lines.length - 1).toBe(names.length)
    for (const [index, name] of names.entries()) expect(lines[index + 1]).toContain(name)
  })

  test('the keyboard skips to the content and reaches every part of the scorecard in order', async () => {
    await page.goto(site.server.url)
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Skip to the content')
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement.id')).toBe('main')
    const reached: string[] = []
    for (let step = 0; step < 40; step += 1) {
      await page.keyboard.press('Tab')
      reached.push(await focused(page))
    }
    const wanted = [
      'Run 1',
      'Controlling High Blood Pressure',
      'Glycemic Status Assessment Greater Than 9%',
      'Auto',
      'Dark',
    ]
    expect(wanted.map((name) => reached.indexOf(name)).every((at, index, all) => at > (all[index - 1] ?? -1))).toBe(
      true,
    )
  })

  test('without script the colours can be chosen, and they stay', async () => {
    const plain = (await openPage(site.browser, wide, site.server.url, false)).page
    await plain.goto(`${site.server.url}/runs`)
    await plain.getByRole('button', { name: 'Dark' }).click()
    expect(new URL(plain.url()).pathname).toBe('/runs')
    await plain.goto(`${site.server.url}/about`)
    expect(await plain.locator('html').getAttribute('data-theme')).toBe('dark')
    expect(await plain.getByRole('button', { name: 'Dark' }).getAttribute('aria-pressed')).toBe('true')
    await plain.context().close()
  })
})
