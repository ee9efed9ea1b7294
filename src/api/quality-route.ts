import { z } from 'zod'
import { type AccessRule, type Route, roles, seesEverybody } from '../access/index.ts'
import { type Application, lackingSources, listFacts, safeFacts, safeFaults } from '../jobs/index.ts'
import { listFaults, readTypeCounts } from '../store/index.ts'
import { answerJson } from './json-answer.ts'
import { queryOf } from './query.ts'

const counts: AccessRule = { kind: 'aggregate', roles }

/** What the route takes, for its documentation too. */
export const qualityQuery = z.strictObject({ purpose: z.enum(['work', 'release']).default('work') })

/**
 * Data quality: which kinds of facts each measure reads, and what of them each source holds, over the data of the last run; and
 * what is wrong with the data as they are loaded now.
 */
export function qualityRoutes(application: Application): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/api/quality',
      rule: counts,
      handle: (context, scope) =>
        answerJson(context, scope, async () => {
          const { purpose } = queryOf(context, qualityQuery)
          const isSafe = purpose === 'release' || !seesEverybody(scope.principal)
          const { store } = application
          const { faults } = await listFaults(store)
          const data = {
            notForRelease: !isSafe,
            faults: safeFaults(faults, await readTypeCounts(store.session), isSafe),
          }
          const { found } = await listFacts(application)
          if (found === undefined) return { run: null, ...data, sources: [], measures: [] }
          const { runId, sources, measures } = safeFacts(found, isSafe)
          const told = measures.map(({ kinds, ...measure }) => ({
            ...measure,
            kinds: kinds.map((kind) => ({ ...kind, lackingIn: lackingSources(kind) })),
          }))
          return { run: runId, ...data, sources, measures: told }
        }),
    },
  ]
}
