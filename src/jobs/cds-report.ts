import type { Session } from '../duck/index.ts'
import { hideSmall, isSmall } from '../measure/index.ts'
import {
  type CdsCell,
  type CdsCount,
  type CdsKey,
  readCdsCounts,
  readCdsCourse,
  readCdsUnmet,
  readCdsUnmetCourse,
} from '../store/index.ts'
import { lastRelease } from './safe-course.ts'
import { type TableFile, tableFile } from './table-file.ts'

const countNames = ['shown', 'shadow', 'accepted', 'overridden', 'ignored'] as const
type CountName = (typeof countNames)[number]

/** What became of the cards of a service at a site for a role; null is hidden. */
export interface CdsReportRow extends CdsKey, Readonly<Record<CountName, number | null>> {
  /** Reasons of overrides with how often, the most frequent first. */
  readonly reasons: string
  /** What is hidden, and the day (UTC) up to which was counted: where small counts may not be told. */
  readonly suppressed?: readonly string[]
  readonly countedUntil?: string
}

/** Why topics could not be evaluated, and how often; null is hidden. */
export interface CdsReportReason {
  readonly serviceId: string
  readonly site: string
  readonly reason: string
  readonly calls: number | null
  readonly last: string | null
}

export interface CdsReport {
  readonly cards: readonly CdsReportRow[]
  readonly notEvaluated: readonly CdsReportReason[]
  readonly notForRelease: boolean
}

const mostReasons = 200

/**
 * What became of cards. For who may not see small counts (`isSafe`) those of one to ten cards, or of cards of one to ten people,
 * are hidden, with others from which they could be told; and what is told stays as it is until no small difference to what was
 * told before can be seen, days that have ended alone: who looks twice learns of no single card.
 */
export async function cdsReport(session: Session, today: string, isSafe: boolean): Promise<CdsReport> {
  if (isSafe)
    return {
      cards: await safeCards(session, today),
      notEvaluated: await safeReasons(session, today),
      notForRelease: false,
    }
  const [counts, notEvaluated] = [await readCdsCounts(session), await readCdsUnmet(session, mostReasons)]
  return { cards: counts.map(wholeRow), notEvaluated, notForRelease: true }
}

const keyOf = ({ serviceId, topic, site, role }: CdsKey): CdsKey => ({ serviceId, topic, site, role })

const textOf = (one: CdsKey): string => JSON.stringify(keyOf(one))

const reasonText = ({ reason, cards }: { readonly reason: string; readonly cards: number }): string =>
  `${reason} ${cards}`

function wholeRow(count: CdsCount): CdsReportRow {
  const { shown, shadow, accepted, overridden, ignored } = count
  return {
    ...keyOf(count),
    shown: shown.cards,
    shadow: shadow.cards,
    accepted: accepted.cards,
    overridden: overridden.cards,
    ignored: ignored.cards,
    reasons: count.reasons.map(reasonText).join(', '),
  }
}

const isFew = ({ cards, persons }: CdsCell): boolean => isSmall(cards) || isSmall(persons)

/** The row without what points at few people. The outcomes add up to what was shown, and the reasons to the overrides. */
function safeRow(count: CdsCount, countedUntil: string): CdsReportRow {
  const whole = wholeRow(count)
  const outcomes = ['accepted', 'overridden', 'ignored'] as const
  const hidesAll = isFew(count.shown)
  const hiddenOutcomes = hideSmall(
    outcomes.map((name) => count[name].cards),
    outcomes.map((name) => isFew(count[name])),
  )
  const hidden = new Set<CountName>([
    ...(hidesAll ? (['shown', ...outcomes] as const) : outcomes.filter((_, index) => hiddenOutcomes[index])),
    ...(isFew(count.shadow) ? (['shadow'] as const) : []),
  ])
  const reasons = hidden.has('overridden') ? [] : tellableReasons(count)
  const keepsBack = reasons.length < count.reasons.length
  return {
    ...whole,
    ...Object.fromEntries([...hidden].map((name) => [name, null])),
    reasons: reasons.map(reasonText).join(', '),
    suppressed: [...countNames.filter((name) => hidden.has(name)), ...(keepsBack ? ['reasons'] : [])],
    countedUntil,
  }
}

/** A reason that few people's cards were set aside for is not told at all: it may be a text of somebody's own. */
function tellableReasons({ reasons }: CdsCount): CdsCount['reasons'] {
  const hidden = hideSmall(
    reasons.map(({ cards }) => cards),
    reasons.map(isFew),
  )
  return reasons.filter((_, index) => hidden[index] !== true)
}

async function safeCards(session: Session, today: string): Promise<readonly CdsReportRow[]> {
  const course = await readCdsCourse(session)
  const told = lastRelease(
    course.map((one) => ({ key: textOf(one), day: one.day, name: one.state, change: one.change })),
    today,
    withIgnored,
  )
  const rows: CdsReportRow[] = []
  for (const day of new Set(told.values())) {
    const counts = await readCdsCounts(session, endOf(day))
    rows.push(...counts.filter((one) => told.get(textOf(one)) === day).map((one) => safeRow(one, day)))
  }
  return rows.sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1))
}

const dayMs = 86_400_000
const endOf = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) + dayMs).toISOString()

/** What is told beside the states themselves: overrides of all reasons, and what nobody reported. */
function withIgnored(counts: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const sum = (start: string) =>
    [...counts].filter(([name]) => name.startsWith(start)).reduce((total, [, count]) => total + count, 0)
  const overridden = sum('overridden')
  const ignored = (counts.get('shown') ?? 0) - (counts.get('accepted') ?? 0) - overridden
  return new Map([...counts, ['all overridden', overridden], ['ignored', ignored]])
}

/** The rows as a Parquet file. */
export async function cdsReportFile(session: Session, rows: readonly CdsReportRow[]): Promise<TableFile['body']> {
  // A session of its own: the rows stand in a temporary table.
  const own = await session.sibling()
  try {
    const columns = {
      ...textColumns,
      ...Object.fromEntries(countNames.map((name) => [name, 'INTEGER'])),
      reasons: 'VARCHAR',
    }
    const shape = JSON.stringify([columns])
    await own.run(`CREATE TEMP TABLE cds_report AS SELECT unnest(from_json($rows::JSON, '${shape}'), max_depth := 2)`, {
      rows: JSON.stringify(rows),
    })
    return (await tableFile(own, 'cds_report', 'parquet')).body
  } finally {
    own.close()
  }
}

const textColumns = {
  serviceId: 'VARCHAR',
  topic: 'VARCHAR',
  site: 'VARCHAR',
  role: 'VARCHAR',
  countedUntil: 'VARCHAR',
}

type About = Omit<CdsReportReason, 'calls' | 'last'>

const reasonKey = ({ serviceId, site, reason }: About): string => JSON.stringify({ serviceId, site, reason })

async function safeReasons(session: Session, today: string): Promise<readonly CdsReportReason[]> {
  const days = await readCdsUnmetCourse(session)
  const told = lastRelease(
    days.map((one) => ({ key: reasonKey(one), day: one.day, name: 'calls', change: one.calls })),
    today,
  )
  const rows = [...told].map(([key, day]): CdsReportReason => {
    const counted = days.filter((one) => reasonKey(one) === key && one.day <= day)
    const calls = counted.reduce((total, one) => total + one.calls, 0)
    const about = JSON.parse(key) as About
    return { ...about, ...(isSmall(calls) ? { calls: null, last: null } : { calls, last: day }) }
  })
  return rows
    .sort((a, b) => (b.calls ?? 0) - (a.calls ?? 0) || (reasonKey(a) < reasonKey(b) ? -1 : 1))
    .slice(0, mostReasons)
}
