import type { Route } from '../access/index.ts'
import { messageOf } from '../base/index.ts'
import { type Application, pullFreshness } from '../jobs/index.ts'

/** `/health`: the process answers. `/ready`: the store answers and there is something to evaluate, and no scheduled pull is
 * late or failed; 503 where not. */
export function healthRoutes(application: Application, version: string): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/health',
      rule: { kind: 'public' },
      handle: (context) => context.json({ status: 'ok', version }, 200, { 'Cache-Control': 'no-store' }),
    },
    {
      method: 'GET',
      path: '/ready',
      rule: { kind: 'public' },
      handle: async (context) => {
        const answers = await storeAnswers(application)
        const pulls = answers ? await pullFreshness(application.store, application.config, application.clock.now()) : []
        const behind = pulls.filter(({ state }) => state === 'late' || state === 'failed')
        const checks = {
          store: answers,
          measures: application.measures.length > 0,
          pulls: answers && behind.length === 0,
        }
        const ready = Object.values(checks).every(Boolean)
        const status = ready ? 'ready' : 'not-ready'
        const sources = behind.map(({ source, state, dataOf }) => ({ source, state, dataOf }))
        const body = { status, checks, ...(sources.length === 0 ? {} : { sources }) }
        return context.json(body, ready ? 200 : 503, { 'Cache-Control': 'no-store' })
      },
    },
  ]
}

async function storeAnswers(application: Application): Promise<boolean> {
  try {
    const row = await application.store.session.first<{ one: number }>('SELECT 1 AS one')
    return row?.one === 1
  } catch (thrown) {
    application.logger.log('error', 'store-does-not-answer', { message: messageOf(thrown) })
    return false
  }
}
