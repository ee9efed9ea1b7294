import { expect, test } from 'vitest'
import { apiRoutes } from '../../src/api/index.ts'
import { pageRoutes } from '../../src/pages/index.ts'
import { openSeededApplication } from '../browser/seeded-application.ts'
import { pagesApp } from './pages-app.ts'

const application = await openSeededApplication()
const app = await pagesApp(application)

const parts: Readonly<Record<string, string>> = {
  id: 'glycemic-status',
  measure: 'glycemic-status',
  pid: '3',
  rid: '62',
  run: '1',
  map: '1',
}

/** Files, streams and the launch, whose addresses others make, are no pages. */
const isNoPage = (path: string): boolean => /^\/(assets|favicon|launch|runs\/live)/.test(path)

const paths = [...pageRoutes(application), ...apiRoutes(application).filter(({ path }) => path.startsWith('/api/'))]
  .filter(({ method, path }) => method === 'GET' && !isNoPage(path))
  .map(({ path }) => path.replaceAll(/:(\w+)/g, (_, name: string) => parts[name] ?? name))

test('no page and no answer takes a filter in silence that it does not know, or one that stands twice', async () => {
  expect(paths.length).toBeGreaterThan(40)
  const taken: string[] = []
  for (const path of paths)
    for (const query of ['nonsense=1', 'purpose=relase', 'purpose=work&purpose=release']) {
      const response = await app.request(`http://127.0.0.1${path}?${query}`)
      const text = await response.text()
      if (response.status !== 400 || !/nonsense|purpose|takes/.test(text))
        taken.push(`${response.status} ${path}?${query}`)
    }
  expect(taken).toEqual([])
})

test('a group that the measure does not have is not there, instead of the first one', async () => {
  for (const path of ['', '/providers', '/trend', '/disparities', '/reconcile', '/people', '/people.csv']) {
    const response = await app.request(`http://127.0.0.1/measures/glycemic-status${path}?group=no-such-group`)
    expect([path, response.status]).toEqual([path, 404])
  }
})

test('where a page refuses an address it says what it takes', async () => {
  const text = await (await app.request('http://127.0.0.1/measures/glycemic-status/trend?colour=red')).text()
  expect(text).toContain('It knows no filter colour. This page takes purpose, group.')
})
