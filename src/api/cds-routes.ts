import type { AccessRule, Route } from '../access/index.ts'
import { type CdsService, createQuiet, createServices, discoveryOf, warmMeasures } from '../cards/index.ts'
import type { Application } from '../jobs/index.ts'
import { answerFeedback } from './cds-feedback.ts'
import { answerHook } from './cds-hook.ts'

const rule: AccessRule = { kind: 'patient', roles: ['admin', 'quality', 'clinician'], action: 'cds-hooks' }

/** Discovery, and each service with its feedback (CDS Hooks 2.0.1). */
export function cdsRoutes(application: Application): readonly Route[] {
  const { config, plans = [] } = application
  const quiet = createQuiet(config.cds.snoozeDays)
  const { services, refusedOrders } = createServices({
    engine: application,
    plans,
    config: config.cds,
    timeZone: config.timeZone,
    quiet,
  })
  for (const { code, message } of refusedOrders) application.logger.log('warn', 'order-refused', { code, message })
  void warmMeasures(application, config.timeZone)
  const discovery = discoveryOf(services)
  return [
    { method: 'GET', path: '/cds-services', rule: { kind: 'public' }, handle: (context) => context.json(discovery) },
    ...services.flatMap((service) => serviceRoutes(application, service)),
  ]
}

function serviceRoutes(application: Application, service: CdsService): readonly Route[] {
  const path = `/cds-services/${service.id}`
  return [
    {
      method: 'POST',
      path,
      rule,
      crossOrigin: true,
      handle: (context, scope) => answerHook(context, scope, application, service),
    },
    {
      method: 'POST',
      path: `${path}/feedback`,
      rule,
      crossOrigin: true,
      handle: (context, scope) => answerFeedback(context, scope, application, service),
    },
  ]
}
