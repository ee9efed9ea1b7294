import { type Clock, type Diagnostic, fault, invariant, type Logger, type Progress } from '../base/index.ts'
import type { InstalledMeasure } from '../content/index.ts'
import type { Session } from '../duck/index.ts'
import { readMergedPatients } from '../identity/index.ts'
import { defaultEngine, type Engine, type PersonEngine } from '../measure/index.ts'
import {
  carryResults,
  dataSnapshot,
  deriveTyped,
  discardRun,
  fewPersons,
  findEqualRun,
  inOneThread,
  openRun,
  openSlices,
  publishRun,
  type RunMeasureRow,
  type RunStamp,
  readPidRange,
  type SetSlices,
  type Store,
  storeRunEngines,
} from '../store/index.ts'
import { storeValueSets, type ValueSets } from '../terminology/index.ts'
import type { RunRequest } from './application.ts'
import { type CarryOver, planCarryOver } from './carry-over.ts'
import { engineVersions } from './engine-version.ts'
import { type Evaluator, prepareEvaluator, todayIn } from './evaluator.ts'
import { openPool, type PoolSetting } from './open-pool.ts'
import { evaluateByClosures, type Totals } from './run-closures.ts'
import { tellGaps } from './run-gaps.ts'
import { type ChosenMeasures, checkPeriod, chooseMeasures, measureRows } from './run-request.ts'
import { evaluateSets } from './run-sets.ts'
import { prepareSetMeasures, type SetMeasures } from './set-measures.ts'

export interface RunContext {
  readonly store: Store
  readonly clock: Clock
  readonly logger: Logger
  readonly content: ChosenMeasures
  readonly valueSets: ValueSets
  /** Evaluation threads; 0 evaluates in this thread. */
  readonly workers: number
  /** Persons of one script of SQL; bounds its memory. */
  readonly chunkPersons?: number
}

/** Persons of one script, where nothing else is said. */
const personsPerChunk = 50_000

/** So few persons closures evaluate sooner than SQL is made for them; both say the same. */
const personsWorthSql = 2_000

/**
 * Evaluates everybody for a request. All is read from one snapshot of the store; rows are stored as they come
 * under a run that is still open, and seen by readers only when it is published, as a whole. Whatever ends it
 * before leaves the last good run as it was. Returns the run's id.
 */
export async function evaluateRun(context: RunContext, request: RunRequest, progress: Progress): Promise<number> {
  checkPeriod(request.period)
  const chosen = chooseMeasures(request, context.content)
  const preparing = progress.stage('prepare measures', chosen.measures.length, 'measures')
  const today = todayIn(context.clock, request.period.timeZone)
  const evaluator = await prepareEvaluator(
    chosen.measures,
    context.valueSets,
    request.period,
    personEngineOf(request),
    () => today,
  )
  preparing.done(`${evaluator.measures.length} measures`)
  // SQL reads typed tables: what was loaded since they were last derived must be in them.
  if (engineOf(request) === 'sql') await deriveTyped(context.store.session)
  const [reading, writing, setting] = await Promise.all([1, 2, 3].map(() => context.store.database.connect()))
  invariant(reading !== undefined && writing !== undefined && setting !== undefined, 'three sessions were opened')
  const work = { context, request, chosen, evaluator, progress, reading, writing, setting }
  try {
    return await reading.transaction(() => runOn(work))
  } finally {
    for (const session of [reading, writing, setting]) session.close()
  }
}

interface RunWork {
  readonly context: RunContext
  readonly request: RunRequest
  readonly chosen: ChosenMeasures
  readonly evaluator: Evaluator
  readonly progress: Progress
  readonly reading: Session
  readonly writing: Session
  /** Where SQL makes its tables: outside the snapshot's transaction, which would keep every one until its end. */
  readonly setting: Session
  /** Who counts: from whom to whom, and how many. */
  readonly range: NonNullable<Awaited<ReturnType<typeof readPidRange>>>
}

async function runOn(opened: Omit<RunWork, 'range'>): Promise<number> {
  const { context, request, chosen, evaluator, reading, writing } = opened
  const range = await readPidRange(reading)
  if (range === undefined) throw nobodyStored(context.store.path)
  const work = { ...opened, range }
  const stamp = stampOf(request, await dataSnapshot(reading))
  const measures = measureRows(evaluator, chosen, context.valueSets)
  const equal = request.reuse === true ? await findEqualRun(reading, stamp, measures, reusable(request)) : undefined
  if (equal !== undefined) {
    work.progress.stage('evaluate').done(`nothing has changed since run ${equal}`)
    return equal
  }
  const carry = await planOf(work, stamp, measures)
  await storeValueSets(writing, context.valueSets)
  const isFew = carry !== undefined && carry.affected.length <= personsWorthSql
  const sets = stamp.engine === 'sql' && !isFew ? await prepareSets(work) : undefined
  const told = measures.map((row) => ({ ...row, diagnostics: [...row.diagnostics, ...notBySql(row.measureId, sets)] }))
  const runId = await openRun(writing, stamp, told, context.clock.now())
  const make = () => makeRun(work, { runId, stamp, carry, sets })
  return carry !== undefined && carry.affected.length <= fewPersons ? inOneThread(work.setting, make) : make()
}

/** A run that is open, and what it is made of. */
interface OpenRun {
  readonly runId: number
  readonly stamp: RunStamp
  readonly carry: CarryOver | undefined
  readonly sets: PreparedSets | undefined
}

async function makeRun(work: RunWork, { runId, stamp, carry, sets }: OpenRun): Promise<number> {
  const { context, request, writing } = work
  const carrying = carryOver(writing, { runId, carry, copied: request.unlisted === true })
  // Whoever awaits it hears of a failure; until then it must not count as unhandled.
  carrying.catch(() => undefined)
  try {
    const totals =
      sets === undefined
        ? await evaluatePersons(work, runId, carry, carrying)
        : await evaluateAtOnce(work, runId, sets, { carry, carried: await carrying })
    await refuseOtherFacts(work, stamp)
    const { persons, personErrors } = totals
    const state = request.unlisted === true ? 'unlisted' : 'published'
    await publishRun(writing, runId, { persons, personErrors, state }, context.clock.now())
    context.logger.log('info', 'run-published', { runId, persons, personErrors })
    return runId
  } catch (thrown) {
    context.logger.log('error', 'run-failed', { runId })
    await carrying.catch(() => undefined)
    // Where even that fails (a full disk) the run stays open: unseen, and ended at the next start.
    await discardRun(writing, runId, context.clock.now()).catch(() => undefined)
    throw thrown
  }
}

/** Takes over what stands, while others are evaluated; whoever writes awaits it. */
async function carryOver(
  writing: Session,
  { runId, carry, copied }: { runId: number; carry: CarryOver | undefined; copied: boolean },
): Promise<Totals> {
  return carry === undefined ? nobody : carryResults(writing, carry.from, runId, { but: carry.affected, copied })
}

/** What of the last run can stand; undefined where everybody is evaluated. */
async function planOf(work: RunWork, stamp: RunStamp, measures: readonly RunMeasureRow[]) {
  if (work.request.full === true) return undefined
  const { context, evaluator, range } = work
  const { valueSets, clock } = context
  // Read beside the snapshot: it makes tables of its own, and a snapshot's transaction cannot be written to.
  const input = {
    session: work.writing,
    stamp,
    measures,
    evaluator,
    valueSets,
    now: clock.now(),
    persons: range.persons,
  }
  return planCarryOver(input)
}

const reusable = ({ unlisted }: RunRequest) =>
  unlisted === true ? (['published', 'unlisted'] as const) : (['published'] as const)

const engineOf = ({ engine = defaultEngine }: RunRequest): Engine => engine

/** What evaluates one person: for a run by SQL, whom columns cannot represent. */
function personEngineOf(request: RunRequest): PersonEngine {
  const engine = engineOf(request)
  return engine === 'sql' ? 'direct' : engine
}

type PreparedSets = SetMeasures & { readonly slices: SetSlices }

async function prepareSets({ evaluator, context, request, progress, setting }: RunWork): Promise<PreparedSets> {
  const stage = progress.stage('compile to SQL', evaluator.measures.length, 'measures')
  const sets = await prepareSetMeasures(setting, evaluator.measures, context.valueSets, request.period)
  const instead = sets.unsayable.length === 0 ? '' : `, ${sets.unsayable.length} by closures instead`
  const added = sets.derived.length === 0 ? '' : `, ${sets.derived.length} typed tables made for what they read`
  stage.done(`${sets.ready.length} measures${instead}${added}`)
  return { ...sets, slices: await openSlices(setting, readMergedPatients, sets.tables) }
}

const notBySql = (measureId: string, sets: SetMeasures | undefined): readonly Diagnostic[] =>
  (sets?.unsayable ?? []).filter(({ measure }) => measure.id === measureId).map(({ diagnostic }) => diagnostic)

/** SQL reads outside the snapshot: where the facts have changed meanwhile, the run is of no use. */
async function refuseOtherFacts({ setting }: RunWork, stamp: RunStamp): Promise<void> {
  if (stamp.engine !== 'sql' || (await dataSnapshot(setting)) === stamp.dataSnapshot) return
  throw fault('system', 'jobs/facts-changed', 'The facts changed while the run was made; nothing of it is kept.', {
    remedy: 'Run it again when no export is being loaded.',
  })
}

async function evaluateAtOnce(
  work: RunWork,
  runId: number,
  { slices, ...measures }: PreparedSets,
  { carry, carried }: Over,
): Promise<Totals> {
  const { context, request, reading, writing, setting } = work
  const persons = carry?.affected.length ?? work.range.persons
  const stage = work.progress.stage('evaluate', persons, 'persons')
  const unsayable = measures.unsayable.map(({ measure }) => measure)
  const pool = openPool(poolOf(work, unsayable), persons)
  try {
    const totals = await evaluateSets({
      runId,
      measures,
      valueSets: context.valueSets,
      period: request.period,
      today: todayIn(context.clock, request.period.timeZone),
      session: setting,
      slices,
      reading,
      writing,
      pool,
      chunkPersons: context.chunkPersons ?? personsPerChunk,
      ...(carry === undefined ? {} : { only: carry.affected }),
      onPersons: (done) => stage.advance(done),
      onRefused: (measureId, why) => context.logger.log('warn', 'measure-not-by-sql', { runId, measureId, why }),
    })
    await storeRunEngines(writing, runId, totals.engines)
    const found = sumOf(carried, totals)
    stage.done(`${toldOf(found, { carry, carried })}, ${totals.irregular} irregular ones by closures`)
    return { ...found, personErrors: found.personErrors + (await tellRunGaps(work, runId, measures)) }
  } finally {
    await pool.close()
  }
}

/** Returns how many persons have an error because their gap cannot be told. */
async function tellRunGaps(
  { context: { clock, valueSets, chunkPersons }, request: { period }, progress, setting, writing }: RunWork,
  runId: number,
  { ready }: SetMeasures,
): Promise<number> {
  const stage = progress.stage('tell gaps', undefined, 'persons')
  let told = 0
  const failed = await tellGaps({
    runId,
    measures: ready.map(({ measure }) => measure),
    period,
    moment: { today: todayIn(clock, period.timeZone), valueSets },
    session: setting,
    writing,
    chunkPersons: chunkPersons ?? personsPerChunk,
    onPersons: (persons) => {
      told += persons
      stage.advance(persons)
    },
  })
  stage.done(`${told} persons whose gaps tell of facts`)
  return failed
}

/** An empty run would become the newest, and read like a rate of nothing. */
function nobodyStored(file: string) {
  return fault('input', 'jobs/nobody-stored', 'There is nobody in the database to evaluate.', {
    place: { file },
    remedy: 'Load an export first: caregap ingest PATH.',
  })
}

/** What a run of a request over these data is stamped with. */
export function stampOf(request: RunRequest, snapshot: string): RunStamp {
  const { period } = request
  const engine = engineOf(request)
  return {
    engine,
    engineVersion: engineVersions[engine],
    periodStart: period.start,
    periodEnd: period.end,
    timeZone: period.timeZone,
    dataSnapshot: snapshot,
  }
}

const nobody: Totals = { persons: 0, personErrors: 0 }

/** What a run takes over from an earlier one. */
interface Over {
  readonly carry: CarryOver | undefined
  readonly carried: Totals
}

const sumOf = (one: Totals, other: Totals): Totals => ({
  persons: one.persons + other.persons,
  personErrors: one.personErrors + other.personErrors,
})

function toldOf({ persons, personErrors }: Totals, { carry, carried }: Over): string {
  const rest = carry === undefined ? '' : `, ${carried.persons} of them as in run ${carry.from}`
  return `${persons} persons${rest}, ${personErrors} with an error`
}

/** Everybody, or those whom a run that takes over an earlier one must evaluate anew. */
async function evaluatePersons(
  work: RunWork,
  runId: number,
  carry: CarryOver | undefined,
  carrying: Promise<Totals>,
): Promise<Totals> {
  const { fromPid, toPid, persons: all } = work.range
  const wanted = carry?.affected.length ?? all
  const stage = work.progress.stage('evaluate', wanted, 'persons')
  const pool = openPool(poolOf(work, work.evaluator.measures), wanted)
  try {
    const found = await evaluateByClosures({
      runId,
      selection: carry === undefined ? { fromPid, toPid } : { pids: carry.affected },
      pool,
      reading: work.reading,
      writing: work.writing,
      carrying,
      onPersons: (done) => stage.advance(done),
    })
    const carried = await carrying
    const totals = sumOf(carried, found)
    stage.done(toldOf(totals, { carry, carried }))
    return totals
  } finally {
    await pool.close()
  }
}

function poolOf({ context, request }: RunWork, measures: readonly InstalledMeasure[]): PoolSetting {
  const { workers, valueSets, clock } = context
  const { period } = request
  const [engine, today] = [personEngineOf(request), todayIn(clock, period.timeZone)]
  return { workers, measures, valueSets, period, engine, today }
}
