import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, chromium, type Page } from 'playwright-core'

const installed = process.env['CAREGAP_BROWSER'] ?? '/usr/bin/chromium'

/** The browser to test with; undefined, after saying so, where there is none. */
export const browserPath: string | undefined = existsSync(installed) ? installed : undefined

if (browserPath === undefined) {
  console.warn(
    `No browser at ${installed}: the browser tests are skipped. Install Chromium or set CAREGAP_BROWSER to one.`,
  )
}

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Starts the browser. */
export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ ...(browserPath === undefined ? {} : { executablePath: browserPath }), args: flags })

/** How a page is looked at. */
export interface View {
  readonly name: string
  readonly width: number
  readonly height: number
  readonly colorScheme: 'light' | 'dark'
}

export const views: readonly [View, View] = [
  { name: 'wide and light', width: 1280, height: 860, colorScheme: 'light' },
  { name: 'narrow and dark', width: 360, height: 740, colorScheme: 'dark' },
]

/** What a page said and asked for since these lists were last emptied. */
export interface Watched {
  readonly page: Page
  readonly consoleErrors: string[]
  readonly foreignRequests: string[]
}

/** A new page in its own context, watched from its first request on. */
export async function openPage(browser: Browser, view: View, origin: string, script = true): Promise<Watched> {
  const context = await browser.newContext({
    viewport: { width: view.width, height: view.height },
    colorScheme: view.colorScheme,
    javaScriptEnabled: script,
  })
  const page = await context.newPage()
  const consoleErrors: string[] = []
  const foreignRequests: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') consoleErrors.push(message.text())
  })
  page.on('pageerror', (error) => consoleErrors.push(error.message))
  page.on('request', (request) => {
    if (!request.url().startsWith(origin)) foreignRequests.push(request.url())
  })
  return { page, consoleErrors, foreignRequests }
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[]
}

/** Accessibility faults that axe-core finds (WCAG 2.2 AA and its best practices), a line per element. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(axeSource)
  const result = await page.evaluate<AxeResult>(
    `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
  )
  return result.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`))
}
