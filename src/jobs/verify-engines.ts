import { type Diagnostic, type Progress, unwrap } from '../base/index.ts'
import { makeSharedTables } from '../compile/index.ts'
import type { InstalledMeasure } from '../content/index.ts'
import type { PersonRecord } from '../fhir/index.ts'
import { readMergedPatients, streamPersonRecords } from '../identity/index.ts'
import {
  engines,
  evaluateRecord,
  evaluatorOf,
  type MeasurementPeriod,
  measureDefines,
  type PersonEvaluation,
} from '../measure/index.ts'
import { deriveTyped, openSlices, readPidRange, type Store } from '../store/index.ts'
import type { ValueSets } from '../terminology/index.ts'
import { prepareSetMeasures } from './set-measures.ts'

export interface VerifyRequest {
  readonly measures: readonly InstalledMeasure[]
  readonly valueSets: ValueSets
  readonly period: MeasurementPeriod
  /** So many people, chosen at random. */
  readonly people: number
  /** The same seed chooses the same people. */
  readonly seed: number
}

export interface EngineVerification {
  readonly people: number
  /** Evaluations that were compared: people times measures. */
  readonly compared: number
  /** Those of them that SQL made; the others are of persons, or measures, that a run by SQL gives to closures. */
  readonly comparedBySql: number
  /** Evaluations in which SQL alone came upon a fault: a run gives whoever fails to closures, which know the clause. */
  readonly failedBySql: number
  /** Values of defines that were compared. */
  readonly defines: number
  /** One for each evaluation in which the engines differ, with the measure and the person. */
  readonly differences: readonly Diagnostic[]
}

/**
 * Evaluates random people by every engine and compares all that is stored of them: populations, the letter of every
 * define, evidence, and that an error is one on every engine (its wording may differ).
 */
export async function verifyEngines(
  store: Store,
  request: VerifyRequest,
  progress: Progress,
): Promise<EngineVerification> {
  const range = await readPidRange(store.session)
  if (range === undefined)
    return { people: 0, compared: 0, comparedBySql: 0, failedBySql: 0, defines: 0, differences: [] }
  const pids = choosePids(range, request)
  const stage = progress.stage('verify engines', pids.length, 'persons')
  const bySql = await evaluateBySql(store, request, pids)
  const evaluators = request.measures.map((measure) => ({
    measure,
    bySql: bySql.get(measure.id),
    byEngine: personEngines.map((engine) => unwrap(evaluatorOf(measure, request.valueSets, request.period, engine))),
  }))
  const differences: Diagnostic[] = []
  let [people, comparedBySql, failedBySql, defines] = [0, 0, 0, 0]
  for await (const record of streamPersonRecords(store.session, { pids })) {
    people += 1
    for (const { measure, bySql: sql, byEngine } of evaluators) {
      const answers: PersonEvaluation[] = []
      for (const evaluator of byEngine) answers.push(await evaluateRecord(measure, evaluator, record))
      const atOnce = sql?.get(record.pid)
      if (atOnce?.error !== undefined && answers.every(({ error }) => error === undefined)) failedBySql += 1
      else if (atOnce !== undefined) {
        answers.push(atOnce)
        comparedBySql += 1
      }
      defines += measureDefines(measure).length
      if (new Set(answers.map(comparable)).size > 1) differences.push(differenceOf(measure, record, answers))
    }
    stage.advance(1)
  }
  stage.done(`${people} persons, ${differences.length} differences`)
  return { people, compared: people * request.measures.length, comparedBySql, failedBySql, defines, differences }
}

const personEngines = ['direct', 'interpreter'] as const

/** By measure, what SQL says of persons. Those whom columns cannot represent are left out: a run gives them to closures. */
async function evaluateBySql(
  store: Store,
  { measures, valueSets, period }: VerifyRequest,
  pids: readonly number[],
): Promise<ReadonlyMap<string, ReadonlyMap<number, PersonEvaluation>>> {
  await deriveTyped(store.session)
  const session = await store.database.connect()
  try {
    const sets = await prepareSetMeasures(session, measures, valueSets, period)
    const slices = await openSlices(session, readMergedPatients, sets.tables)
    await slices.cut({ pids })
    for (const thrown of (await makeSharedTables(session, sets.shared)).values()) throw thrown
    const found = new Map<string, Map<number, PersonEvaluation>>()
    for (const { measure, evaluator, irregular } of sets.ready) {
      const persons = new Map<number, PersonEvaluation>()
      found.set(measure.id, persons)
      for await (const answers of evaluator.evaluate(session))
        for (const { pid, irregular: odd, evaluation } of answers)
          if (!odd && !irregular.has(pid)) persons.set(pid, evaluation)
    }
    return found
  } finally {
    session.close()
  }
}

/** All that is stored of an evaluation. A person with an error has no result, whatever the error is called. */
function comparable({ groups, defines, evidence, dueDate, error }: PersonEvaluation): string {
  return JSON.stringify({ groups, defines, evidence, dueDate, failed: error !== undefined })
}

function differenceOf(
  measure: InstalledMeasure,
  { pid }: PersonRecord,
  answers: readonly PersonEvaluation[],
): Diagnostic {
  const names = measureDefines(measure).filter(
    (_, index) => new Set(answers.map(({ defines }) => defines[index])).size > 1,
  )
  const held = new Set(answers.map(({ dueDate }) => dueDate)).size > 1 ? 'in the due date' : 'in what the defines hold'
  const where = names.length === 0 ? held : `in ${names.map((name) => `"${name}"`).join(', ')}`
  return {
    code: 'jobs/engines-differ',
    severity: 'error',
    message: `The engines ${engines.join(', ')} differ for person ${pid} in ${measure.id}, ${where}.`,
    remedy: 'Do not use these results; report it with the person’s record if it may be shared.',
    data: { pid, measure: measure.id, defines: names },
  }
}

/** Distinct pids spread over the range by a small generator; pids that nobody has are passed over by the reader. */
function choosePids(range: { readonly fromPid: number; readonly toPid: number }, request: VerifyRequest): number[] {
  const span = range.toPid - range.fromPid + 1
  const chosen = new Set<number>()
  let state = (request.seed ^ 0x9e3779b9) >>> 0
  while (chosen.size < Math.min(request.people, span)) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    chosen.add(range.fromPid + Math.floor((state / 2 ** 32) * span))
  }
  return [...chosen].sort((a, b) => a - b)
}
