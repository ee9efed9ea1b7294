import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { apiDocument } from '../../src/api/index.ts'
import type { Application } from '../../src/jobs/index.ts'
import { browsedSite } from './browsed-site.ts'
import { accessibilityFaults, browserPath, openPage, views } from './browser.ts'
import { openSeededApplication } from './seeded-application.ts'

const [wide] = views

/** Every kind of page, by the name of its accessibility tree. */
const pages: Readonly<Record<string, string>> = {
  scorecard: '/',
  measure: '/measures/glycemic-status',
  providers: '/measures/glycemic-status/providers',
  trend: '/measures/glycemic-status/trend',
  disparities: '/measures/glycemic-status/disparities',
  reconcile: '/measures/glycemic-status/reconcile',
  people: '/measures/blood-pressure/people?q=haddad',
  worklist: '/worklist?q=haddad',
  huddle: '/huddle?day=2025-12-01',
  patient: '/people/3',
  resource: '/people/3/resources/62',
  runs: '/runs',
  run: '/runs/1',
  changes: '/runs/1/changes',
  quality: '/quality',
  mapping: '/mapping',
  map: '/mapping/maps/1',
  developers: '/developers',
  about: '/about',
  ehr: '/demo/ehr?person=3',
  cds: '/cds',
}

/** One open gap for everybody, so that the page that plays the EHR has a card to show. */
const openGap: Application['evaluatePerson'] = (record, measureId) => {
  const gap = {
    measureId,
    groupId: 'group-1',
    pid: record.pid,
    status: measureId === 'glycemic-status' ? ('open' as const) : ('closed' as const),
    reasonCode: 'no-qualifying-result',
    sentence: 'Open: no HbA1c result in 2025.',
    evidence: [],
  }
  return Promise.resolve({
    evaluation: { measureId, pid: record.pid, groups: [], defines: '', evidence: [] },
    gaps: [gap],
  })
}

/** A few routes of every kind: a tree of them all would change with each route that anybody adds. */
function partOfDocument(application: Application): unknown {
  const { paths, ...document } = apiDocument(application)
  const kept = ['/api/scorecard', '/api/gaps', '/api/worklist/actions', '/api/mapping/maps/{id}/approve']
  return { ...document, paths: Object.fromEntries(Object.entries(paths ?? {}).filter(([path]) => kept.includes(path))) }
}

/** What the keyboard can reach, in the order of the document, each with a number of its own. */
const numberStops = `(() => {
  const stops = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
    .filter((element) => !element.disabled && element.type !== 'hidden' && element.checkVisibility() )
  stops.forEach((element, index) => element.setAttribute('data-stop', String(index)))
  return stops.length
})()`

/** The number of what has the focus, and whether the eye can see that it has. */
const focusedStop = `(() => {
  const element = document.activeElement
  const style = getComputedStyle(element)
  const box = element.getBoundingClientRect()
  return {
    stop: Number(element.getAttribute('data-stop') ?? -1),
    parts: element.type === 'date',
    visible: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && box.width > 0 && box.height > 0,
  }
})()`

/** So many stops of a long list are walked; it repeats itself after that. */
const mostStops = 120

async function nextStop(page: Page) {
  await page.keyboard.press('Tab')
  return page.evaluate<{ readonly stop: number; readonly parts: boolean; readonly visible: boolean }>(focusedStop)
}

async function keyboardFaults(page: Page): Promise<string[]> {
  const count = await page.evaluate<number>(numberStops)
  const faults: string[] = []
  for (let stop = 0; stop < Math.min(count, mostStops); stop += 1) {
    let at = await nextStop(page)
    // A field for a day has stops of its own within it: month, day, year, calendar.
    for (let part = 0; part < 4 && at.parts && at.stop === stop - 1; part += 1) at = await nextStop(page)
    if (at.stop !== stop) return [...faults, `stop ${stop} of ${count}: the focus is at ${at.stop}`]
    if (!at.visible) faults.push(`stop ${stop}: the focus is not to be seen`)
  }
  return faults
}

describe.skipIf(browserPath === undefined)('each page by ear and by keyboard', () => {
  const site = browsedSite(
    async () => ({ ...(await openSeededApplication()), evaluatePerson: openGap }),
    partOfDocument,
  )

  for (const [name, path] of Object.entries(pages)) {
    test(`${name}: the keyboard reaches everything in order, visibly, and the tree is as it was`, async () => {
      const { page } = await openPage(site.browser, wide, site.server.url)
      await page.goto(`${site.server.url}${path}`)
      await expect(await page.locator('body').ariaSnapshot()).toMatchFileSnapshot(`golden/${name}.aria.yml`)
      expect(await keyboardFaults(page)).toEqual([])
      await page.context().close()
    }, 60_000)
  }

  test('ehr: by keyboard alone a patient is chosen and a card set aside; it stays away, and is counted', async () => {
    const { page } = await openPage(site.browser, wide, site.server.url)
    await page.goto(`${site.server.url}/demo/ehr`)
    await page.locator('#person').focus()
    await page.keyboard.press('ArrowDown')
    await page.getByRole('button', { name: 'Open the chart' }).focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/person=/)
    expect(await page.locator('.ehr-card').count()).toBe(1)
    expect(await accessibilityFaults(page)).toEqual([])
    await page.getByRole('button', { name: 'Set aside' }).focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/said=set-aside/)
    expect(await page.locator('.ehr-card').count()).toBe(0)
    expect(await page.getByRole('status').textContent()).toContain('Set aside')
    expect(await page.locator('.ehr-quiet').textContent()).toContain('snoozed')
    await page.goto(`${site.server.url}/cds`)
    expect(await page.getByRole('row', { name: /glycemic-status/ }).textContent()).toContain('done-elsewhere 1')
    expect(await accessibilityFaults(page)).toEqual([])
    expect(await page.evaluate<number>(`document.documentElement.scrollWidth`)).toBeLessThanOrEqual(wide.width)
    await page.context().close()
  }, 60_000)
})
