// Two defines of a published measure (breast cancer screening: its initial population and numerator) as somebody who knows
// the tables would write them in SQL, with three-valued logic, beside what the compiler makes of the same two defines.
// Their letters must be the same for everybody; the ratio of the times is the price of generality.
const { unwrap } = await import('../../dist/base/index.js')
const { foldSystem } = await import('../../dist/fhir/index.js')
const { createSetProgram, planOverHeld, runSetProgram } = await import('../../dist/compile/index.js')
const { readMergedPatients } = await import('../../dist/identity/index.js')
const { openSlices, slicedTables } = await import('../../dist/store/index.js')

const valueSet = (oid) => `http://cts.nlm.nih.gov/fhir/ValueSet/2.16.840.1.113883.3.${oid}`
const visits = ['526.3.1240', ...[12, 1001, 1016, 1025, 1023, 1080, 1089].slice(1).map((n) => `464.1003.101.12.${n}`)]
const mammography = '464.1003.108.12.1018'
const sexUrl = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-sex'

const and3 = (terms) =>
  `CASE WHEN ${terms.map((t) => `(${t}) IS FALSE`).join(' OR ')} THEN 'f' WHEN ${terms.map((t) => `(${t}) IS TRUE`).join(' AND ')} THEN 't' ELSE 'n' END`

/** The concepts of value sets, as the tables number them. */
async function conceptsOf(session, content, oids) {
  const wanted = new Set(
    oids.flatMap((oid) =>
      (content.valueSets.find(valueSet(oid))?.members ?? []).map(({ system, code }) => `${foldSystem(system)}|${code}`),
    ),
  )
  const codings = await session.all(
    `SELECT t.cid, d.system, d.code FROM (SELECT cid, unnest(coding_ids) AS coding_id FROM concept) t JOIN coding d USING (coding_id)`,
  )
  return [...new Set(codings.filter(({ system, code }) => wanted.has(`${system}|${code}`)).map(({ cid }) => cid))]
}

const list = (cids) => `CAST([${cids.join(', ')}] AS INTEGER[])`

/** A moment's day is surely within two days, both included. */
const within = (point, from, to) =>
  `date_trunc('day', (${point}).lo) >= DATE '${from}' AND date_trunc('day', (${point}).hi) <= DATE '${to}'`

async function queryOf(session, content) {
  const [visit, mammogram] = [
    await conceptsOf(session, content, visits),
    await conceptsOf(session, content, [mammography]),
  ]
  const imaging = await session.all(
    `SELECT DISTINCT t.cid FROM (SELECT cid, unnest(coding_ids) AS coding_id FROM concept) t JOIN coding d USING (coding_id)
     WHERE d.code = 'imaging' AND d.system = 'http://terminology.hl7.org/CodeSystem/observation-category'`,
  )
  const age = `date_diff('year', birth, DATE '2026-12-31') - CASE WHEN strftime(birth, '%m-%d') > '12-31' THEN 1 ELSE 0 END`
  return `WITH seen AS (
    SELECT DISTINCT pid FROM set_typed_encounter WHERE status = 'finished' AND list_has_any(type, ${list(visit)})
      AND ${within('period."start"', '2026-01-01', '2026-12-31')} AND ${within('period."end"', '2026-01-01', '2026-12-31')}
  ), imaged AS (
    SELECT DISTINCT pid FROM set_typed_observation WHERE list_contains(${list(mammogram)}, code)
      AND status IN ('final', 'amended', 'corrected') AND list_has_any(category, ${list(imaging.map(({ cid }) => cid))})
      AND ${within('coalesce("effectiveDateTime", "effectivePeriod"."end")', '2024-10-01', '2026-12-31')}
  ), patient AS (
    SELECT pid, any_value("birthDate".lo) AS birth,
      any_value(list_filter(extension, lambda e: e.url = '${sexUrl}')[1]."valueCode") AS sex
    FROM set_typed_patient GROUP BY pid
  )
  SELECT p.pid, ${and3([`${age} BETWEEN 42 AND 74`, `sex = '248152002'`, `s.pid IS NOT NULL`])} AS ip,
    CASE WHEN i.pid IS NOT NULL THEN 't' ELSE 'f' END AS num
  FROM set_person p LEFT JOIN patient ON patient.pid = p.pid LEFT JOIN seen s ON s.pid = p.pid LEFT JOIN imaged i ON i.pid = p.pid
  ORDER BY p.pid`
}

export async function compareByHand({ store, chosen, content, period, timed }) {
  const measure = chosen.find(({ id }) => id.startsWith('CMS125FHIR'))
  if (measure === undefined) return undefined
  const session = await store.database.connect()
  const logic = { closure: measure.closure, defines: ['Initial Population', 'Numerator'] }
  const data = { tables: slicedTables, valueSets: content.valueSets, period }
  const { made } = await planOverHeld(
    session,
    (stored) => createSetProgram(logic, { ...data, stored }),
    (one) => (one.ok ? one.value.reads : []),
  )
  const program = unwrap(made)
  const slices = await openSlices(session, readMergedPatients)
  const [everybody] = await slices.chunks(10_000_000)
  await slices.cut(everybody)
  const query = await queryOf(session, content)
  const ours = await timed(async () => {
    const letters = new Map()
    await session.run('BEGIN TRANSACTION')
    for await (const rows of runSetProgram(session, program))
      for (const { pid, letters: own, irregular } of rows) if (!irregular) letters.set(pid, own)
    await session.run('ROLLBACK')
    return letters
  })
  const byHand = await timed(async () => {
    const letters = new Map()
    for await (const rows of session.stream(query)) for (const { pid, ip, num } of rows) letters.set(pid, `${ip}${num}`)
    return letters
  })
  const different = [...ours.value].filter(([pid, letters]) => byHand.value.get(pid) !== letters)
  const kinds = {}
  for (const [pid, letters] of different) {
    const kind = `${letters}/${byHand.value.get(pid)}`
    kinds[kind] = (kinds[kind] ?? 0) + 1
  }
  session.close()
  return { persons: ours.value.size, different: different.length, kinds, oursCpu: ours.cpu, handCpu: byHand.cpu }
}
