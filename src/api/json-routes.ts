import type { Context } from 'hono'
import { z } from 'zod'
import { type AccessRule, personFilter, type RequestScope, type Route, roles, seesEverybody } from '../access/index.ts'
import { fault } from '../base/index.ts'
import { type InstalledMeasure, populationCodes } from '../content/index.ts'
import { gapStatuses } from '../gaps/index.ts'
import { type Application, safeCountsOf } from '../jobs/index.ts'
import { scoreGroup } from '../measure/index.ts'
import {
  countPeople,
  type PeopleFilter,
  type RunSummary,
  readPeople,
  readPersonErrors,
  readPersonGaps,
  readPersonHeader,
  readPersonMeasureResults,
  readPersonSourcePatients,
  readPublishedRun,
  readRun,
  readScorecardCounts,
  type ScorecardCounts,
} from '../store/index.ts'
import { answerJson } from './json-answer.ts'
import { queryOf } from './query.ts'

const counts: AccessRule = { kind: 'aggregate', roles }
const list = (action: string): AccessRule => ({ kind: 'patient', roles: ['admin', 'quality'], action })
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
    get('/api/measures/:id/members', list('list-members'), (call) => readMembers(call, call.context.req.param('id'))),
    get('/api/gaps', list('list-gaps'), readGaps),
    get('/api/persons/:pid', person, readPerson),
  ]
}

/** One request with what answers it. */
interface Call {
  readonly application: Application
  readonly context: Context
  readonly scope: RequestScope
}

const runQuery = { run: z.coerce.number().int().positive().optional() }
/** What the route takes, for its documentation too. */
export const scorecardQuery = z.strictObject({ ...runQuery, purpose: z.enum(['work', 'release']).default('work') })

/** The run that was asked for, or the last published one. Usage fault where there is none. */
async function runOf({ application }: Call, runId: number | undefined): Promise<RunSummary> {
  const { session } = application.store
  const run = runId === undefined ? await readPublishedRun(session) : await readRun(session, runId)
  if (run?.state === 'published') return run
  throw fault(
    'usage',
    'api/no-run',
    runId === undefined ? 'No run is published yet.' : `Run ${runId} is not published.`,
    {
      remedy: 'Run `caregap evaluate --all`, then ask again.',
    },
  )
}

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
  const rows = await readScorecardCounts(call.application.store.session, run.runId)
  const isSafe = purpose === 'release' || !seesEverybody(call.scope.principal)
  const measures = rows.map((row) => {
    const score = scoreOf(call.application.measures, row)
    if (!isSafe) return { ...row, ...score }
    const { counts: shown, suppressed } = safeCountsOf(row)
    const told = suppressed.includes('numerator') ? { ...score, rate: null, interval: null } : score
    return { ...shown, ...told, suppressed }
  })
  return { run, notForRelease: !isSafe, measures }
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

const listQuery = {
  ...runQuery,
  group: z.string().optional(),
  practice: z.string().optional(),
  source: z.string().optional(),
  sort: z.enum(['name', 'age', 'practice', 'due', 'status']).default('name'),
  order: z.enum(['asc', 'desc']).default('asc'),
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  size: z.coerce.number().int().min(1).max(1000).default(100),
}

const listed = populationCodes.filter((code) => !code.startsWith('measure-population'))
const memberPopulations = ['all', ...listed, 'not-numerator'] as readonly PeopleFilter['population'][]

/** What the route takes, for its documentation too. */
export const memberQuery = z.strictObject({
  ...listQuery,
  population: z.enum(memberPopulations).default('denominator'),
  status: z.enum(gapStatuses).optional(),
})
/** What the route takes, for its documentation too. */
export const gapQuery = z.strictObject({
  ...listQuery,
  measure: z.string(),
  status: z.enum(gapStatuses).default('open'),
})

async function readMembers(call: Call, measureId: string | undefined): Promise<unknown> {
  const query = queryOf(call.context, memberQuery)
  return readList(call, measureId ?? '', query)
}

async function readGaps(call: Call): Promise<unknown> {
  const query = queryOf(call.context, gapQuery)
  return readList(call, query.measure, { ...query, population: 'all' })
}

type ListQuery = z.infer<z.ZodObject<typeof listQuery>> & {
  readonly population: PeopleFilter['population']
  readonly status?: string | undefined
}

async function readList(call: Call, measureId: string, query: ListQuery): Promise<unknown> {
  const { application, scope } = call
  const measure = application.measures.find(({ id }) => id === measureId)
  const groupId = query.group ?? measure?.groups[0]?.id
  if (measure === undefined || groupId === undefined || !measure.groups.some(({ id }) => id === groupId)) {
    throw fault('usage', 'api/no-measure', 'There is no such measure or group here.', { remedy: 'See /api/measures.' })
  }
  const run = await runOf(call, query.run)
  const filter = filterOf(query, { runId: run.runId, measureId, groupId, periodEnd: run.periodEnd }, scope)
  const total = await countPeople(application.store.session, filter)
  const page = { offset: (query.page - 1) * query.size, limit: query.size }
  const rows = await readPeople(application.store.session, filter, page)
  scope.read({ pids: rows.map(({ pid }) => pid), measureId })
  return { runId: run.runId, measureId, groupId, total, page: query.page, size: query.size, rows }
}

function filterOf(
  query: ListQuery,
  where: Pick<PeopleFilter, 'runId' | 'measureId' | 'groupId' | 'periodEnd'>,
  scope: RequestScope,
): PeopleFilter {
  return {
    ...where,
    population: query.population,
    ...(query.status === undefined ? {} : { status: query.status }),
    ...(query.practice === undefined ? {} : { practice: query.practice }),
    ...(query.source === undefined ? {} : { source: query.source }),
    sort: query.sort,
    descending: query.order === 'desc',
    visible: personFilter(scope.principal),
  }
}

const noPerson = () => fault('usage', 'api/no-person', 'There is no such person here.', { place: { element: 'pid' } })

async function readPerson(call: Call): Promise<unknown> {
  const { application, context, scope } = call
  const pid = Number(context.req.param('pid'))
  const run = await runOf(call, queryOf(call.context, z.strictObject(runQuery)).run)
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid > 2_147_483_647) throw noPerson()
  const { session } = application.store
  const header = await readPersonHeader(session, pid, run.periodEnd, personFilter(scope.principal))
  if (header === undefined) throw noPerson()
  scope.read({ pids: [pid] })
  const gaps = await readPersonGaps(session, run.runId, pid)
  return {
    runId: run.runId,
    person: header,
    sourcePatients: await readPersonSourcePatients(session, pid),
    results: await readPersonMeasureResults(session, run.runId, pid),
    gaps: gaps.map((gap) => ({ ...gap, evidence: JSON.parse(gap.evidence) as unknown })),
    errors: await readPersonErrors(session, run.runId, pid),
  }
}
