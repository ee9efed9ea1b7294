import { type Diagnostic, type Progress, unwrap } from '../base/index.ts'
import type { InstalledMeasure } from '../content/index.ts'
import type { PersonRecord } from '../fhir/index.ts'
import { streamPersonRecords } from '../identity/index.ts'
import {
  engines,
  evaluateRecord,
  evaluatorOf,
  type MeasurementPeriod,
  measureDefines,
  type PersonEvaluation,
} from '../measure/index.ts'
import { readPidRange, type Store } from '../store/index.ts'
import type { ValueSets } from '../terminology/index.ts'

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
  if (range === undefined) return { people: 0, compared: 0, differences: [] }
  const pids = choosePids(range, request)
  const stage = progress.stage('verify engines', pids.length, 'persons')
  const evaluators = request.measures.map((measure) => ({
    measure,
    byEngine: engines.map((engine) => unwrap(evaluatorOf(measure, request.valueSets, request.period, engine))),
  }))
  const differences: Diagnostic[] = []
  let people = 0
  for await (const record of streamPersonRecords(store.session, { pids })) {
    people += 1
    for (const { measure, byEngine } of evaluators) {
      const answers: PersonEvaluation[] = []
      for (const evaluator of byEngine) answers.push(await evaluateRecord(measure, evaluator, record))
      if (new Set(answers.map(comparable)).size > 1) differences.push(differenceOf(measure, record, answers))
    }
    stage.advance(1)
  }
  stage.done(`${people} persons, ${differences.length} differences`)
  return { people, compared: people * request.measures.length, differences }
}

function comparable({ groups, defines, evidence, error }: PersonEvaluation): string {
  return JSON.stringify({ groups, defines, evidence, failed: error !== undefined })
}

function differenceOf(
  measure: InstalledMeasure,
  { pid }: PersonRecord,
  answers: readonly PersonEvaluation[],
): Diagnostic {
  const names = measureDefines(measure).filter(
    (_, index) => new Set(answers.map(({ defines }) => defines[index])).size > 1,
  )
  const where = names.length === 0 ? 'in what the defines hold' : `in ${names.map((name) => `"${name}"`).join(', ')}`
  return {
    code: 'jobs/engines-differ',
    severity: 'error',
    message: `The engines ${engines.join(' and ')} differ for person ${pid} in ${measure.id}, ${where}.`,
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
