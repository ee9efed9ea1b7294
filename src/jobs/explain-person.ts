import { fault, unwrap } from '../base/index.ts'
import type { InstalledMeasure } from '../content/index.ts'
import type { Session } from '../duck/index.ts'
import { type Explanation, explanationOf } from '../gaps/index.ts'
import { type RunPersonRecord, readRunPersonRecord } from '../identity/index.ts'
import { explainerOf, type MeasurementPeriod, type RecordExplainer } from '../measure/index.ts'
import {
  findRunSequence,
  type RunMeasureSummary,
  type RunRecordRow,
  type RunSummary,
  readCodeMaps,
  readCodeMapsHash,
  readPublishedRun,
  readRun,
  readRunCodeMaps,
  readRunMeasures,
  readStoredError,
  readStoredResults,
} from '../store/index.ts'
import { applyMaps, mapTable, type ValueSets } from '../terminology/index.ts'
import type { Application } from './application.ts'
import { refuseDifferences } from './explanation-check.ts'

export interface ExplainRequest {
  readonly measureId: string
  /** Who the person is in that run. */
  readonly pid: number
  readonly runId: number
}

/** The published run that is meant: the newest where none is named. Fault: `jobs/no-run`. */
export async function findExplainedRun(session: Session, runId: number | undefined): Promise<RunSummary> {
  const run = runId === undefined ? await readPublishedRun(session) : await readRun(session, runId)
  if (run?.state === 'published') return run
  const which = runId === undefined ? 'no published run' : `no published run ${runId}`
  throw fault('usage', 'jobs/no-run', `There is ${which}.`, {
    remedy: 'Run `caregap evaluate --all` first, or name a run of `caregap results --runs`.',
  })
}

/**
 * Why a run says of a person what it says: every define of the measure evaluated anew, by closures, on the record as it
 * stood when the run read it. Faults: `jobs/no-run`, `jobs/not-in-run`, `jobs/no-person`; `jobs/other-logic`,
 * `jobs/other-maps`, `jobs/snapshot-unknown` where the run cannot be made again; and `jobs/explanation-differs` where
 * what was made again is not what the run stored.
 */
export async function explainPerson(
  application: Pick<Application, 'store' | 'measures' | 'valueSets'>,
  request: ExplainRequest,
): Promise<Explanation> {
  const { session } = application.store
  const facts = await factsOfRun(session, request.runId)
  const { run } = facts
  const { measure, summary } = measureOfRun(facts, application.measures, request)
  const record = await recordOfRun(session, facts, request.pid)
  const period = { start: run.periodStart, end: run.periodEnd, timeZone: run.timeZone }
  // The database reads what is stored while this thread evaluates.
  const reading = readStored(session, { runId: run.runId, measureId: measure.id, pid: request.pid })
  reading.catch(() => undefined)
  const explained = explainerFor(measure, application.valueSets, period).explain(record.record)
  const stored = await reading
  refuseDifferences({ run, measure, names: summary.defines, stored, evaluation: explained.evaluation })
  const { runId: id, engine, engineVersion, dataSnapshot } = run
  return explanationOf({
    run: { id, engine, engineVersion, dataSnapshot, period },
    measure,
    record: record.record,
    patients: record.members.map(({ source, patientId }) => ({ source, id: patientId })),
    versions: record.rows,
    added: record.added,
    explained,
    stored: stored.results[0]?.defines,
  })
}

async function readStored(session: Session, where: ExplainRequest) {
  const [results, error] = await Promise.all([readStoredResults(session, where), readStoredError(session, where)])
  return { results, error }
}

/** What a run says of itself: it never changes once the run is published. */
interface RunFacts {
  readonly run: RunSummary
  readonly measures: readonly RunMeasureSummary[]
  /** The publication up to which it read. */
  readonly seq: number
  readonly codeMaps: string
}

const knownRuns = new WeakMap<Session, Map<number, RunFacts>>()

/** So many runs of a store are kept in mind. */
const keptRuns = 16

async function factsOfRun(session: Session, runId: number): Promise<RunFacts> {
  const kept = knownRuns.get(session) ?? new Map<number, RunFacts>()
  knownRuns.set(session, kept)
  const facts = kept.get(runId) ?? (await readRunFacts(session, runId))
  kept.set(runId, facts)
  const [oldest] = kept.keys()
  if (kept.size > keptRuns && oldest !== undefined) kept.delete(oldest)
  return facts
}

async function readRunFacts(session: Session, runId: number): Promise<RunFacts> {
  const run = await findExplainedRun(session, runId)
  const seq = await findRunSequence(session, run.dataSnapshot)
  if (seq === undefined)
    throw fault('input', 'jobs/snapshot-unknown', `The data that run ${runId} read are no state that is known.`, {
      remedy: 'Evaluate anew and explain the new run.',
    })
  return { run, seq, measures: await readRunMeasures(session, runId), codeMaps: await readRunCodeMaps(session, runId) }
}

/** The measure as the run had it: of another logic nothing could be explained. */
function measureOfRun(
  { measures: all }: RunFacts,
  measures: readonly InstalledMeasure[],
  { measureId, runId }: ExplainRequest,
): { readonly measure: InstalledMeasure; readonly summary: RunMeasureSummary } {
  const summary = all.find((one) => one.measureId === measureId)
  if (summary?.state !== 'done')
    throw fault('usage', 'jobs/not-in-run', `The measure ${measureId} was not evaluated by run ${runId}.`, {
      remedy: `Name one of: ${all.flatMap((one) => (one.state === 'done' ? [one.measureId] : [])).join(', ')}.`,
    })
  const measure = measures.find(({ id }) => id === measureId)
  if (measure !== undefined && measure.contentHash === summary.contentHash) return { measure, summary }
  const is = measure === undefined ? 'is not installed any more' : 'has other logic or value sets now than that run had'
  throw fault('input', 'jobs/other-logic', `The measure ${measureId} ${is}, so run ${runId} cannot be explained.`, {
    remedy: 'Evaluate it anew and explain the new run, or install what that run was made of.',
  })
}

async function recordOfRun(session: Session, facts: RunFacts, pid: number): Promise<RunPersonRecord> {
  const { run, seq } = facts
  const record = await readRunPersonRecord(session, { runId: run.runId, seq }, pid, await codeMapsOfRun(session, facts))
  if (record !== undefined) return record
  throw fault('usage', 'jobs/no-person', `Run ${run.runId} knows no such person.`, {
    place: { element: 'person' },
    remedy: 'Name a person of that run; `caregap results --ndjson` lists them.',
  })
}

/** What current lines say by the code maps is kept; lines that were replaced since are translated here. */
async function codeMapsOfRun(session: Session, { run, codeMaps }: RunFacts): Promise<(row: RunRecordRow) => string> {
  const now = await readCodeMapsHash(session)
  if (codeMaps !== now)
    throw fault('input', 'jobs/other-maps', `Other code maps were approved since run ${run.runId}.`, {
      remedy: 'Evaluate anew and explain the new run.',
    })
  if (now === '') return ({ raw }) => raw
  const maps = (await readCodeMaps(session)).filter(({ state }) => state === 'approved')
  return ({ raw, source, since }) => {
    if (since !== 'changed') return raw
    const mapped = applyMaps(JSON.parse(raw), mapTable(maps, source))
    return mapped === undefined ? raw : JSON.stringify(mapped)
  }
}

const explainers = new WeakMap<InstalledMeasure, Map<string, RecordExplainer>>()

/** Periods for which a measure's closures are kept. */
const keptPeriods = 4

function explainerFor(measure: InstalledMeasure, valueSets: ValueSets, period: MeasurementPeriod): RecordExplainer {
  const kept = explainers.get(measure) ?? new Map<string, RecordExplainer>()
  explainers.set(measure, kept)
  const key = [period.start, period.end, period.timeZone].join(' ')
  const explainer = kept.get(key) ?? unwrap(explainerOf(measure, valueSets, period))
  kept.delete(key)
  kept.set(key, explainer)
  const [oldest] = kept.keys()
  if (kept.size > keptPeriods && oldest !== undefined) kept.delete(oldest)
  return explainer
}
