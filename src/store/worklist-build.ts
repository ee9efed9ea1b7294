import type { Session } from '../duck/index.ts'
import { languageNameSql, makeLanguageNames } from './language-name.ts'
import { primaryAttribution } from './page-people-sql.ts'
import { worklistLists } from './schema/worklist.ts'
import { noDueDay, summarySql } from './worklist-summary.ts'

const current = (type: string) => `SELECT coalesce(sp.pid, sp.spid) AS pid, l.raw::JSON AS j, c.rid
  FROM resource_current c JOIN raw_line l ON l.rid = c.rid AND l.hash = c.hash
  JOIN source_patient sp ON sp.spid = c.spid WHERE c.type = '${type}' AND NOT c.deleted`

/** The same with the zone of each source's own clocks. */
const currentInZone = (type: string) => `SELECT c.*, s.time_zone AS zone FROM (${current(type)}) c
  JOIN resource_current r ON r.rid = c.rid JOIN source s ON s.source_id = r.source_id`

/** When a visit begins by the clocks of its source: an instant may be written in any zone (UTC, mostly), a day as it stands. */
const localStart = (path: string) => `CASE WHEN ${text(path)} LIKE '____-__-__T%'
    THEN timezone(zone, try_cast(${text(path)} AS TIMESTAMPTZ)) END`
const localDay = (path: string) => `coalesce(strftime(${localStart(path)}, '%Y-%m-%d'), left(${text(path)}, 10))`
const localTime = (path: string) => `strftime(${localStart(path)}, '%H:%M')`

const text = (path: string) => `j->>'${path}'`

/** The OMB category that a US Core extension of \`e\` states; one name where there are several; NULL where it states none. */
const usCore = (name: string, several: string) => `CASE len(${categories(name)})
  WHEN 0 THEN NULL WHEN 1 THEN ${categories(name)}[1] ELSE '${several}' END`

const categories = (name: string) => `list_distinct(list_filter(list_transform(list_filter(
    list_filter(e, lambda x: x.url = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-${name}')[1].extension,
    lambda x: x.url = 'ombCategory' AND x."valueCoding".code NOT IN ('UNK', 'ASKU')),
    lambda x: coalesce(x."valueCoding".display, x."valueCoding".code)), lambda t: t IS NOT NULL))`

const communication = `from_json(coalesce(j->'$.communication', '[]'),
  '[{"preferred":"BOOLEAN","language":{"text":"VARCHAR","coding":[{"code":"VARCHAR","display":"VARCHAR"}]}}]')`

/** The language that is preferred, else the first one. */
const spoken = `coalesce(list_filter(${communication}, lambda c: c.preferred)[1], ${communication}[1]).language`

/** A patient's phone, language, race and ethnicity, and whether all of their charts are inactive; by the lowest rid that says it. */
const charts = `
  SELECT pid, arg_min(phone, rid) FILTER (phone IS NOT NULL) AS phone,
    arg_min(language, rid) FILTER (language IS NOT NULL) AS language,
    arg_min(race, rid) FILTER (race IS NOT NULL) AS race, arg_min(ethnicity, rid) FILTER (ethnicity IS NOT NULL) AS ethnicity,
    bool_and(inactive) AS inactive
  FROM (SELECT *, ${usCore('race', 'More than one race')} AS race, ${usCore('ethnicity', 'More than one')} AS ethnicity FROM (
    SELECT pid, rid, ${text('$.active')} IS NOT DISTINCT FROM 'false' AS inactive,
      list_filter(from_json(coalesce(j->'$.telecom', '[]'), '[{"system":"VARCHAR","value":"VARCHAR","use":"VARCHAR"}]'),
        lambda t: t.system = 'phone' AND t.use IS DISTINCT FROM 'old')[1].value AS phone,
      ${languageNameSql('s.coding[1].code', 'coalesce(s.text, s.coding[1].display)')} AS language,
      from_json(coalesce(j->'$.extension', '[]'),
        '[{"url":"VARCHAR","extension":[{"url":"VARCHAR","valueCoding":{"code":"VARCHAR","display":"VARCHAR"}}]}]') AS e
    FROM (SELECT *, ${spoken} AS s FROM (${current('Patient')}))))
  GROUP BY pid`

const coverage = `
  SELECT pid, arg_max(payer, rid) AS payer FROM (
    SELECT pid, rid, coalesce(${text('$.type.text')}, ${text('$.type.coding[0].display')},
      ${text('$.payor[0].display')}, ${text('$.type.coding[0].code')}) AS payer
    FROM (${current('Coverage')}) WHERE coalesce(${text('$.status')}, 'active') = 'active')
  WHERE payer IS NOT NULL GROUP BY pid`

/** People of whom some measure's logic found what it calls hospice: a letter true, or a list with members. */
const hospice = `
  SELECT DISTINCT r.pid FROM person_result r JOIN run_measure m ON m.run_id = r.run_id AND m.measure_id = r.measure_id
  WHERE r.run_id = $runId AND list_bool_or(list_transform(m.defines,
    lambda d, i: d ILIKE '%hospice%' AND substr(r.defines, i::BIGINT, 1) IN ('t', 'l')))`

/**
 * A status at `$day`: what was prospective when the run was made is open from its due day on; what somebody claims to be
 * done awaits data until the claim ends, and is as it was from then on.
 */
export const statusAt = (status: string, due: string, work: string): string => `CASE
    WHEN ${status} IN ('open', 'ordered', 'prospective') AND ${work}.claim IS NOT NULL AND ${work}.claim_until >= $day
      THEN 'awaiting-data'
    WHEN ${status} = 'prospective' AND ${due} <= $day THEN 'open' ELSE ${status} END`

/** Gap work by the pids of now: what was written for a source patient follows it. */
const workByPid = `(SELECT coalesce(s.pid, s.spid) AS pid, k.* EXCLUDE (spid) FROM gap_work k JOIN source_patient s ON s.spid = k.spid
    QUALIFY row_number() OVER (PARTITION BY coalesce(s.pid, s.spid), measure_id, group_id ORDER BY version DESC) = 1)`

/** The day since when a gap is due, in days since 1970; of a year or month its first day; the last of all where none is known. */
const dueDay = `coalesce(date_diff('day', DATE '1970-01-01', try_cast(left(g.due_date || '-01-01', 10) AS DATE)), ${noDueDay})::INTEGER`

/** Where a value stands among all of them, the unknown last: lists are ordered by it, and no name stands in an address. */
const rankOf = (value: string): string => `dense_rank() OVER (ORDER BY ${value} NULLS LAST)::INTEGER`

/** What of a run makes work, with the person's facts that lists show: made once for each published run. */
const statements = [
  ...['person', 'gap', 'visit'].map((name) => `DROP TABLE worklist_${name}`),
  worklistLists,
  `CREATE OR REPLACE TEMP TABLE worklist_base AS
   SELECT p.pid, p.name, p.birth_date, p.sex, p.deceased, coalesce(c.inactive, FALSE) AS inactive, h.pid IS NOT NULL AS hospice,
     c.phone, c.language, c.race, c.ethnicity,
     v.payer, a.npi, a.provider_name, a.tin, a.practice, coalesce(m.sources, []) AS sources,
     ${rankOf('lower(p.name)')} AS name_rank, ${rankOf('p.birth_date')} AS age_rank, ${rankOf('a.practice')} AS practice_rank
   FROM person p
   LEFT JOIN (${charts}) c ON c.pid = p.pid
   LEFT JOIN (${coverage}) v ON v.pid = p.pid
   LEFT JOIN (${hospice}) h ON h.pid = p.pid
   LEFT JOIN (${primaryAttribution('attribution')}) a ON a.pid = p.pid
   LEFT JOIN (SELECT coalesce(sp.pid, sp.spid) AS pid, list(DISTINCT s.name ORDER BY s.name) AS sources
     FROM source_patient sp JOIN source s ON s.source_id = sp.source_id GROUP BY 1) m ON m.pid = p.pid
   WHERE p.pid IN (SELECT pid FROM gap WHERE run_id = $runId AND status <> 'not-applicable')
   ORDER BY p.pid`,
  `INSERT INTO worklist_gap SELECT g.pid, g.measure_id, g.group_id, ${statusAt('g.status', 'g.due_date', 'k')}, g.reason_code,
     g.due_date, g.status, k.assigned_to, k.snoozed_until, k.claim, k.claim_until, coalesce(k.version, 0), ${dueDay},
     g.pid IN (SELECT pid FROM ${workByPid} WHERE no_contact), w.deceased OR w.inactive OR w.hospice,
     w.name_rank, w.age_rank, w.practice_rank
   FROM gap g JOIN worklist_base w ON w.pid = g.pid
   LEFT JOIN ${workByPid} k ON k.pid = g.pid AND k.measure_id = g.measure_id AND k.group_id = g.group_id
   WHERE g.run_id = $runId AND g.status <> 'not-applicable' ORDER BY g.pid, g.measure_id, g.group_id`,
  `INSERT INTO worklist_person SELECT b.*, s.* EXCLUDE (pid)
   FROM worklist_base b JOIN (${summarySql('TRUE', '$day')}) s ON s.pid = b.pid ORDER BY b.pid`,
  'DROP TABLE temp.worklist_base',
  'DROP TABLE temp.language_name',
  `INSERT INTO worklist_visit
   SELECT DISTINCT pid, day, time, npi, provider, what FROM (
     SELECT pid, ${localDay('$.start')} AS day, ${localTime('$.start')} AS time, NULL AS npi,
       list_filter(from_json(coalesce(j->'$.participant', '[]'), '[{"actor":{"reference":"VARCHAR","display":"VARCHAR"}}]'),
         lambda x: contains(x.actor.reference, 'Practitioner'))[1].actor.display AS provider,
       coalesce(${text('$.description')}, ${text('$.serviceType[0].text')}, ${text('$.appointmentType.text')}, 'Appointment') AS what
     FROM (${currentInZone('Appointment')}) WHERE ${text('$.status')} IN ('booked', 'pending', 'arrived', 'checked-in')
     UNION ALL
     SELECT pid, ${localDay('$.period.start')}, ${localTime('$.period.start')}, NULL,
       ${text('$.participant[0].individual.display')},
       coalesce(${text('$.type[0].text')}, ${text('$.type[0].coding[0].display')}, 'Visit')
     FROM (${currentInZone('Encounter')}) WHERE ${text('$.status')} IN ('planned', 'arrived', 'in-progress'))
   WHERE day IS NOT NULL ORDER BY pid, day`,
  // A page fetches some fifty people by their pid: without an index that would read every column of everybody.
  'CREATE INDEX worklist_gap_pid ON worklist_gap(pid)',
  'CREATE INDEX worklist_person_pid ON worklist_person(pid)',
  'DELETE FROM worklist_state',
]

/** Builds follow each other: two at once would be two writers of the same tables. */
let lastBuild: Promise<void> = Promise.resolve()

/**
 * The derived tables of the worklist for a published run: made where they are of another run or day, in one transaction, so
 * that readers see the old list or the new one. Calls at the same time wait for the same work.
 */
export async function ensureWorklist(session: Session, runId: number, day: string): Promise<void> {
  if (await isBuilt(session, runId, day)) return
  const before = lastBuild
  const work = before
    .catch(() => undefined)
    .then(async () => {
      if (!(await isBuilt(session, runId, day))) await build(session, runId, day)
    })
  lastBuild = work
  await work
}

async function isBuilt(session: Session, runId: number, day: string): Promise<boolean> {
  const state = await session.first<{ runId: number; day: string }>('SELECT run_id AS "runId", day FROM worklist_state')
  return state?.runId === runId && state.day === day
}

async function build(session: Session, runId: number, day: string): Promise<void> {
  // A session of its own: what is read meanwhile over the caller's must not join the transaction.
  const writer = await session.sibling()
  try {
    await writer.transaction(async () => {
      await writer.run(makeLanguageNames())
      for (const sql of statements) {
        const parameters = { ...(sql.includes('$runId') ? { runId } : {}), ...(sql.includes('$day') ? { day } : {}) }
        await writer.run(sql, parameters)
      }
      await writer.run('INSERT INTO worklist_state VALUES ($runId, $day)', { runId, day })
    })
  } finally {
    writer.close()
  }
}
