import type { Route } from '../access/index.ts'
import type { Application } from '../jobs/index.ts'
import { aboutPage } from './about/about-page.tsx'
import { cdsPage } from './cds/cds-page.tsx'
import { developersPage } from './developers/developers-page.tsx'
import { ehrFeedbackRoute } from './ehr/ehr-feedback.ts'
import { ehrPage, takesChart } from './ehr/ehr-page.tsx'
import { launchRoutes } from './launch/launch-routes.tsx'
import { mappingRoutes } from './mapping/mapping-routes.tsx'
import { disparitiesPage } from './measure/disparities-page.tsx'
import { measurePage } from './measure/measure-page.tsx'
import { providersPage, takesUnits } from './measure/providers-page.tsx'
import { trendPage } from './measure/trend-page.tsx'
import { pageRoute } from './page-route.ts'
import { takesGroup, takesPurpose } from './parts/page-query.ts'
import { peopleCsvRoute } from './people/people-csv.ts'
import { peoplePage } from './people/people-page.tsx'
import { takesNear } from './person/near-misses.tsx'
import { personPage } from './person/person-page.tsx'
import { resourcePage } from './person/resource-page.tsx'
import { qualityPage } from './quality/quality-page.tsx'
import { reconcilePage, reconcileRoute } from './reconcile/reconcile-page.tsx'
import { changesPage } from './runs/changes-page.tsx'
import { liveRoute } from './runs/live-route.ts'
import { runPage } from './runs/run-page.tsx'
import { runsPage } from './runs/runs-page.tsx'
import { scorecardPage } from './scorecard/scorecard-page.tsx'
import { faviconRoute } from './shell/brand.tsx'
import { scriptRoutes } from './shell/script.ts'
import { loadStylesheet, stylesheetRoute } from './shell/stylesheet.ts'
import { themeRoute } from './shell/theme-route.ts'
import { everyRole, listRoles, openSite, patientRoles } from './site.tsx'
import { huddlePage } from './worklist/huddle-page.tsx'
import { worklistPage } from './worklist/worklist-page.tsx'
import { worklistRoutes } from './worklist/worklist-routes.tsx'

/** The routes of all pages, each with its access rule. `apiDocument` is the OpenAPI document that a page shows. */
export function pageRoutes(application: Application, apiDocument: () => unknown = () => undefined): readonly Route[] {
  const stylesheet = loadStylesheet()
  const site = openSite(application, stylesheet)
  const countRoles = ['admin', 'quality', 'analyst'] as const
  const reconciling = { kind: 'patient', roles: listRoles, action: 'reconcile' } as const
  const aggregate = { kind: 'aggregate', roles: everyRole } as const
  return [
    stylesheetRoute(stylesheet),
    faviconRoute,
    ...scriptRoutes(),
    themeRoute,
    pageRoute(site, '/', aggregate, scorecardPage, takesPurpose),
    pageRoute(site, '/runs', aggregate, runsPage, takesPurpose),
    liveRoute(application, aggregate),
    pageRoute(site, '/runs/:run', aggregate, runPage, takesPurpose),
    pageRoute(
      site,
      '/runs/:run/changes',
      { kind: 'patient', roles: listRoles, action: 'compare-runs' },
      changesPage,
      'own',
    ),
    pageRoute(site, '/quality', aggregate, qualityPage, takesPurpose),
    ...mappingRoutes(site),
    pageRoute(site, '/developers', aggregate, async () => developersPage(apiDocument())),
    pageRoute(site, '/about', { kind: 'public' }, aboutPage),
    pageRoute(site, '/measures/:id', aggregate, measurePage, takesGroup),
    pageRoute(site, '/measures/:id/providers', aggregate, providersPage, takesUnits),
    pageRoute(site, '/measures/:id/trend', aggregate, trendPage, takesGroup),
    pageRoute(site, '/measures/:id/disparities', aggregate, disparitiesPage, takesGroup),
    pageRoute(site, '/measures/:id/reconcile', reconciling, reconcilePage, takesGroup),
    reconcileRoute(site, reconciling),
    pageRoute(
      site,
      '/measures/:id/people',
      { kind: 'patient', roles: listRoles, action: 'list-people' },
      peoplePage,
      'own',
    ),
    launchable(
      pageRoute(
        site,
        '/people/:pid',
        { kind: 'patient', roles: patientRoles, action: 'view-person' },
        personPage,
        takesNear,
      ),
    ),
    launchable(
      pageRoute(
        site,
        '/people/:pid/resources/:rid',
        { kind: 'patient', roles: patientRoles, action: 'view-resource' },
        resourcePage,
      ),
    ),
    ...launchRoutes(application, stylesheet),
    pageRoute(site, '/cds', { kind: 'aggregate', roles: countRoles }, cdsPage, takesPurpose),
    pageRoute(site, '/demo/ehr', { kind: 'patient', roles: listRoles, action: 'demo-ehr' }, ehrPage, takesChart),
    ehrFeedbackRoute(application, { kind: 'patient', roles: listRoles, action: 'demo-ehr' }),
    pageRoute(site, '/worklist', { kind: 'patient', roles: listRoles, action: 'read-worklist' }, worklistPage, 'own'),
    pageRoute(site, '/huddle', { kind: 'patient', roles: listRoles, action: 'read-huddle' }, huddlePage, 'own'),
    ...worklistRoutes(site),
    peopleCsvRoute(site, { kind: 'patient', roles: listRoles, action: 'export-people' }),
  ]
}

/** The same page, which a launch from an EHR opens too. */
const launchable = (route: Route): Route => ({ ...route, launchable: true })
