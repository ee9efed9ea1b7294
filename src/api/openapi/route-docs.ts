import { z } from 'zod'
import { explanationSchema } from '../../gaps/index.ts'
import { listWorkSchema, tableMediaTypes, workRequestSchema } from '../../jobs/index.ts'
import { cdsReportQuery } from '../cds-report.ts'
import { personQuery, scorecardQuery } from '../json-routes.ts'
import { gapQuery, memberQuery, resultQuery } from '../list-routes.ts'
import { mappingQuery, proposal } from '../mapping-routes.ts'
import { qualityQuery } from '../quality-route.ts'
import { compareQuery, runsQuery } from '../run-routes.ts'
import { strataQuery } from '../strata-routes.ts'
import { worklistApiQuery } from '../worklist-routes.ts'
import {
  cdsCountsAnswer,
  daysAnswer,
  effectAnswer,
  mapAnswer,
  mapsAnswer,
  measuresAnswer,
  peopleAnswer,
  proposedAnswer,
  qualityAnswer,
  runsAnswer,
  scorecardAnswer,
  strataAnswer,
  unmappedAnswer,
  worklistAnswer,
} from './answers.ts'
import { comparisonAnswer, personAnswer, workAnswer } from './person-answers.ts'

/** What the document says of a route beside what its declaration says: the same schemas that check requests. */
export interface RouteDoc {
  readonly summary: string
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  readonly answer?: z.ZodType
  /** Answers of other statuses that are no `Problem`: their schemas by media type. */
  readonly otherwise?: Readonly<Record<number, Readonly<Record<string, z.ZodType>>>>
  /** Media types of the answer; JSON where absent. */
  readonly produces?: readonly string[]
}

const parquet = tableMediaTypes.parquet
const files = Object.values(tableMediaTypes)
const pagesAndFiles = ['application/json', ...files]

/** Why a request got no answer. */
export const problem = z.object({
  error: z.string(),
  requestId: z.string(),
  diagnostics: z.array(z.object({ code: z.string(), message: z.string(), remedy: z.string().optional() })),
})

const outcome = z.looseObject({ resourceType: z.literal('OperationOutcome') })

const commandBody = z.strictObject({ arguments: z.array(z.string()), folder: z.string() })
const command: RouteDoc = {
  summary: 'A command line of this machine, run by the server; a stream of events',
  body: commandBody,
  produces: ['application/x-ndjson'],
}

/** Every route below `/api`, by method and path. A test holds that none is missing. */
export const routeDocs: Readonly<Record<string, RouteDoc>> = {
  'GET /api/openapi.json': { summary: 'This document' },
  'GET /api/measures': { summary: 'Installed measures with groups and populations', answer: measuresAnswer },
  'GET /api/scorecard': {
    summary: 'Counts, rate and interval per measure and group',
    query: scorecardQuery,
    answer: scorecardAnswer,
  },
  'GET /api/measures/:id/members': {
    summary: 'People of a population, by pages, or the whole list as a file',
    query: memberQuery,
    answer: peopleAnswer,
    produces: pagesAndFiles,
  },
  'GET /api/measures/:id/strata': {
    summary: 'Rates by practice, provider, race and other groups, or the same as a file',
    query: strataQuery,
    answer: strataAnswer,
    produces: pagesAndFiles,
  },
  'GET /api/gaps': {
    summary: 'People with a gap of a measure, by pages, or the whole list as a file',
    query: gapQuery,
    answer: peopleAnswer,
    produces: pagesAndFiles,
  },
  'GET /api/persons/:pid': {
    summary: 'Results, gaps with evidence (and near misses), errors and source patients of a person',
    query: personQuery,
    answer: personAnswer,
  },
  'GET /api/worklist': {
    summary: 'People with their gaps over all measures, by cursor, or the whole list as a file',
    query: worklistApiQuery,
    answer: worklistAnswer,
    produces: pagesAndFiles,
  },
  'POST /api/worklist/actions': {
    summary: 'Works on gaps, or on a whole list: assigns, snoozes, notes, reports done',
    body: z.union([workRequestSchema, listWorkSchema]),
    answer: workAnswer,
    otherwise: { 409: { 'application/json': z.union([workAnswer, problem]) } },
  },
  'GET /api/runs': {
    summary: 'Runs, newest first, with all that each was made of',
    query: runsQuery,
    answer: runsAnswer,
  },
  'GET /api/runs/:run/results': {
    summary: 'Every result of a run with its gap, a row per measure, group and person, as a file',
    query: resultQuery,
    produces: files,
  },
  'GET /api/runs/compare': {
    summary: 'Who is newly in or out of each population between two runs, and why',
    query: compareQuery,
    answer: comparisonAnswer,
  },
  'GET /api/runs/:run/persons/:pid/measures/:measure/explanation': {
    summary: 'Every define of a person’s result, clause by clause, with the resources',
    query: z.strictObject({ define: z.string().optional(), format: z.enum(['json', 'text']).default('json') }),
    answer: explanationSchema,
    otherwise: { 404: { 'application/fhir+json': outcome }, 409: { 'application/fhir+json': outcome } },
    produces: ['application/json', 'text/plain'],
  },
  'GET /api/cds/counts': {
    summary: 'What became of cards per service, site and role',
    query: cdsReportQuery,
    answer: cdsCountsAnswer,
  },
  'GET /api/cds/counts.parquet': { summary: 'The same as a file', query: cdsReportQuery, produces: [parquet] },
  'GET /api/quality': {
    summary: 'Which facts measures read, and what of them each source holds',
    query: qualityQuery,
    answer: qualityAnswer,
  },
  'GET /api/mapping/unmapped': {
    summary: 'Codes and units that no measure reads',
    query: mappingQuery,
    answer: unmappedAnswer,
  },
  'GET /api/mapping/maps': { summary: 'Maps of codes, with their state', answer: mapsAnswer },
  'POST /api/mapping/maps': {
    summary: 'Proposes a map, or those of a ConceptMap',
    body: z.union([proposal, z.looseObject({ resourceType: z.literal('ConceptMap') })]),
    answer: proposedAnswer,
  },
  'GET /api/mapping/effect': {
    summary: 'What maps would do to each rate',
    query: mappingQuery.extend({ map: z.array(z.int().positive()).min(1) }),
    answer: effectAnswer,
  },
  'POST /api/mapping/maps/:id/approve': { summary: 'Approves a map: runs from then on read by it', answer: mapAnswer },
  'POST /api/mapping/maps/:id/retire': { summary: 'Retires a map', answer: mapAnswer },
  'GET /api/mapping/days': { summary: 'Facts whose month depends on a time zone', answer: daysAnswer },
  ...Object.fromEntries(
    ['pull', 'ingest', 'evaluate', 'look-back', 'jobs', 'cancel', 'retry', 'snapshot'].map((name) => [
      `POST /api/commands/${name}`,
      command,
    ]),
  ),
}
