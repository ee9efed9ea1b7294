import { giveWay } from '../base/index.ts'
import type { InstalledMeasure } from '../content/index.ts'
import type { Session } from '../duck/index.ts'
import type { RecordEntry, Resource } from '../fhir/index.ts'
import { type Gap, type GapMoment, gapNeeds } from '../gaps/index.ts'
import { streamPersonRecords } from '../identity/index.ts'
import type { MeasurementPeriod, SetAnswer } from '../measure/index.ts'
import { readRawByRid } from '../store/index.ts'
import type { PersonAnswer } from './application.ts'
import { answerOf } from './evaluator.ts'

/** After so many persons everything else that waits for this thread has its turn. */
const personsPerBreath = 5

/** Whole records are held for so many persons at a time. */
const recordsHeld = 250

/**
 * Adds gaps to evaluations of many persons. Of those with an open gap the record is read, for it may show that the gap
 * is being worked on; of others only the resources that a gap tells of; of most people nothing.
 */
export class GapAnswers {
  readonly #session: Session
  readonly #measure: InstalledMeasure
  readonly #period: MeasurementPeriod
  readonly #moment: GapMoment
  readonly #alike = new Map<string, readonly Gap[]>()

  constructor(session: Session, measure: InstalledMeasure, period: MeasurementPeriod, moment: GapMoment) {
    this.#session = session
    this.#measure = measure
    this.#period = period
    this.#moment = moment
  }

  /** In the order of the persons. The session must not stream meanwhile. */
  async answers(persons: readonly SetAnswer[]): Promise<readonly PersonAnswer[]> {
    const needs = persons.map(({ evaluation }) => gapNeeds(this.#measure, evaluation))
    const entries = await readEntries(this.#session, [...new Set(needs.flatMap(({ rids }) => rids))])
    const open = await this.#open(persons.filter((_, index) => needs[index]?.record === true))
    const answers: PersonAnswer[] = []
    for (const [index, person] of persons.entries()) {
      const { record = false, rids = [] } = needs[index] ?? {}
      const answer = record ? open.get(person.pid) : undefined
      if (index % (personsPerBreath * 5) === 0) await giveWay()
      answers.push(answer ?? this.#answer(person, rids.length === 0 && !record, entries))
    }
    return answers
  }

  async #open(persons: readonly SetAnswer[]): Promise<ReadonlyMap<number, PersonAnswer>> {
    const byPid = new Map(persons.map((person) => [person.pid, person]))
    const answers = new Map<number, PersonAnswer>()
    const pids = [...byPid.keys()]
    for (let start = 0; start < pids.length; start += recordsHeld) {
      const selection = { pids: pids.slice(start, start + recordsHeld) }
      for await (const record of streamPersonRecords(this.#session, selection)) {
        const evaluation = byPid.get(record.pid)?.evaluation
        if (evaluation === undefined) continue
        if (answers.size % personsPerBreath === 0) await giveWay()
        answers.set(record.pid, answerOf(this.#measure, evaluation, record, this.#period, this.#moment))
      }
    }
    return answers
  }

  /** Gaps that tell of no resource follow from the letters: they are worded once for all persons alike. */
  #answer({ evaluation, key }: SetAnswer, wordsAlone: boolean, entries: readonly RecordEntry[]): PersonAnswer {
    const known = wordsAlone && key !== undefined ? this.#alike.get(key) : undefined
    if (known !== undefined) return { evaluation, gaps: known.map((gap) => ({ ...gap, pid: evaluation.pid })) }
    const answer = answerOf(this.#measure, evaluation, { entries }, this.#period, this.#moment)
    if (wordsAlone && key !== undefined && this.#alike.size < mostAlike) this.#alike.set(key, answer.gaps)
    return answer
  }
}

const mostAlike = 20_000

/** Facts are read from the line as received: its references are not qualified, for no fact shows one. */
async function readEntries(session: Session, rids: readonly string[]): Promise<readonly RecordEntry[]> {
  const rows = await readRawByRid(session, rids)
  return rows.map(({ rid, source, type, id, raw }) => ({
    rid,
    source,
    type,
    id,
    resource: JSON.parse(raw) as Resource,
  }))
}
