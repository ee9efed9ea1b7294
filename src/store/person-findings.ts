import type { Session } from '../duck/index.ts'

/**
 * Lists, anew, what a resolution met (its temporary tables must stand): identifier values that too many patients
 * of one source bear; values whose bearers are not one person, by why; source patients without a Patient.
 * Messages hold no identifier value.
 */
export async function listIdentityFindings(session: Session): Promise<void> {
  await session.run('DELETE FROM identity_finding')
  await session.run(sharedValues)
  await session.run(conflicts)
  await session.run(missingPatients)
}

/** How many there are of each code. */
export async function countIdentityFindings(session: Session): Promise<Readonly<Record<string, number>>> {
  const rows = await session.all<{ code: string; findings: number }>(
    'SELECT code, count(*)::INTEGER AS findings FROM identity_finding GROUP BY code ORDER BY code',
  )
  return Object.fromEntries(rows.map((row) => [row.code, row.findings]))
}

const sharedValues = `
INSERT INTO identity_finding (code, message, source_id, identifier_system, spids)
SELECT 'identity/identifier-shared',
  'One identifier value is borne by ' || count(*) || ' patients of source ' || s.name || '; it ties nobody.',
  source_id, system, list(spid ORDER BY spid)
FROM identity_bearer JOIN source s USING (source_id)
WHERE ignored GROUP BY source_id, s.name, system, value, most HAVING count(*) > most
ORDER BY source_id, system, min(spid)`

/** Birth dates agree where each is the beginning of the longest one; so do sexes where one is stated. */
const conflicts = `
INSERT INTO identity_finding (code, message, source_id, identifier_system, spids)
WITH claim AS (
  SELECT b.system, b.value, b.spid, c.pid, p.birth_date, nullif(p.sex, 'unknown') AS sex
  FROM identity_bearer b JOIN identity_patient p USING (spid) JOIN identity_change c USING (spid)
  WHERE NOT b.ignored),
shared AS (
  SELECT system, list(spid ORDER BY spid) AS spids, count(DISTINCT sex) > 1 AS other_sex,
    bool_or(NOT starts_with(longest, birth_date)) AS other_birth_date
  FROM (SELECT *, max(birth_date) OVER (PARTITION BY system, value) AS longest FROM claim)
  GROUP BY system, value HAVING count(DISTINCT pid) > 1),
reason AS (
  SELECT *, unnest(list_filter([
    CASE WHEN other_birth_date IS TRUE THEN 'identity/birth-date-differs' END,
    CASE WHEN other_sex THEN 'identity/sex-differs' END,
    CASE WHEN other_birth_date IS NOT TRUE AND NOT other_sex THEN 'identity/not-confirmed' END], lambda c: c IS NOT NULL)) AS code
  FROM shared)
SELECT code, CASE code
    WHEN 'identity/birth-date-differs' THEN 'Patients share an identifier value and differ in birth date; they were not merged.'
    WHEN 'identity/sex-differs' THEN 'Patients share an identifier value and differ in sex; they were not merged.'
    ELSE 'Patients share an identifier value, but not all state a full birth date and a sex; those were not merged.' END,
  NULL, system, spids
FROM reason ORDER BY code, system, spids`

const missingPatients = `
INSERT INTO identity_finding (code, message, source_id, identifier_system, spids)
SELECT 'identity/patient-missing',
  count(*) || ' patients of source ' || s.name || ' are named by resources, but their Patient is missing.',
  source_id, NULL, list(spid ORDER BY spid)
FROM identity_patient JOIN source s USING (source_id) WHERE NOT present GROUP BY source_id, s.name ORDER BY source_id`
