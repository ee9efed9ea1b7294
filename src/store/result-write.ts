import type { Session } from '../duck/index.ts'
import { lineageSql } from './run-lineage.ts'

/** Members of one group's populations for one person; null where the group has no such population. */
export interface PersonResultRow {
  readonly measureId: string
  readonly groupId: string
  readonly pid: number
  readonly initialPopulation: number | null
  readonly denominator: number | null
  readonly denominatorExclusion: number | null
  readonly denominatorException: number | null
  readonly numerator: number | null
  readonly numeratorExclusion: number | null
  readonly measurePopulation: number | null
  readonly measurePopulationExclusion: number | null
  /** A letter per name in the run measure's `defines`. */
  readonly defines: string
  readonly evidence: readonly { readonly define: number; readonly rid: string }[]
  /** Values by observation id; absent where the group has no observations. */
  readonly observations?: Readonly<Record<string, readonly number[]>>
  /** Counts by population code, by stratum; absent where the group has no stratifiers. */
  readonly strata?: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** Values by observation id, by stratum, where a part of the observed members lies in it. */
  readonly stratumObservations?: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>
}

/** A person whom a measure could not be evaluated for. */
export interface PersonErrorRow {
  readonly measureId: string
  readonly pid: number
  readonly code: string
  readonly message: string
  /** A `Place`. */
  readonly place: unknown
}

/** One gap of one person. `evidence` is a list of GapEvidence. */
export interface GapRow {
  readonly measureId: string
  readonly groupId: string
  readonly pid: number
  readonly status: string
  readonly reasonCode: string
  readonly sentence: string
  readonly evidence: unknown
  readonly nextAction: string | null
  readonly dueDate: string | null
}

export interface ResultRows {
  readonly results: readonly PersonResultRow[]
  readonly errors: readonly PersonErrorRow[]
  readonly gaps: readonly GapRow[]
}

const counts = `"initialPopulation":"INTEGER","denominator":"INTEGER","denominatorExclusion":"INTEGER",
  "denominatorException":"INTEGER","numerator":"INTEGER","numeratorExclusion":"INTEGER",
  "measurePopulation":"INTEGER","measurePopulationExclusion":"INTEGER"`

/** The rows of the parameter `rows`, a JSON list of objects. */
export const rowsOf = (shape: string) => `(SELECT unnest(from_json($rows::JSON, '[{${shape}}]'), max_depth := 2))`

/** What a result row says beside its person and evidence, as JSON of these types. */
export const resultShape = `"measureId":"VARCHAR","groupId":"VARCHAR",${counts},"defines":"VARCHAR","observations":"JSON",
  "strata":"JSON","stratumObservations":"JSON"`

/** Adds results from a relation with the columns of `resultShape`, `pid` and `evidence`. */
export const insertResultsFrom = (relation: string): string => `INSERT INTO result_row BY NAME
  SELECT $runId AS run_id, ${lineageSql} AS lineage, "measureId" AS measure_id, "groupId" AS group_id, pid, "initialPopulation" AS initial_population,
    denominator, "denominatorExclusion" AS denominator_exclusion, "denominatorException" AS denominator_exception,
    numerator, "numeratorExclusion" AS numerator_exclusion, "measurePopulation" AS measure_population,
    "measurePopulationExclusion" AS measure_population_exclusion, defines, evidence, observations, strata,
    "stratumObservations" AS stratum_observations
  FROM ${relation}`

const insertResults = insertResultsFrom(
  rowsOf(`"pid":"INTEGER",${resultShape},"evidence":[{"define":"USMALLINT","rid":"BIGINT"}]`),
)

const insertErrors = `INSERT INTO error_row BY NAME
  SELECT $runId AS run_id, ${lineageSql} AS lineage, "measureId" AS measure_id, pid, code, message, place
  FROM ${rowsOf('"measureId":"VARCHAR","pid":"INTEGER","code":"VARCHAR","message":"VARCHAR","place":"JSON"')}`

/** What a gap's row says beside its person, as JSON of these types. */
export const gapShape = `"measureId":"VARCHAR","groupId":"VARCHAR","status":"VARCHAR","reasonCode":"VARCHAR",
  "sentence":"VARCHAR","evidence":"JSON","nextAction":"VARCHAR","dueDate":"VARCHAR"`

/** Adds gaps from a relation with the columns of `gapShape` and `pid`. */
export const insertGapsFrom = (relation: string): string => `INSERT INTO gap_row BY NAME
  SELECT $runId AS run_id, ${lineageSql} AS lineage, "measureId" AS measure_id, "groupId" AS group_id, pid, status, "reasonCode" AS reason_code,
    sentence, evidence, "nextAction" AS next_action, "dueDate" AS due_date
  FROM ${relation}`

const insertGaps = insertGapsFrom(rowsOf(`"pid":"INTEGER",${gapShape}`))

/** Adds rows to a run that is still open; they are read once it is published. All of them or none. */
export async function storeResults(session: Session, runId: number, rows: ResultRows): Promise<void> {
  await session.transaction(async () => {
    await insert(session, insertResults, runId, rows.results)
    await insert(session, insertErrors, runId, rows.errors)
    await insert(session, insertGaps, runId, rows.gaps)
  })
}

async function insert(session: Session, sql: string, runId: number, rows: readonly object[]): Promise<void> {
  if (rows.length > 0) await session.run(sql, { runId, rows: JSON.stringify(rows) })
}
