import { type Session, textLiteral } from '../duck/index.ts'
import type { ScorecardCounts } from './page-scorecard.ts'
import { resolvedJoin } from './resolved-line.ts'

/** The counts of one measure's group as of a day of the year before, by today's data. */
export interface LookBack {
  readonly counts: ScorecardCounts
  /** `YYYY-MM-DD`, that day included. */
  readonly asOf: string
  readonly periodStart: string
  readonly periodEnd: string
  readonly timeZone: string
  /** Of the measure by which it was counted. */
  readonly contentHash: string
  /** ISO instant. */
  readonly madeAt: string
}

/** The end of a day: facts later than it are left out. */
export interface LastMoment {
  /** `YYYY-MM-DD` */
  readonly day: string
  /** Its end in the zone of the period, in milliseconds since 1970. */
  readonly endMs: number
}

/** When a fact began, the most telling element first; of one that goes on its begin. */
const begins = [
  'effectiveDateTime',
  'effectivePeriod.start',
  'effectiveInstant',
  'performedDateTime',
  'performedPeriod.start',
  'occurrenceDateTime',
  'occurrencePeriod.start',
  'onsetDateTime',
  'onsetPeriod.start',
  'whenHandedOver',
  'period.start',
  'start',
  'sent',
  'date',
]

/** When it was written down. */
const recorded = ['recordedDate', 'dateAsserted', 'issued', 'authored', 'recorded']

/** When something was asked for: it was known from then on, whenever it is to happen. */
const asked = ['authoredOn', 'created']

const paths = (elements: readonly string[]): string => `[${elements.map((name) => `'$.${name}'`).join(', ')}]`

/** True of a line that was not known at the end of a day: it began, or was written down, later. A line without dates was known. */
function isLater(text: string, { day, endMs }: LastMoment): string {
  const dates = (elements: readonly string[]) =>
    `list_filter(json_extract_string(${text}, ${paths(elements)}), lambda d: d IS NOT NULL)`
  const after = `lambda d: CASE WHEN contains(d, 'T') THEN coalesce(epoch_ms(TRY_CAST(d AS TIMESTAMPTZ)) > ${endMs}, FALSE)
    ELSE left(d, 10) > '${day}' END`
  const known = `coalesce(nullif(${dates(asked)}[1:1], []), list_concat(${dates(begins)}[1:1], ${dates(recorded)}))`
  return `coalesce(list_bool_or(list_transform(${known}, ${after})), FALSE)`
}

/** The tables that facts and persons stand in, and who of them counts, beside those of lines. */
const copied = ['source', 'outside_source', 'source_patient', 'person', 'job', 'code_map']

/**
 * Copies the facts that were known at the end of a day, and who is who, into another database file with an empty schema
 * that nobody has open. The versions are those of today. Returns how many facts were left out as later.
 */
export async function copyKnownFacts(session: Session, file: string, last: LastMoment): Promise<number> {
  const to = 'look_back_copy'
  const own = await session.sibling()
  try {
    await own.run(`ATTACH ${textLiteral(file)} AS ${to}`)
    try {
      for (const table of copied) await own.run(`INSERT INTO ${to}.${table} BY NAME SELECT * FROM ${table}`)
      await own.run(
        `INSERT INTO ${to}.raw_line BY NAME
         SELECT l.* FROM raw_line l JOIN resource_current c ON c.rid = l.rid AND c.hash = l.hash AND NOT c.deleted
         ${resolvedJoin} LEFT JOIN mapped_line m ON m.rid = l.rid AND m.hash = l.hash
         WHERE NOT ${isLater('coalesce(m.raw, u.raw, l.raw)', last)}`,
      )
      await own.run(
        `INSERT INTO ${to}.resource_current BY NAME
         SELECT c.* FROM resource_current c SEMI JOIN ${to}.raw_line l ON l.rid = c.rid AND l.hash = c.hash
         WHERE NOT c.deleted`,
      )
      for (const table of ['resolved_line', 'mapped_line'])
        await own.run(
          `INSERT INTO ${to}.${table} BY NAME
           SELECT x.* FROM ${table} x SEMI JOIN ${to}.raw_line l ON l.rid = x.rid AND l.hash = x.hash`,
        )
      const row = await own.first<{ later: number }>(
        `SELECT ((SELECT count(*) FROM resource_current WHERE NOT deleted)
           - (SELECT count(*) FROM ${to}.resource_current))::INTEGER AS later`,
      )
      return row?.later ?? 0
    } finally {
      await own.run(`DETACH ${to}`)
    }
  } finally {
    own.close()
  }
}

/** Keeps what was counted, in place of what was counted of the same day and period before. */
export async function storeLookBacks(session: Session, made: readonly LookBack[]): Promise<void> {
  await session.transaction(async () => {
    for (const { counts, madeAt, ...row } of made) {
      const key = { measureId: counts.measureId, groupId: counts.groupId, asOf: row.asOf, periodEnd: row.periodEnd }
      await session.run(
        `DELETE FROM look_back
         WHERE measure_id = $measureId AND group_id = $groupId AND as_of = $asOf AND period_end = $periodEnd`,
        key,
      )
      await session.run(
        `INSERT INTO look_back VALUES ($measureId, $groupId, $asOf, $periodStart, $periodEnd, $timeZone, $contentHash,
           $madeAt::TIMESTAMP, $counts::JSON)`,
        { ...key, ...row, madeAt: madeAt.replace('T', ' ').replace('Z', ''), counts: JSON.stringify(counts) },
      )
    }
  })
}

/** What was counted of a period, the newest day last. */
export async function readLookBacks(
  session: Session,
  period: { readonly periodStart: string; readonly periodEnd: string },
): Promise<readonly LookBack[]> {
  const rows = await session.all<Omit<LookBack, 'counts'> & { readonly counts: string }>(
    `SELECT as_of AS "asOf", period_start AS "periodStart", period_end AS "periodEnd", time_zone AS "timeZone",
       content_hash AS "contentHash", strftime(made_at, '%Y-%m-%dT%H:%M:%S.%gZ') AS "madeAt", counts::VARCHAR AS counts
     FROM look_back WHERE period_start = $periodStart AND period_end = $periodEnd ORDER BY as_of, measure_id, group_id`,
    { periodStart: period.periodStart, periodEnd: period.periodEnd },
  )
  return rows.map(({ counts, ...row }) => ({ ...row, counts: JSON.parse(counts) as ScorecardCounts }))
}
