import { z } from 'zod'
import { type AccessRule, type Route, roles, seesEverybody } from '../access/index.ts'
import { fault } from '../base/index.ts'
import {
  type Application,
  readyWorklist,
  releasedCounts,
  releasedStrata,
  type TableFormat,
  tableFile,
  tableFormats,
} from '../jobs/index.ts'
import {
  type RunSummary,
  readRun,
  readScorecardCounts,
  readStrata,
  type ScorecardCounts,
  type Store,
  type StratumKind,
  type ToldStratum,
} from '../store/index.ts'
import { answerFound, tagged, taggedJson } from './json-answer.ts'
import { queryOf } from './query.ts'
import { type Call, runOf } from './run-asked.ts'
import { formatAsked } from './table-format.ts'

const counts: AccessRule = { kind: 'aggregate', roles }

const kinds = [
  'practice',
  'provider',
  'race',
  'ethnicity',
  'sex',
  'age',
  'payer',
  'language',
] as const satisfies readonly StratumKind[]

/** What the route takes, for its documentation too. */
export const strataQuery = z.strictObject({
  by: z.enum(kinds).default('practice'),
  group: z.string().optional(),
  purpose: z.enum(['work', 'release']).default('work'),
  format: z.enum(['json', ...tableFormats]).optional(),
})

/** The rates of a measure by practice, provider, race and so on, of the last run, as the pages show them. */
export function strataRoutes(application: Application): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/api/measures/:id/strata',
      rule: counts,
      handle: (context, scope) => answerFound(context, scope, () => answerStrata({ application, context, scope })),
    },
  ]
}

async function answerStrata(call: Call): Promise<Response> {
  const { application, context, scope } = call
  const { by, group, purpose, format } = queryOf(context, strataQuery)
  const measureId = context.req.param('id') ?? ''
  const isSafe = purpose === 'release' || !seesEverybody(scope.principal)
  const groupId = groupOf(application, measureId, group)
  const found = await countedOf(application.store, await runOf(call, undefined), { measureId, groupId, isSafe })
  await readyWorklist(application.store.session, application.clock)
  const rows = found === undefined ? [] : await rowsOf(application.store, by, { ...found, isSafe })
  const strata = rows.map((row) => ({ ...row, rate: rateOf(row) }))
  const asked = formatAsked(context, format)
  if (asked !== 'json') return answerFile(call, strata, asked, `${measureId}-by-${by}`)
  return taggedJson(context, { run: found?.run.runId ?? null, measureId, groupId, by, notForRelease: !isSafe, strata })
}

function groupOf({ measures }: Application, measureId: string, asked: string | undefined): string {
  const groups = measures.find(({ id }) => id === measureId)?.groups ?? []
  const group = asked === undefined ? groups[0] : groups.find(({ id }) => id === asked)
  if (group !== undefined) return group.id
  throw fault('usage', 'api/no-measure', 'There is no such measure or group here.', { remedy: 'See /api/measures.' })
}

interface Counted {
  readonly run: RunSummary
  readonly counts: ScorecardCounts
}

/** The run's own counts, or those of it or of one before that may be told; undefined where there are none. */
async function countedOf(
  store: Store,
  run: RunSummary,
  { measureId, groupId, isSafe }: { readonly measureId: string; readonly groupId: string; readonly isSafe: boolean },
): Promise<Counted | undefined> {
  const ofGroup = (rows: readonly ScorecardCounts[]) =>
    rows.find((row) => row.measureId === measureId && row.groupId === groupId)
  if (!isSafe) {
    const own = ofGroup(await readScorecardCounts(store.session, run.runId))
    return own && { run, counts: own }
  }
  const released = (await releasedCounts(store, run)).get(measureId)
  const own = ofGroup(released?.counts ?? [])
  const told = released === undefined ? undefined : await readRun(store.session, released.runId)
  return own === undefined || told === undefined ? undefined : { run: told, counts: own }
}

function rowsOf(
  store: Store,
  by: StratumKind,
  { run, counts: row, isSafe }: Counted & { readonly isSafe: boolean },
): Promise<readonly ToldStratum[]> {
  if (!isSafe)
    return readStrata(store.session, by, { ...row, runId: run.runId, periodEnd: run.periodEnd }).then((rows) =>
      rows.map(({ id, label, atRisk, numerator }) => ({ id, label, atRisk, numerator })),
    )
  return releasedStrata(store, by, { run, counts: row })
}

const rateOf = ({ atRisk, numerator }: ToldStratum): number | null =>
  atRisk === null || numerator === null || atRisk === 0 ? null : numerator / atRisk

async function answerFile(
  { application, context }: Call,
  strata: readonly object[],
  format: TableFormat,
  name: string,
): Promise<Response> {
  const session = await application.store.session.sibling()
  try {
    await session.run(
      `CREATE OR REPLACE TEMP TABLE strata AS SELECT unnest(from_json($rows::JSON,
         '[{"id":"VARCHAR","label":"VARCHAR","atRisk":"INTEGER","numerator":"INTEGER","rate":"DOUBLE"}]'), recursive := true)`,
      { rows: JSON.stringify(strata) },
    )
    const { body, contentType } = await tableFile(session, 'temp.strata', format)
    return tagged(context, body, {
      'Content-Type': contentType,
      'Content-Disposition': `attachment; filename="${name}.${format}"`,
    })
  } finally {
    await session.run('DROP TABLE IF EXISTS temp.strata')
    session.close()
  }
}
