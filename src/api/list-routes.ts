import { z } from 'zod'
import { type AccessRule, personFilter, type RequestScope, type Route } from '../access/index.ts'
import { fault } from '../base/index.ts'
import { populationCodes } from '../content/index.ts'
import type { Session } from '../duck/index.ts'
import { gapStatuses } from '../gaps/index.ts'
import { type Application, type TableFormat, tableFile, tableFormats } from '../jobs/index.ts'
import { countPeople, type PeopleFilter, readPeople, tableOfPeople, tableOfResults } from '../store/index.ts'
import { answerFound, tagged, taggedJson } from './json-answer.ts'
import { queryOf } from './query.ts'
import { type Call, runOf, runQuery } from './run-asked.ts'
import { formatAsked } from './table-format.ts'

const rule = (action: string): AccessRule => ({ kind: 'patient', roles: ['admin', 'quality'], action })

/** Lists of people for programs: pages as JSON, and whole lists as CSV, Parquet or Arrow. */
export function listRoutes(application: Application): readonly Route[] {
  const get = (path: string, action: string, answer: (call: Call) => Promise<Response>): Route => ({
    method: 'GET',
    path,
    rule: rule(action),
    handle: (context, scope) => answerFound(context, scope, () => answer({ application, context, scope })),
  })
  return [
    get('/api/measures/:id/members', 'list-members', readMembers),
    get('/api/gaps', 'list-gaps', readGaps),
    get('/api/runs/:run/results', 'export-results', readResults),
  ]
}

const format = z.enum(['json', ...tableFormats]).optional()

const listQuery = {
  ...runQuery,
  group: z.string().optional(),
  practice: z.string().optional(),
  source: z.string().optional(),
  sort: z.enum(['name', 'age', 'practice', 'due', 'status']).default('name'),
  order: z.enum(['asc', 'desc']).default('asc'),
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  size: z.coerce.number().int().min(1).max(1000).default(100),
  format,
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

async function readMembers(call: Call): Promise<Response> {
  const query = queryOf(call.context, memberQuery)
  return answerList(call, call.context.req.param('id') ?? '', query, `members-${query.population}`)
}

async function readGaps(call: Call): Promise<Response> {
  const query = queryOf(call.context, gapQuery)
  return answerList(call, query.measure, { ...query, population: 'all' }, `gaps-${query.status}`)
}

type ListQuery = z.infer<z.ZodObject<typeof listQuery>> & {
  readonly population: PeopleFilter['population']
  readonly status?: string | undefined
}

/** A page of the list as JSON, or the whole of it as a file. */
async function answerList(call: Call, measureId: string, query: ListQuery, what: string): Promise<Response> {
  const { application, context, scope } = call
  const measure = application.measures.find(({ id }) => id === measureId)
  const groupId = query.group ?? measure?.groups[0]?.id
  if (measure === undefined || groupId === undefined || !measure.groups.some(({ id }) => id === groupId)) {
    throw fault('usage', 'api/no-measure', 'There is no such measure or group here.', { remedy: 'See /api/measures.' })
  }
  const run = await runOf(call, query.run)
  const filter = filterOf(query, { runId: run.runId, measureId, groupId, periodEnd: run.periodEnd }, scope)
  const format = formatAsked(context, query.format)
  if (format !== 'json') {
    const name = `${measureId}-${what}-run${run.runId}`
    return answerFile(call, { format, name, measureId }, (session, table) => tableOfPeople(session, filter, table))
  }
  const total = await countPeople(application.store.session, filter)
  const page = { offset: (query.page - 1) * query.size, limit: query.size }
  const rows = await readPeople(application.store.session, filter, page)
  scope.read({ pids: rows.map(({ pid }) => pid), measureId })
  return taggedJson(context, { runId: run.runId, measureId, groupId, total, page: query.page, size: query.size, rows })
}

/** What the route takes, for its documentation too. */
export const resultQuery = z.strictObject({ measure: z.string().optional(), format: z.enum(tableFormats).optional() })

/** Every result of a run, as a file: JSON of so many rows serves nobody. */
async function readResults(call: Call): Promise<Response> {
  const { context, scope } = call
  const query = queryOf(context, resultQuery)
  const run = await runOf(call, runNumber(context.req.param('run') ?? ''))
  const asked = formatAsked(context, query.format)
  const format = asked === 'json' ? 'csv' : asked
  const filter = { runId: run.runId, measureId: query.measure, visible: personFilter(scope.principal) }
  const file = { format, name: `results-run${run.runId}`, ...(query.measure ? { measureId: query.measure } : {}) }
  return answerFile(call, file, (session, table) => tableOfResults(session, filter, table))
}

function runNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw fault('usage', 'api/no-run', 'A run is named by its number.', { remedy: 'See /api/runs.' })
}

interface File {
  readonly format: TableFormat
  readonly name: string
  readonly measureId?: string
}

/** All rows of a table of people as a file, with whose they are told to the audit. */
async function answerFile(
  { application, context, scope }: Call,
  { format, name, measureId }: File,
  makeTable: (session: Session, table: string) => Promise<void>,
): Promise<Response> {
  // A session of its own: the rows stand in a temporary table.
  const session = await application.store.session.sibling()
  try {
    await makeTable(session, 'list_export')
    const pids = await session.all<{ person: number }>('SELECT DISTINCT person FROM list_export')
    const { body, contentType } = await tableFile(session, 'list_export', format)
    scope.read({ pids: pids.map(({ person }) => person), ...(measureId === undefined ? {} : { measureId }) })
    const disposition = `attachment; filename="${name.replaceAll(/[^\w.-]/g, '_')}.${format}"`
    return tagged(context, body, { 'Content-Type': contentType, 'Content-Disposition': disposition })
  } finally {
    session.close()
  }
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
