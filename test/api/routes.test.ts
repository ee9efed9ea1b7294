import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { apiRoutes } from '../../src/api/index.ts'
import { projectRoot } from '../../src/base/index.ts'
import { fakeApplication } from './fake-application.ts'
import { evaluate, glycemic } from './patient-view.ts'

test('every route is in the documentation, and what reads people says so in its rule', async () => {
  const application = await fakeApplication([glycemic], evaluate)
  const page = readFileSync(join(projectRoot, 'docs/api.md'), 'utf8')
  const routes = apiRoutes(application)
  const documented = (path: string) =>
    page.includes(
      path
        .replaceAll(/:(\w+)/g, '{$1}')
        // One line stands for all services.
        .replace(/^\/cds-services\/[^/]+(\/feedback)?$/, '/cds-services/{id}'),
    )
  expect(routes.filter(({ path }) => !documented(path)).map(({ path }) => path)).toEqual([])
  const open = routes.filter(({ rule }) => rule.kind === 'public').map(({ path }) => path)
  expect(open).toEqual(['/health', '/ready', '/fhir/metadata', '/cds-services'])
  const crossOrigin = routes.filter((route) => route.crossOrigin === true).map(({ path }) => path)
  expect(crossOrigin).toContain('/cds-services/caregap-patient-view/feedback')
  expect(crossOrigin.filter((path) => !path.startsWith('/cds-services'))).toEqual([])
  await application.close()
})
