import { z } from 'zod'
import { type AccessRule, personFilter, type Route, roles, seesEverybody } from '../access/index.ts'
import { fault } from '../base/index.ts'
import type { InstalledMeasure } from '../content/index.ts'
import type { NearMisses } from '../gaps/index.ts'
import { type Application, nearMissesOf, nearMissKey, releasedCounts, safeCountsOf, safeRuns } from '../jobs/index.ts'
import { scoreGroup } from '../measure/index.ts'
import {
  readPersonErrors,
  readPersonGaps,
  readPersonHeader,
  readPersonMeasureResults,
  readPersonSourcePatients,
  readScorecardCounts,
  type ScorecardCounts,
} from '../store/index.ts'
import { answerJson } from './json-answer.ts'
import { queryOf } from './query.ts'
import { type Call, runOf, runQuery } from './run-asked.ts'

const counts: AccessRule = { kind: 'aggregate', roles }
const person: AccessRule = { kind: 'patient', roles: ['admin', 'quality', 'clinician'], action: 'read-person' }

/** The JSON face, for programs that want neither FHIR nor pages. Results are those of the last published run. */
export function jsonRoutes(application: Application): readonly Route[] {
  const get = (path: string, rule: AccessRule, answer: (call: Call) => Promise<unknown>): Route => ({
    method: 'GET',
    path,
    rule,
    handle: (context, scope) => answerJson(context, scope, () => answer({ application, context, scope })),
  })
  return [
    get('/api/measures', counts, async () => ({ measures: application.measures.map(measureSummary) })),
    get('/api/scorecard', counts, readScorecard),
    get('/api/persons/:pid', person, readPerson),
  ]
}

/** What the route takes, for its documentation too. */
export const scorecardQuery = z.strictObject({ ...runQuery, purpose: z.enum(['work', 'release']).default('work') })

const measureSummary = ({ id, url, version, title, description, groups }: InstalledMeasure) => ({
  id,
  url,
  version,
  title,
  description,
  groups: groups.map((group) => ({ ...group, populations: group.populations.map(({ code }) => code) })),
})

async function readScorecard(call: Call): Promise<unknown> {
  const { run: asked, purpose } = queryOf(call.context, scorecardQuery)
  const run = await runOf(call, asked)
  const { store } = call.application
  const isSafe = purpose === 'release' || !seesEverybody(call.scope.principal)
  const released = isSafe ? await releasedCounts(store, run) : undefined
  const rows =
    released === undefined
      ? await readScorecardCounts(store.session, run.runId)
      : [...released.values()].flatMap(({ counts: told }) => told)
  const measures = rows.map((row) => {
    const score = scoreOf(call.application.measures, row)
    if (!isSafe) return { ...row, ...score }
    const { counts: shown, suppressed } = safeCountsOf(row)
    const told = suppressed.includes('numerator') ? { ...score, rate: null, interval: null } : score
    // How many people a run was of is told with the run, or not at all.
    return {
      ...shown,
      persons: null,
      ...told,
      suppressed: ['persons', ...suppressed],
      asOfRun: released?.get(row.measureId)?.runId ?? run.runId,
    }
  })
  const [shownRun] = await safeRuns(store, [run], isSafe)
  return { run: shownRun, notForRelease: !isSafe, measures }
}

/** Rate and interval; absent where nobody is at risk, and for measures that are not installed any more. */
function scoreOf(measures: readonly InstalledMeasure[], row: ScorecardCounts) {
  const measure = measures.find(({ id }) => id === row.measureId)
  const group = measure?.groups.find(({ id }) => id === row.groupId)
  if (measure === undefined || group === undefined) return {}
  const { rate, interval } = scoreGroup(group, {
    denominator: row.denominator ?? 0,
    'denominator-exclusion': row.denominatorExclusion ?? 0,
    'denominator-exception': row.denominatorException ?? 0,
    numerator: row.numerator ?? 0,
    'numerator-exclusion': row.numeratorExclusion ?? 0,
  })
  return { title: measure.title, improvementNotation: group.improvementNotation, rate, interval }
}

/** What the route takes, for its documentation too; `near=all` looks for near misses, by trying every resource. */
export const personQuery = z.strictObject({ ...runQuery, near: z.enum(['all']).optional() })

/** Of a gap that nothing can change there is nothing to look for. */
const nearMissesAnswer = (found: NearMisses = { misses: [], untried: 0 }) => ({
  nearMisses: found.misses,
  untried: found.untried,
})

const noPerson = () => fault('usage', 'api/no-person', 'There is no such person here.', { place: { element: 'pid' } })

async function readPerson(call: Call): Promise<unknown> {
  const { application, context, scope } = call
  const pid = Number(context.req.param('pid'))
  const asked = queryOf(call.context, personQuery)
  const run = await runOf(call, asked.run)
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid > 2_147_483_647) throw noPerson()
  const { session } = application.store
  const header = await readPersonHeader(session, pid, run.periodEnd, personFilter(scope.principal))
  if (header === undefined) throw noPerson()
  scope.read({ pids: [pid] })
  const gaps = await readPersonGaps(session, run.runId, pid)
  const period = { start: run.periodStart, end: run.periodEnd, timeZone: run.timeZone }
  const near = asked.near === 'all' ? await nearMissesOf(application, session, gaps, { pid, period }) : undefined
  return {
    runId: run.runId,
    person: header,
    sourcePatients: await readPersonSourcePatients(session, pid),
    results: await readPersonMeasureResults(session, run.runId, pid),
    gaps: gaps.map((gap) => ({
      ...gap,
      evidence: JSON.parse(gap.evidence) as unknown,
      ...(near === undefined ? {} : nearMissesAnswer(near.get(nearMissKey(gap.measureId, gap.groupId)))),
    })),
    errors: await readPersonErrors(session, run.runId, pid),
  }
}
