import { type Session, textLiteral } from '../duck/index.ts'
import { fhirModelInfo } from '../fhir/index.ts'
import { clinicalDates, statusesAhead } from './clinical-dates.ts'
import { derivedUpTo, findChangedLines, linesSince } from './derived-state.ts'
import { resolvedText } from './resolved-line.ts'
import { ridSql } from './rid.ts'

/** What faults were looked for by: other rules make them anew from all lines. */
const basis = `1 ${JSON.stringify([clinicalDates, statusesAhead])}`

/** True where the faults are those of all that is published. */
export async function areFaultsCurrent(session: Session): Promise<boolean> {
  return (await derivedUpTo(session, 'faults', basis)) === (await publishedSeq(session))
}

/**
 * Brings `data_fault` and its counts up to the current lines. Lines are read once, and after that those that changed; what was
 * referred to and came since is no fault any more. Give a session that nobody else uses.
 */
export async function followFaults(session: Session): Promise<void> {
  // What is published meanwhile is read by the next call: a line that is read twice is counted once.
  const upTo = await publishedSeq(session)
  const since = await derivedUpTo(session, 'faults', basis)
  if (since === upTo) return
  if (since > 0) await findChangedLines(session, since, 'true')
  await session.run('CREATE OR REPLACE TEMP TABLE found_fault AS SELECT * FROM data_fault WHERE false')
  await findFutureDates(session, since)
  await findDangling(session, since)
  await session.transaction(async () => {
    await session.run(
      since === 0
        ? 'DELETE FROM data_fault'
        : 'DELETE FROM data_fault WHERE rid IN (SELECT rid FROM temp.changed_line)',
    )
    await session.run('INSERT INTO data_fault SELECT * FROM temp.found_fault')
    await session.run('DELETE FROM data_fault WHERE target IN (SELECT rid FROM resource_current)')
    await session.run('DELETE FROM data_fault_count')
    await session.run(
      `WITH held AS (SELECT source_id, type, count(*) AS held FROM resource_current WHERE NOT deleted GROUP BY ALL)
       INSERT INTO data_fault_count
       SELECT kind, source_id, type, named, count(DISTINCT rid), count(DISTINCT spid), count(DISTINCT target), any_value(held),
         arg_min(file_id, (file_id, line_no)), arg_min(line_no, (file_id, line_no))
       FROM data_fault JOIN held USING (source_id, type) GROUP BY kind, source_id, type, named`,
    )
    await session.run(`INSERT OR REPLACE INTO derived_state VALUES ('faults', $basis, $upTo)`, { basis, upTo })
  })
  await session.run('DROP TABLE temp.found_fault')
}

async function publishedSeq(session: Session): Promise<number> {
  const row = await session.first<{ seq: number }>('SELECT coalesce(max(published_seq), 0)::INTEGER AS seq FROM job')
  return row?.seq ?? 0
}

const paths = [...new Set(Object.values(clinicalDates).flat())]
const pairs = Object.entries(clinicalDates).flatMap(([type, elements]) =>
  elements.map((element) => `${type} ${element}`),
)
const types = Object.keys(clinicalDates).map(textLiteral).join(', ')
const fileDaysSql = `SELECT f.file_id, strftime(coalesce(f.finished_at, j.started_at) + INTERVAL 14 HOURS, '%Y-%m-%d') AS day
  FROM source_file f JOIN job j USING (job_id)`
const listOf = (texts: readonly string[]): string => `[${texts.map(textLiteral).join(', ')}]`

/** A date is compared at its own precision with the last day that had begun anywhere on earth when its file was read. */
async function findFutureDates(session: Session, since: number): Promise<void> {
  await session.run(
    `INSERT INTO temp.found_fault
     SELECT 'future-date', rid, spid, source_id, type, element, NULL, file_id, line_no FROM (
       SELECT * EXCLUDE (said, raw), regexp_extract(unnest(said), '^\\d{4}(-\\d{2}){0,2}') AS date,
         unnest(${listOf(paths)}) AS element, raw ->> '$.status' AS status
       FROM (
         SELECT c.rid, c.spid, c.source_id, c.type, l.file_id, l.line_no, l.raw, f.day,
           json_extract_string(l.raw, ${listOf(paths.map((path) => `$.${path}`))}) AS said
         FROM (${fileDaysSql}) f, ${linesSince(since, `f.file_id = l.file_id AND c.type IN (${types})`)}
       ) WHERE list_max(said) > left(day, 7))
     WHERE date > left(day, len(date)) AND list_contains(${listOf(pairs)}, type || ' ' || element)
       AND coalesce(status, '') NOT IN (${statusesAhead.map(textLiteral).join(', ')})`,
  )
}

/** A reference to `Type/id`, at whatever address. */
const localReference = `'^(?:[^#]*/)?([A-Z][A-Za-z]+)/([^/?|#\\s]+)'`

/** Texts that name nothing are found first: many resources refer to the same, and mostly all of it is there. */
async function findDangling(session: Session, since: number): Promise<void> {
  const mentions = `SELECT c.rid, c.spid, c.source_id, c.type, l.file_id, l.line_no,
       unnest(json_extract_string(${resolvedText}, '$..reference')) AS reference
     FROM ${linesSince(since, 'true')}`
  // An element called `reference` may be an object too (of a Consent): the one in it is met by itself.
  await session.run(
    `CREATE OR REPLACE TEMP TABLE dangling AS
     SELECT source_id, reference, CASE WHEN starts_with(reference, 'urn:') THEN 'urn' ELSE named['type'] END AS named,
       CASE WHEN NOT starts_with(reference, 'urn:') THEN ${ridSql('s.name', `named['type']`, `named['id']`)} END AS target
     FROM (SELECT source_id, reference, regexp_extract(reference, ${localReference}, ['type', 'id']) AS named
       FROM (SELECT DISTINCT source_id, reference FROM (${mentions}) WHERE NOT contains(reference, '"')))
     JOIN source s USING (source_id) WHERE named['type'] <> '' OR starts_with(reference, 'urn:')`,
  )
  await session.run('DELETE FROM temp.dangling WHERE target IN (SELECT rid FROM resource_current)')
  const names = await session.all<{ named: string }>('SELECT DISTINCT named FROM temp.dangling')
  const others = names.map(({ named }) => named).filter((named) => named !== 'urn' && !isResourceType(named))
  await session.run(`DELETE FROM temp.dangling WHERE named IN (SELECT unnest(${listOf(others)}::VARCHAR[]))`)
  if (others.length < names.length)
    await session.run(
      `INSERT INTO temp.found_fault
       SELECT DISTINCT 'dangling-reference', m.rid, m.spid, m.source_id, m.type, d.named, d.target, m.file_id, m.line_no
       FROM (${mentions}) m JOIN temp.dangling d ON d.source_id = m.source_id AND d.reference = m.reference`,
    )
  await session.run('DROP TABLE temp.dangling')
}

/** Is it a type of FHIR? An address may hold anything that looks like one. */
function isResourceType(name: string): boolean {
  const bases: (string | undefined)[] = []
  for (let one: string | undefined = name; one !== undefined; one = fhirModelInfo().classOf(one)?.base) bases.push(one)
  return name !== 'Resource' && bases.includes('Resource')
}
