import { z } from 'zod'
import { type AccessRule, personFilter, type RequestScope, type Route, roles, seesEverybody } from '../access/index.ts'
import { fault } from '../base/index.ts'
import { type Application, compareRuns, safeRuns, totalsOf } from '../jobs/index.ts'
import { readHiddenPids, readRunBasis, readRunMeasures, readRuns } from '../store/index.ts'
import { answerJson } from './json-answer.ts'
import { queryOf } from './query.ts'
import type { Call } from './run-asked.ts'

const counts: AccessRule = { kind: 'aggregate', roles }
const people: AccessRule = { kind: 'patient', roles: ['admin', 'quality'], action: 'compare-runs' }

/** So many runs are listed. */
const listedRuns = 200

/** What runs there are, with all that each was made of, and two of them compared. */
export function runRoutes(application: Application): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/api/runs',
      rule: counts,
      handle: (context, scope) => answerJson(context, scope, () => listRuns({ application, context, scope })),
    },
    {
      method: 'GET',
      path: '/api/runs/compare',
      rule: people,
      handle: (context, scope) => answerJson(context, scope, () => compare(application, scope, context.req.query())),
    },
  ]
}

/** What small counts are hidden for: work with the people, or a release. */
export const runsQuery = z.strictObject({ purpose: z.enum(['work', 'release']).default('work') })

async function listRuns({ application: { store }, context, scope }: Call): Promise<unknown> {
  const { session } = store
  const isSafe = queryOf(context, runsQuery).purpose === 'release' || !seesEverybody(scope.principal)
  const runs = []
  for (const run of await safeRuns(store, await readRuns(session, listedRuns), isSafe)) {
    const bases = new Map((await readRunBasis(session, run.runId)).map((basis) => [basis.measureId, basis]))
    const measures = (await readRunMeasures(session, run.runId)).map(
      ({ measureId, url, version, contentHash, state }) => ({
        measureId,
        url,
        version,
        contentHash,
        state,
        ...bases.get(measureId),
      }),
    )
    runs.push({ ...run, measures })
  }
  return { runs }
}

/** The two runs that are compared. */
export const compareQuery = z.strictObject({
  before: z.coerce.number().int().positive().max(2_147_483_647),
  after: z.coerce.number().int().positive().max(2_147_483_647),
})

/** Changes and totals are of those whom the user may see. */
async function compare({ store }: Application, scope: RequestScope, asked: unknown): Promise<unknown> {
  const parsed = compareQuery.safeParse(asked)
  if (!parsed.success) {
    const name = parsed.error.issues[0]?.path.map(String).join('.') ?? ''
    throw fault(
      'usage',
      'api/invalid-query',
      `The parameter ${name || 'given'} is not valid: before and after are runs.`,
      {
        place: { element: name },
      },
    )
  }
  const comparison = await compareRuns(store.session, parsed.data.before, parsed.data.after)
  const pids = [...new Set(comparison.changes.flatMap(pidsOf))]
  const hidden = new Set(await readHiddenPids(store.session, personFilter(scope.principal), pids))
  const changes = comparison.changes.filter((change) => pidsOf(change).every((pid) => !hidden.has(pid)))
  scope.read({ pids: [...new Set(changes.flatMap(pidsOf))] })
  const runs = await safeRuns(store, [comparison.before, comparison.after], !seesEverybody(scope.principal))
  const [before = comparison.before, after = comparison.after] = runs
  return { ...comparison, before, after, changes, totals: totalsOf(changes) }
}

const pidsOf = (change: { readonly personBefore: number | null; readonly personAfter: number | null }) =>
  [change.personBefore, change.personAfter].filter((pid) => pid !== null)
