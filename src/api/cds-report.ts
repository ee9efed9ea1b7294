import type { Context } from 'hono'
import { z } from 'zod'
import { type AccessRule, type RequestScope, type Route, seesEverybody } from '../access/index.ts'
import { type CdsDesk, cdsReport, cdsReportFile, tableMediaTypes } from '../jobs/index.ts'
import { tagged, taggedJson } from './json-answer.ts'
import { queryOf } from './query.ts'

const rule: AccessRule = { kind: 'aggregate', roles: ['admin', 'quality', 'analyst'] }

/** What the routes take, for their documentation too. */
export const cdsReportQuery = z.strictObject({ purpose: z.enum(['work', 'release']).default('work') })

/**
 * What became of cards, per service, site and role: JSON, and the same rows as Parquet. Counts only, no person; without small
 * ones for a release and for who may not see everybody.
 */
export function cdsReportRoutes({ application, memory }: CdsDesk): readonly Route[] {
  const { session } = application.store
  const report = async (context: Context, { principal }: RequestScope) => {
    const { purpose } = queryOf(context, cdsReportQuery)
    await memory.flush()
    const today = application.clock.now().toISOString().slice(0, 10)
    return cdsReport(session, today, purpose === 'release' || !seesEverybody(principal))
  }
  return [
    {
      method: 'GET',
      path: '/api/cds/counts',
      rule,
      handle: async (context, scope) => taggedJson(context, await report(context, scope)),
    },
    {
      method: 'GET',
      path: '/api/cds/counts.parquet',
      rule,
      handle: async (context, scope) => {
        const { cards } = await report(context, scope)
        const body = await cdsReportFile(session, cards)
        return tagged(context, body, {
          'Content-Type': tableMediaTypes.parquet,
          'Content-Disposition': 'attachment; filename="cds-cards.parquet"',
        })
      },
    },
  ]
}
