import { giveWay, groupBy, invariant } from '../base/index.ts'
import type { InstalledMeasure } from '../content/index.ts'
import type { Session } from '../duck/index.ts'
import type { RecordEntry, Resource } from '../fhir/index.ts'
import { type GapMoment, gapNeeds, workSought } from '../gaps/index.ts'
import { streamPersonRecords } from '../identity/index.ts'
import type { MeasurementPeriod, PersonEvaluation } from '../measure/index.ts'
import {
  closeGapWork,
  collectGapWork,
  compareKeys,
  dropResults,
  type GapKind,
  type GapLine,
  gapRanges,
  openGapWork,
  readErrorPersons,
  readGapWork,
  readMentioning,
  soughtOfNobody,
  storeResults,
  wantOfKinds,
} from '../store/index.ts'
import type { PersonAnswer } from './application.ts'
import { answerOf } from './evaluator.ts'
import { rowsOf } from './result-rows.ts'

/** The gaps that a run is still to tell, when its results are stored. */
export interface GapRun {
  readonly runId: number
  readonly measures: readonly InstalledMeasure[]
  readonly period: MeasurementPeriod
  readonly moment: GapMoment
  /** A session in which due dates of the run are kept; no transaction is open in it. */
  readonly session: Session
  readonly writing: Session
  /** Persons of one script; bounds what is held. */
  readonly chunkPersons: number
  onPersons(persons: number): void
}

/** Lines of the persons of so many scripts are collected by one pass over the store, and stand in temporary tables meanwhile. */
const scriptsPerPass = 4

/** Lines of so many persons are read at once: more would hold this thread for longer than others should wait. */
const personsPerRead = 256

/** So many gaps are stored at once. */
const gapsPerWrite = 1024

/** After so many gaps everything else that waits for this thread has its turn. */
const gapsPerBreath = 50

/**
 * Tells the gaps of results that have none yet, and stores them. Results that are alike but for facts and days are read
 * once; of persons no more than the facts that their gaps tell of, and what shows that an open gap is under way. Whose gap
 * cannot be told has an error instead of a result. Returns how many persons have an error who had none.
 */
export async function tellGaps(run: GapRun): Promise<number> {
  const { session, runId, measures } = run
  if (measures.length === 0) return 0
  const kinds = await openGapWork(
    session,
    runId,
    measures.map(({ id }) => id),
  )
  const known = new Map(kinds.map((kind) => [kind.kind, alikeOf(measures, kind)]))
  const wanted = [...known].map(([kind, { measure, evaluation }]) => ({ kind, ...gapNeeds(measure, evaluation) }))
  await wantOfKinds(session, wanted)
  const sought = measures.flatMap((measure) => workSought(measure, run.moment.valueSets))
  const ofNobody = await soughtOfNobody(session, sought)
  let failed = 0
  let answers: PersonAnswer[] = []
  const flush = async (): Promise<void> => {
    failed += await storeGaps(run, answers)
    answers = []
  }
  const { pass: perPass, read: perRead } = sizesOf(run)
  const reads = await gapRanges(session, perRead)
  for (const pass of await gapRanges(session, perPass)) {
    await collectGapWork(session, pass, sought)
    const mentioning = new Set(await readMentioning(session, pass, ofNobody))
    for (const range of reads.filter(({ fromPid }) => fromPid >= pass.fromPid && fromPid <= pass.toPid)) {
      answers.push(...(await tellRange(run, range, { known, mentioning })))
      if (answers.length >= gapsPerWrite) await flush()
      run.onPersons(range.persons)
    }
  }
  await flush()
  await closeGapWork(session)
  return failed
}

/** How many persons are collected and read at once: a pass is a multiple of what is read, so that no read reaches into the next. */
function sizesOf({ chunkPersons }: GapRun): { readonly pass: number; readonly read: number } {
  const read = Math.min(personsPerRead, scriptsPerPass * chunkPersons)
  return { pass: Math.ceil((scriptsPerPass * chunkPersons) / read) * read, read }
}

/** What is alike in persons: their evaluation without pid, due date, and whose resources the evidence is. */
interface Alike {
  readonly measure: InstalledMeasure
  readonly evaluation: PersonEvaluation
}

function alikeOf(measures: readonly InstalledMeasure[], { measureId, defines, groups, held }: GapKind): Alike {
  const measure = measures.find(({ id }) => id === measureId)
  invariant(measure !== undefined, `${measureId} is a measure of the run`)
  return {
    measure,
    evaluation: {
      pid: 0,
      measureId,
      defines,
      groups: groups.map(({ groupId, counts }) => ({ groupId, populations: withoutNulls(counts) })),
      evidence: held.map((define) => ({ define, rid: '' })),
    },
  }
}

const withoutNulls = (counts: Readonly<Record<string, number | null>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(counts).flatMap(([code, count]) => (count === null ? [] : [[code, count]])))

async function tellRange(
  run: GapRun,
  range: Parameters<typeof readGapWork>[1],
  { known, mentioning }: { readonly known: ReadonlyMap<number, Alike>; readonly mentioning: ReadonlySet<number> },
): Promise<readonly PersonAnswer[]> {
  const { session, period, moment } = run
  const { members, facts, work } = await readGapWork(session, range)
  const entries = facts.map(entryOf)
  const workOf = groupBy(work, ({ pid }) => pid)
  const records = await recordsOf(session, members, mentioning)
  const answers: PersonAnswer[] = []
  for (const [index, { pid, kind, evidence, dueDate }] of members.entries()) {
    if (index % gapsPerBreath === 0) await giveWay()
    const alike = known.get(kind)
    invariant(alike !== undefined, 'every member is of a kind')
    const due = dueDate === null ? {} : { dueDate }
    const evaluation = { ...alike.evaluation, pid, evidence, ...due }
    const own = records.get(pid) ?? inOrder(workOf.get(pid) ?? [])
    answers.push(answerOf(alike.measure, evaluation, { entries, work: own }, period, moment))
  }
  return answers
}

/** A fact is read from the line as received: its references are not qualified, for no fact shows one. */
const entryOf = ({ rid, source, type, id, raw }: GapLine): RecordEntry => ({
  rid,
  source,
  type,
  id,
  resource: JSON.parse(raw) as Resource,
})

/** In the order of a record. */
const inOrder = (lines: readonly GapLine[]): readonly RecordEntry[] =>
  lines.toSorted((a, b) => compareKeys(a.rid, b.rid)).map(entryOf)

async function recordsOf(
  session: Session,
  members: readonly { readonly pid: number }[],
  mentioning: ReadonlySet<number>,
): Promise<ReadonlyMap<number, readonly RecordEntry[]>> {
  const pids = members.map(({ pid }) => pid).filter((pid) => mentioning.has(pid))
  const records = new Map<number, readonly RecordEntry[]>()
  if (pids.length === 0) return records
  for await (const { pid, entries } of streamPersonRecords(session, { pids })) records.set(pid, entries)
  return records
}

async function storeGaps(
  { writing: session, runId }: Pick<GapRun, 'writing' | 'runId'>,
  answers: readonly PersonAnswer[],
): Promise<number> {
  const failed = answers.filter(({ evaluation }) => evaluation.error !== undefined)
  const pids = [...new Set(failed.map(({ evaluation }) => evaluation.pid))]
  const before = pids.length === 0 ? [] : await readErrorPersons(session, runId, pids)
  const rows = rowsOf(answers.map((answer) => ({ pid: answer.evaluation.pid, answers: [answer] })))
  await session.transaction(async () => {
    for (const [measureId, of] of groupBy(failed, ({ evaluation }) => evaluation.measureId))
      await dropResults(
        session,
        runId,
        measureId,
        of.map(({ evaluation }) => evaluation.pid),
      )
    await storeResults(session, runId, { ...rows, results: [] })
  })
  return pids.length - before.length
}
