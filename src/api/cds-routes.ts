import type { AccessRule, Route } from '../access/index.ts'
import { type CdsService, discoveryOf } from '../cards/index.ts'
import { type Application, type CdsDesk, cdsDeskOf } from '../jobs/index.ts'
import { answerFeedback } from './cds-feedback.ts'
import { answerHook } from './cds-hook.ts'
import { cdsReportRoutes } from './cds-report.ts'
import { clientIdentity } from './trust/identify-client.ts'

const roles = ['admin', 'quality', 'clinician'] as const
const rule: AccessRule = { kind: 'patient', roles, action: 'cds-hooks' }

/** Discovery, and each service with its feedback (CDS Hooks 2.0.1); where clients are configured, all for them only. */
export function cdsRoutes(application: Application): readonly Route[] {
  const { config, clock, logger } = application
  const { database } = application.store
  const desk = cdsDeskOf(application)
  const identify = clientIdentity({
    config: config.cds,
    clock,
    logger,
    connect: () => database.connect(),
    ...(database.path === ':memory:' ? {} : { journal: `${database.path}.jwt` }),
  })
  const identity = identify === undefined ? {} : { identify }
  const discovery = discoveryOf(desk.services)
  return [
    {
      method: 'GET',
      path: '/cds-services',
      rule: identify === undefined ? { kind: 'public' } : { kind: 'aggregate', roles },
      crossOrigin: true,
      ...identity,
      handle: (context) => context.json(discovery),
    },
    ...desk.services.flatMap((service) => serviceRoutes(desk, service).map((route) => ({ ...route, ...identity }))),
    ...cdsReportRoutes(desk),
  ]
}

function serviceRoutes(desk: CdsDesk, service: CdsService): readonly Route[] {
  const path = `/cds-services/${service.id}`
  return [
    {
      method: 'POST',
      path,
      rule,
      crossOrigin: true,
      auditedByJournal: true,
      handle: (context, scope) => answerHook(context, scope, desk, service),
    },
    {
      method: 'POST',
      path: `${path}/feedback`,
      rule,
      crossOrigin: true,
      handle: (context, scope) => answerFeedback(context, scope, desk, service),
    },
  ]
}
