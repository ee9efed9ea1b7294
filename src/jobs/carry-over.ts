import type { Session } from '../duck/index.ts'
import {
  type CarryBase,
  changedPersons,
  findCarryBase,
  type GapDay,
  personsWithCodes,
  type RunMeasureRow,
  type RunStamp,
  readCodeMapsHash,
  readRunBasis,
  readStoredCodes,
  readWaitingPids,
} from '../store/index.ts'
import type { ValueSets } from '../terminology/index.ts'
import { type Evaluator, todayIn } from './evaluator.ts'

/** A run that takes over what an earlier one found, and whom it evaluates anew. */
export interface CarryOver {
  readonly from: number
  /** Pids of now, ascending. */
  readonly affected: readonly number[]
}

/** Where more of the people than this are affected, evaluating everybody costs hardly more. */
const mostAffected = 0.5

export interface CarryInput {
  readonly session: Session
  readonly stamp: RunStamp
  readonly measures: readonly RunMeasureRow[]
  readonly evaluator: Evaluator
  readonly valueSets: ValueSets
  readonly now: Date
  readonly persons: number
}

/**
 * What of an earlier run can stand: where period, zone, engine, logic and code maps are the same, all persons but those
 * whose facts or identity changed, whose codes went in or out of a value set, or whose gap the day alone may have changed
 * since the run was made. Undefined where everybody is to be evaluated. Call it before the value sets of the run are stored.
 */
export async function planCarryOver(input: CarryInput): Promise<CarryOver | undefined> {
  const { session, stamp, now } = input
  const measures = input.measures.flatMap(({ measureId, basis }) => (basis ? [{ measureId, ...basis }] : []))
  if (measures.length === 0) return undefined
  const base = await findCarryBase(session, stamp, measures, {
    codeMaps: await readCodeMapsHash(session),
    now,
  })
  if (base === undefined) return undefined
  const changed = await changedPersons(session, base.dataSnapshot)
  const codes = changed === undefined ? undefined : await changedCodes(input, base, measures)
  const touched = codes === undefined ? undefined : await personsWithCodes(session, codes)
  if (changed === undefined || touched === undefined) return undefined
  const waiting = await readWaitingPids(session, base.runId, gapDay(input, base))
  const gone = new Set(changed.gone)
  const affected = [...new Set([...changed.changed, ...touched, ...waiting])].filter((pid) => !gone.has(pid))
  if (affected.length > input.persons * mostAffected) return undefined
  return { from: base.runId, affected: affected.sort((a, b) => a - b) }
}

/** A run fixes its day before it is opened: an hour is more than that takes. */
const longestOpeningMs = 3_600_000

function gapDay({ stamp, now }: CarryInput, { startedAt }: CarryBase): GapDay {
  const dayOf = (time: number) => todayIn({ now: () => new Date(time) }, stamp.timeZone)
  const day = dayOf(now.getTime())
  return { day, isLater: dayOf(Date.parse(startedAt) - longestOpeningMs) < day }
}

/** The codes that went in or out of what the measures read; undefined where that, or its effect, cannot be told. */
async function changedCodes(
  { session, evaluator, valueSets }: CarryInput,
  base: CarryBase,
  measures: readonly {
    readonly measureId: string
    readonly valueSets: readonly { canonical: string; sha256: string }[]
  }[],
): Promise<readonly string[] | undefined> {
  const before = new Map((await readRunBasis(session, base.runId)).map((basis) => [basis.measureId, basis.valueSets]))
  const codes = new Set<string>()
  for (const { measureId, valueSets: now } of measures) {
    const old = new Map(before.get(measureId)?.map(({ canonical, sha256 }) => [canonical, sha256]))
    const differing = now.filter(({ canonical, sha256 }) => old.get(canonical) !== sha256)
    if (differing.length === 0) continue
    // Logic that reads a set as a list may say otherwise of people who hold none of its codes.
    const measure = evaluator.measures.find(({ id }) => id === measureId)
    if (measure === undefined || JSON.stringify(measure.closure.libraries).includes('"ExpandValueSet"'))
      return undefined
    for (const { canonical } of differing) {
      const stored = await readStoredCodes(session, old.get(canonical) ?? '')
      const members = valueSets.find(canonical)?.members
      if (stored === undefined || members === undefined) return undefined
      const present = new Set(members.map(({ system = '', code = '' }) => `${system}|${code}`))
      for (const key of [...stored, ...present])
        if (!stored.has(key) || !present.has(key)) codes.add(key.slice(key.indexOf('|') + 1))
    }
  }
  return [...codes]
}
