import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browsedSite } from './browsed-site.ts'
import { accessibilityFaults, browserPath, openPage, views } from './browser.ts'
import { openSeededApplication } from './seeded-application.ts'

const [wide] = views
const numberIn = (text: string | null) => Number((text ?? '').replaceAll(/[^\d]/g, ''))

// What people come for, each the whole way: with script and without, for only what is live needs any.
const ways = [
  ['with script', true],
  ['without script', false],
] as const

describe.skipIf(browserPath === undefined).each(ways)('what people come for, %s', (_, hasScript) => {
  const site = browsedSite(openSeededApplication)
  let page: Page

  beforeAll(async () => {
    page = (await openPage(site.browser, wide, site.server.url, hasScript)).page
  })
  afterAll(() => page.context().close())

  test('my open diabetes gaps: found, their reason read, assigned to me, exported, and taken back', async () => {
    await page.goto(site.server.url)
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Worklist' }).click()
    await page
      .getByLabel('Measure', { exact: true })
      .selectOption({ label: 'Glycemic Status Assessment Greater Than 9%' })
    await page.getByRole('button', { name: 'Apply' }).click()
    const heading = (await page.locator('h2').first().textContent()) ?? ''
    const people = numberIn(heading.split(',')[0] ?? '')
    expect(people).toBeGreaterThan(10)
    // Why: the person's page says it in a sentence, with what would close the gap.
    const person = page.getByRole('rowheader').first().getByRole('link')
    const name = await person.textContent()
    await person.click()
    expect(await page.locator('h1').textContent()).toBe(name)
    const verdict = page.getByRole('article').filter({ hasText: 'Glycemic Status' }).first()
    expect(await verdict.textContent()).toMatch(/HbA1c of 9\.4%.*outside the goal.*Order or record an HbA1c/s)
    await page.goBack()
    for (const box of (await page.getByRole('checkbox').all()).slice(0, 3)) {
      if ((await box.getAttribute('name')) === 'gap') await box.check()
    }
    const chosen = await page.locator('input[name="gap"]:checked').count()
    expect(chosen).toBeGreaterThan(0)
    await page.getByLabel('Do', { exact: true }).selectOption('assign')
    await page.getByLabel('User, reason or note').fill('maria')
    await page.getByRole('button', { name: 'Do it' }).click()
    expect(await page.getByRole('form', { name: 'Your last action' }).textContent()).toContain(
      `Assignment, ${chosen} gap`,
    )
    await page.goto(`${site.server.url}/worklist?measure=glycemic-status&assigned=maria`)
    const href = await page.getByRole('link', { name: 'CSV' }).getAttribute('href')
    const csv = await (await fetch(`${site.server.url}${href}`)).text()
    expect(csv.trimEnd().split('\r\n').length - 1).toBe(chosen)
    expect(csv).toContain(',maria,')
    await page.getByRole('button', { name: 'Undo' }).click()
    expect(await page.locator('h2').first().textContent()).toContain('0 people')
  })

  test('why is this person not in the numerator: the sentence, the clause that is false, its CQL and the fact', async () => {
    await page.goto(`${site.server.url}/measures/blood-pressure`)
    await page
      .getByRole('link', { name: /: Not in the numerator|: Not in numerator/i })
      .first()
      .click()
    await page.getByRole('rowheader').first().getByRole('link').click()
    const verdict = page.getByRole('article').filter({ hasText: 'Controlling High Blood Pressure' })
    expect(await verdict.textContent()).toMatch(/152\/88.*outside the goal/s)
    const numerator = verdict.locator('.tree summary').filter({ hasText: 'Numerator' }).first()
    expect(await numerator.textContent()).toMatch(/False/)
    const clause = numerator.locator('xpath=..')
    if ((await clause.getAttribute('open')) === null) await numerator.click()
    expect(await clause.locator('.code').first().textContent()).toContain('define "Numerator"')
    expect(await clause.locator('.code').first().isVisible()).toBe(true)
    await verdict
      .getByRole('link', { name: /^Observation\// })
      .first()
      .click()
    expect(await page.locator('h1').textContent()).toContain('Observation/')
  })

  test('why does our number differ from the EHR’s: a list is uploaded, the difference is told person by person', async () => {
    await page.goto(`${site.server.url}/measures/blood-pressure/reconcile`)
    await page.getByLabel('Source', { exact: false }).first().selectOption('harbor')
    await page.locator('input[type="file"]').setInputFiles({
      name: 'report.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('patient,denominator,numerator\nnobody-knows-them,1,1\n'),
    })
    await page
      .getByRole('button', { name: /compare/i })
      .first()
      .click()
    const text = (await page.locator('main').textContent()) ?? ''
    expect(text).toContain('Not in the data')
    expect(text).toContain('Not in the EHR’s list')
    expect(text).toContain('nobody-knows-them')
    // Without script axe cannot run either.
    if (hasScript) expect(await accessibilityFaults(page)).toEqual([])
  })
})
