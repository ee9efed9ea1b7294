import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Route } from '../access/index.ts'
import { projectRoot } from '../base/index.ts'
import type { Application } from '../jobs/index.ts'
import { cdsRoutes } from './cds-routes.ts'
import { explanationRoutes } from './explanation-route.ts'
import { fhirRoutes } from './fhir-routes.ts'
import { healthRoutes } from './health-routes.ts'
import { jsonRoutes } from './json-routes.ts'
import { keySetRoutes } from './key-set-route.ts'
import { listRoutes } from './list-routes.ts'
import { mappingRoutes } from './mapping-routes.ts'
import { openApiDocument } from './openapi/document.ts'
import { refuseUnknownQueries } from './openapi/known-queries.ts'
import { openApiRoutes } from './openapi/openapi-routes.ts'
import { qualityRoutes } from './quality-route.ts'
import { runRoutes } from './run-routes.ts'
import { strataRoutes } from './strata-routes.ts'
import { worklistRoutes } from './worklist-routes.ts'

/** Every route for programs: FHIR, CDS Hooks, JSON, health; each with its access rule. */
export function apiRoutes(application: Application): readonly Route[] {
  const version = ownVersion()
  const routes = [
    ...healthRoutes(application, version),
    ...fhirRoutes(application, version),
    ...cdsRoutes(application),
    ...jsonRoutes(application),
    ...listRoutes(application),
    ...strataRoutes(application),
    ...runRoutes(application),
    ...worklistRoutes(application),
    ...explanationRoutes(application),
    ...mappingRoutes(application),
    ...qualityRoutes(application),
    ...keySetRoutes(application.config),
  ]
  return [...routes, ...openApiRoutes(routes, version)].map(refuseUnknownQueries)
}

/** The document that `/api/openapi.json` answers with, for the page that shows it. */
export const apiDocument = (application: Application): Readonly<Record<string, unknown>> =>
  openApiDocument(apiRoutes(application), ownVersion())

function ownVersion(): string {
  const read = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { readonly version: string }
  return read.version
}
