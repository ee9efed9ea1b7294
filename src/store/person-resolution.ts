import type { Session } from '../duck/index.ts'
import { derivedUpTo, findChangedLines, linesSince, recordDerived } from './derived-state.ts'
import type { PersonChanges } from './person-changes.ts'
import { forgetPersons } from './person-line.ts'

/**
 * The tables that one resolution of identities works in. They are temporary, belong to the session, and are
 * made anew each time: \`identity_patient\` (a row per source patient, with what its Patient says; \`rank\` orders
 * versions newest first, then by source and id), \`identity_bearer\` (who bears which identifier value),
 * \`identity_link\` (groups of patients tied by one value), \`identity_label\` (the lowest spid each is tied to).
 */
const patientTable = (whose: string): string => `
CREATE OR REPLACE TEMP TABLE identity_patient AS
SELECT p.spid, p.source_id, p.pid AS former_pid, d.rid IS NOT NULL AS present, d.birth_date, d.sex,
  coalesce(d.deceased, false) AS deceased, d.identifiers, d.names,
  row_number() OVER (ORDER BY d.updated_us // 1000 DESC NULLS LAST, s.name, p.patient_id) AS rank
FROM source_patient p JOIN source s USING (source_id) LEFT JOIN patient_said d ON d.spid = p.spid ${whose}`

/** What the changed Patients say, or all of them. */
const saidRows = (since: number): string => `
CREATE OR REPLACE TEMP TABLE new_said AS SELECT rid, spid, updated_us, nullif(trim(said[1]), '') AS birth_date, nullif(lower(trim(said[2])), '') AS sex,
  coalesce(said[3] = 'true', false) OR said[4] IS NOT NULL AS deceased,
  from_json(lists[1], '[{"system":"VARCHAR","value":"VARCHAR","use":"VARCHAR"}]') AS identifiers,
  from_json(lists[2], '[{"use":"VARCHAR","text":"VARCHAR","family":"VARCHAR","given":["VARCHAR"]}]') AS names
FROM (
  SELECT c.rid, c.spid, c.updated_us,
    json_extract_string(l.raw, ['$.birthDate', '$.gender', '$.deceasedBoolean', '$.deceasedDateTime']) AS said,
    json_extract(l.raw, ['$.identifier', '$.name']) AS lists
  FROM ${linesSince(since, `c.type = 'Patient' AND l.type = 'Patient' AND c.spid IS NOT NULL`)})`

/** By what patients are tied. */
export interface Ties {
  /** Systems of identifiers. */
  readonly systems: readonly string[]
  /** A value that more patients of one source bear ties nobody. */
  readonly mostBearers: number
}

/**
 * Brings `patient_said` up to the current Patients: of those alone that changed is the text read. False where nobody is new and
 * those who changed say the same of what they may be tied by: then persons are who they are, and what was found of them stands.
 */
export async function readPatients(session: Session, ties: Ties): Promise<boolean> {
  const since = await derivedUpTo(session, 'patients', '')
  const basis = await basisOf(session, ties)
  const wereResolved = since > 0 && (await derivedUpTo(session, 'persons', basis)) > 0
  if (since > 0) await findChangedLines(session, since, `c.type = 'Patient'`)
  await session.run(saidRows(since))
  const former = since === 0 ? '' : 'WHERE rid IN (SELECT rid FROM temp.changed_line)'
  const others =
    wereResolved &&
    (await session.first(
      `SELECT 1 FROM (SELECT * FROM patient_said ${former}) o FULL JOIN temp.new_said n ON n.rid = o.rid
       WHERE o.spid IS DISTINCT FROM n.spid OR o.birth_date IS DISTINCT FROM n.birth_date OR o.sex IS DISTINCT FROM n.sex
         OR o.identifiers IS DISTINCT FROM n.identifiers LIMIT 1`,
    ))
  await session.run(`DELETE FROM patient_said ${former}`)
  await session.run('INSERT INTO patient_said FROM temp.new_said')
  await recordDerived(session, 'patients', '')
  return !wereResolved || others !== undefined
}

/** Says that persons are who all that is known says they are, in the transaction that made them so. */
export async function recordResolved(session: Session, ties: Ties): Promise<void> {
  await recordDerived(session, 'persons', await basisOf(session, ties))
}

/** What persons are resolved from beside what their Patients say, and who they are. */
async function basisOf(session: Session, ties: Ties): Promise<string> {
  const row = await session.first<{ known: string }>(
    `SELECT (SELECT count(*) || ' ' || coalesce(bit_xor(hash(spid, pid)), 0) FROM source_patient) || ' '
       || (SELECT coalesce(string_agg(source_id || ' ' || name, ' ' ORDER BY source_id), '') FROM source) AS known`,
  )
  return JSON.stringify([ties.systems, ties.mostBearers, row?.known ?? ''])
}

/** Without the white space around it. */
const trimmed = (text: string): string => `trim(${text}, ' ' || chr(9) || chr(10) || chr(13))`

/** Old and temporary identifiers no longer, or not for long, name their bearer: they tie nobody. */
const bearerTable = `
CREATE OR REPLACE TEMP TABLE identity_bearer AS
WITH value AS (
  SELECT DISTINCT spid, source_id, ${trimmed('i.system')} AS system, ${trimmed('i.value')} AS value
  FROM (SELECT spid, source_id, unnest(identifiers) AS i FROM identity_patient)
  WHERE ${trimmed('i.system')} IN (SELECT unnest(from_json($systems::JSON, '["VARCHAR"]')))
    AND ${trimmed('i.value')} <> '' AND coalesce(i.use, '') NOT IN ('old', 'temp'))
SELECT *, $mostBearers::INTEGER AS most, max(bearers) OVER (PARTITION BY system, value) > most AS ignored
FROM (SELECT *, count(*) OVER (PARTITION BY source_id, system, value) AS bearers FROM value)`

/** Ties hold only between patients that both state a full birth date and a sex, and the same. */
const linkTable = `
CREATE OR REPLACE TEMP TABLE identity_link AS
SELECT spid, tie FROM (
  SELECT b.spid, count(*) OVER tied AS size, dense_rank() OVER (ORDER BY b.system, b.value, p.birth_date, p.sex) AS tie
  FROM identity_bearer b JOIN identity_patient p USING (spid)
  WHERE NOT b.ignored AND try_cast(p.birth_date AS DATE) IS NOT NULL AND length(p.birth_date) = 10
    AND p.sex IS NOT NULL AND p.sex <> 'unknown'
  WINDOW tied AS (PARTITION BY b.system, b.value, p.birth_date, p.sex))
WHERE size > 1`

const labelTable = `
CREATE OR REPLACE TEMP TABLE identity_label AS SELECT DISTINCT spid, spid AS label FROM identity_link`

/**
 * One round of FastSV (Zhang, Azad, Hu 2020): the lowest label of labels in each tie goes to its members, to
 * the patients whose label these bear, and everybody takes the label of their label. A group of n patients
 * needs some log(n) rounds, whatever its shape. Once nothing changes, all members of a tie bear one label.
 */
const nextLabels = `
CREATE OR REPLACE TEMP TABLE identity_next AS
WITH onward AS (SELECT l.spid, l.label, x.label AS onward FROM identity_label l JOIN identity_label x ON x.spid = l.label),
  lowest AS (SELECT k.tie, min(o.onward) AS label FROM identity_link k JOIN onward o USING (spid) GROUP BY k.tie),
  proposal AS (
    SELECT k.spid, t.label FROM identity_link k JOIN lowest t USING (tie)
    UNION ALL SELECT o.label, t.label FROM identity_link k JOIN lowest t USING (tie) JOIN onward o USING (spid)
    UNION ALL SELECT spid, onward FROM onward)
SELECT spid, min(label) AS label FROM proposal GROUP BY spid`

/** Makes the tables; afterwards \`identity_label\` holds the connected groups. Returns the rounds it took. */
export async function tieSourcePatients(session: Session, { systems, mostBearers }: Ties): Promise<number> {
  await session.run(patientTable(''))
  await session.run(bearerTable, { systems: JSON.stringify(systems), mostBearers })
  await session.run(linkTable)
  await session.run(labelTable)
  for (let round = 1; ; round += 1) {
    await session.run(nextLabels)
    const row = await session.first<{ changed: number }>(
      'SELECT count(*)::INTEGER AS changed FROM identity_label l JOIN identity_next n USING (spid) WHERE l.label <> n.label',
    )
    await session.run('CREATE OR REPLACE TEMP TABLE identity_label AS FROM identity_next')
    if (row?.changed === 0) return round
  }
}

/** Gives each source patient its pid: the lowest spid of its group, its own where it is tied to nobody. */
export async function assignPids(session: Session): Promise<void> {
  await session.run(`CREATE OR REPLACE TEMP TABLE identity_change AS
    SELECT p.spid, p.former_pid, coalesce(l.label, p.spid) AS pid
    FROM identity_patient p LEFT JOIN identity_label l USING (spid)`)
  await session.run(`UPDATE source_patient SET pid = c.pid FROM identity_change c
    WHERE c.spid = source_patient.spid AND source_patient.pid IS DISTINCT FROM c.pid`)
  await forgetPersons(
    session,
    `SELECT unnest([pid, coalesce(former_pid, spid)]) FROM identity_change WHERE pid <> coalesce(former_pid, spid)`,
  )
}

/**
 * What each person says: per element what the newest version says that says anything (`rank`), dead if any says so. The name is
 * the official one, else the first that is not old.
 */
const personRows = `
    WITH named AS (
      SELECT c.pid, p.*, coalesce(list_filter(names, lambda n: n.use = 'official')[1],
        list_filter(names, lambda n: coalesce(n.use, '') <> 'old')[1]) AS called
      FROM identity_patient p JOIN identity_change c USING (spid)),
    said AS (
      SELECT *, coalesce(nullif(trim(concat_ws(' ', array_to_string(called.given, ' '), called.family)), ''),
        called.text) AS name FROM named)
    SELECT pid, arg_min(birth_date, rank) AS birth_date, arg_min(sex, rank) AS sex, bool_or(deceased) AS deceased,
      arg_min(name, rank) AS name, count(DISTINCT source_id) AS sources
    FROM said GROUP BY pid`

/** Fills `person` anew. */
export async function fillPersons(session: Session): Promise<void> {
  await session.run('DELETE FROM person')
  await session.run(`INSERT INTO person (pid, birth_date, sex, deceased, name, sources) ${personRows} ORDER BY pid`)
}

/** Brings `person` up to what was read last of Patients, where it is whose they are that stays as it was. */
export async function refillPersons(session: Session): Promise<PersonChanges> {
  await session.run(
    patientTable('WHERE p.pid IN (SELECT c.pid FROM source_patient c SEMI JOIN temp.new_said USING (spid))'),
  )
  await session.run(
    'CREATE OR REPLACE TEMP TABLE identity_change AS SELECT spid, former_pid, former_pid AS pid FROM identity_patient',
  )
  const parts = ['birth_date', 'sex', 'deceased', 'name', 'sources']
  await session.run(
    `UPDATE person SET ${parts.map((part) => `${part} = n.${part}`).join(', ')} FROM (${personRows}) n
     WHERE n.pid = person.pid AND (${parts.map((part) => `n.${part} IS DISTINCT FROM person.${part}`).join(' OR ')})`,
  )
  return { created: [], merged: [], split: [], changed: [], gone: [] }
}

/** Removes what the resolution worked in. */
export async function dropResolution(session: Session): Promise<void> {
  const tables = ['patient', 'bearer', 'link', 'label', 'next', 'change'].map((table) => `identity_${table}`)
  await session.run([...tables, 'new_said'].map((table) => `DROP TABLE IF EXISTS temp.${table};`).join('\n'))
}
