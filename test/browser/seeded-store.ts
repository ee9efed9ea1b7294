import type { Session } from '../../src/duck/index.ts'
import { openStore, type Store } from '../../src/store/index.ts'
import { seededDefines, seededMeasures } from './seeded-measures.ts'

const given = ['Ana', 'Ben', 'Chloe', 'David', 'Elena', 'Farid', 'Grace', 'Hugo', 'Ines', 'Jonas', 'Kemi', 'Liam']
const family = ['Okafor', 'Nguyen', 'Silva', 'Weber', 'Haddad', 'Kowalski', 'Martinez', "O'Brien", 'Singh', 'Larsen']
const practices = [
  'Harbor Family Medicine',
  'Lakeside Internal Medicine',
  'North <Clinic> & Sons',
  'Riverside Health',
  'Summit Primary Care',
]
const sources = ['harbor', 'lakeside', 'summit']
const people = 260

/** Numbers between 0 and 1 that are the same in every run. */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

async function insert(session: Session, table: string, shape: string, rows: readonly object[]): Promise<void> {
  await session.run(
    `INSERT INTO ${table} BY NAME SELECT unnest(from_json($rows::JSON, '[${shape}]'), max_depth := 2)`,
    { rows: JSON.stringify(rows) },
  )
}

/** A store in memory with sources, people and files, and no run yet. */
export async function openLoadedStore(): Promise<Store> {
  const store = await openStore({ path: ':memory:' })
  const { session } = store
  const loaded = '2025-11-20 04:10:00'
  await insert(
    session,
    'source',
    '{"source_id":"SMALLINT","name":"VARCHAR","time_zone":"VARCHAR","created_at":"TIMESTAMP"}',
    sources.map((name, index) => ({ source_id: index + 1, name, time_zone: 'America/New_York', created_at: loaded })),
  )
  await insert(
    session,
    'job',
    '{"job_id":"INTEGER","kind":"VARCHAR","source_id":"SMALLINT","origin":"VARCHAR","state":"VARCHAR","transaction_time":"VARCHAR","started_at":"TIMESTAMP","finished_at":"TIMESTAMP"}',
    sources.map((name, index) => ({
      job_id: index + 1,
      kind: 'ingest',
      source_id: index + 1,
      origin: name,
      state: 'done',
      transaction_time: '2025-11-20T03:00:00Z',
      started_at: loaded,
      finished_at: loaded,
    })),
  )
  await insert(
    session,
    'source_file',
    '{"file_id":"INTEGER","job_id":"INTEGER","source_id":"SMALLINT","path":"VARCHAR","declared_type":"VARCHAR","bytes":"BIGINT","sha256":"VARCHAR","state":"VARCHAR","lines":"BIGINT","good":"BIGINT","quarantined":"BIGINT","inserted":"BIGINT","updated":"BIGINT","unchanged":"BIGINT","duplicate":"BIGINT","finished_at":"TIMESTAMP"}',
    sources.flatMap((name, index) =>
      ['Condition', 'Encounter', 'Observation', 'Patient'].map((type, position) => ({
        file_id: index * 4 + position + 1,
        job_id: index + 1,
        source_id: index + 1,
        path: `${name}/${type}.ndjson.gz`,
        declared_type: type,
        bytes: 120_000,
        sha256: 'a'.repeat(64),
        state: 'done',
        lines: 1200 * (position + 1),
        good: 1200 * (position + 1) - (position === 2 ? 3 : 0),
        quarantined: position === 2 ? 3 : 0,
        inserted: 1200 * (position + 1) - 10,
        updated: 0,
        unchanged: 0,
        duplicate: 7,
        finished_at: loaded,
      })),
    ),
  )
  await session.run(`INSERT INTO quarantine SELECT file_id, 10 * n, 0, CASE n WHEN 1 THEN 'ingest/malformed-line' ELSE 'ingest/not-a-resource' END,
    CASE n WHEN 1 THEN 'The line is not JSON.' ELSE 'The line has no resourceType.' END, 'x'::BLOB
    FROM source_file, (SELECT unnest([1, 2, 3]) AS n) WHERE quarantined > 0`)
  await seedPeople(session)
  return store
}

async function seedPeople(session: Session): Promise<void> {
  const roll = dice(7)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(roll() * from.length)] as T
  const persons = Array.from({ length: people }, (_, index) => ({
    pid: index + 1,
    birth_date:
      index % 40 === 0
        ? '1961'
        : `${1940 + Math.floor(roll() * 60)}-0${1 + Math.floor(roll() * 9)}-1${Math.floor(roll() * 9)}`,
    sex: pick(['female', 'male']),
    deceased: roll() < 0.02,
    name: `${pick(family)}, ${pick(given)}`,
    sources: roll() < 0.2 ? 2 : 1,
  }))
  await insert(
    session,
    'person',
    '{"pid":"INTEGER","birth_date":"VARCHAR","sex":"VARCHAR","deceased":"BOOLEAN","name":"VARCHAR","sources":"SMALLINT"}',
    persons,
  )
  const patients = persons.flatMap(({ pid, sources: count }) =>
    Array.from({ length: count }, (_, at) => ({
      spid: pid * 2 + at,
      source_id: ((pid + at) % 3) + 1,
      patient_id: `p-${pid}-${at}`,
      pid,
    })),
  )
  await insert(
    session,
    'source_patient',
    '{"spid":"INTEGER","source_id":"SMALLINT","patient_id":"VARCHAR","pid":"INTEGER"}',
    patients,
  )
  await insert(
    session,
    'attribution',
    '{"pid":"INTEGER","npi":"VARCHAR","provider_name":"VARCHAR","tin":"VARCHAR","practice":"VARCHAR","source_id":"SMALLINT","visits":"INTEGER","last_visit":"VARCHAR"}',
    persons
      .filter(({ pid }) => pid % 17 !== 0)
      .map(({ pid }) => ({
        pid,
        npi: '1234567893',
        provider_name: `Dr. ${family[pid % 10]}`,
        tin: `00000000${pid % 5}`,
        practice: practices[pid % 5],
        source_id: (pid % 3) + 1,
        visits: 1 + (pid % 4),
        last_visit: '2025-09-12',
      })),
  )
  await session.run(
    `INSERT INTO identity_finding VALUES ('identity/birth-date-differs', 'Two patients share an identifier and differ in birth date; they stay apart.', 1, 'http://example.org/mrn', [2, 4])`,
  )
  await session.run(`INSERT INTO raw_line SELECT spid * 10 + n, spid * 10 + n, spid, source_id, t, t || '-' || spid, '1', '2025-10-01T10:00:00Z', 1, n,
      json_object('resourceType', t, 'id', t || '-' || spid, 'status', 'final', 'code', json_object('text', CASE WHEN t = 'Condition' AND spid % 3 = 0 THEN 'Type 2 diabetes mellitus' ELSE 'Hemoglobin A1c' END), 'effectiveDateTime', '2025-0' || (1 + spid % 9) || '-14', 'valueQuantity', json_object('value', 9.4, 'unit', '%'))::VARCHAR
    FROM source_patient, (SELECT unnest([1, 2, 3]) AS n, unnest(['Patient', 'Observation', 'Condition']) AS t)`)
  await session.run(
    'INSERT INTO resource_current BY NAME SELECT rid, hash, spid, source_id, type, id, 1 AS changed_seq, false AS deleted FROM raw_line',
  )
}

/** A loaded store with one published run of the seeded measures. */
export async function openSeededStore(): Promise<Store> {
  const store = await openLoadedStore()
  const { session } = store
  await session.run(
    `INSERT INTO run VALUES (1, 'published', 'interpreter', '2025-01-01', '2025-12-31', 'America/New_York', repeat('b', 64), '0.1.0', '2025-11-20 04:20:00', '2025-11-20 04:21:12', ${people}, 1)`,
  )
  await session.run('INSERT INTO run_lineage VALUES (1, 1)')
  for (const measure of seededMeasures) {
    const defines = seededDefines(measure.id === 'blood-pressure' ? 'Most Recent Reading' : 'Lowest Glycemic Reading')
    await session.run(
      `INSERT INTO run_measure VALUES (1, $id, $url, $version, $title, $hash, 'done', from_json($defines::JSON, '["VARCHAR"]'), '[]')`,
      {
        id: measure.id,
        url: measure.url,
        version: measure.version,
        title: measure.title,
        hash: measure.contentHash,
        defines: JSON.stringify(defines),
      },
    )
  }
  await session.run(`INSERT INTO run_measure VALUES (1, 'broken-measure', 'http://example.org/Measure/broken-measure', '0.1', 'A measure that does not translate', repeat('e', 64), 'failed', [],
    '[{"code":"elm/translation-failed","message":"Could not resolve identifier Foo.","severity":"error","place":{"library":"Broken","line":12,"column":3},"remedy":"Correct the CQL."}]')`)
  await session.run(
    `INSERT INTO error_row BY NAME SELECT 1 AS run_id, 1 AS lineage, 'blood-pressure' AS measure_id, 9 AS pid, 'interpret/operator-unknown' AS code,
       'The operator is not known.' AS message, '{"library":"bloodpressure","define":"Numerator"}' AS place`,
  )
  await session.run(
    `INSERT INTO code_map VALUES
       (1, 'proposed', 'code', 'harbor', 'urn:harbor:problems', 'DM2', 'http://hl7.org/fhir/sid/icd-10-cm', 'E11.9',
        'Type 2 diabetes mellitus without complications', 2, '2025-11-21 10:00:00', 'mara', NULL, NULL, NULL, NULL),
       (2, 'retired', 'code', 'harbor', 'urn:harbor:problems', 'DM2', 'http://hl7.org/fhir/sid/icd-10-cm', 'E10.9',
        'Type 1 diabetes mellitus without complications', 1, '2025-10-02 10:00:00', 'mara', '2025-10-03 08:00:00', 'ines', '2025-11-20 09:00:00', 'ines')`,
  )
  for (const [index, measure] of seededMeasures.entries()) await seedResults(session, measure.id, index)
  return store
}

const flag = (value: boolean) => (value ? 't' : 'f')

async function seedResults(session: Session, measureId: string, index: number): Promise<void> {
  const roll = dice(11 + index)
  const rows = Array.from({ length: people }, (_, at) => {
    const inside = roll() < 0.55
    const excluded = inside && roll() < 0.06
    const met = inside && !excluded && roll() < (index === 0 ? 0.27 : 0.68)
    return { pid: at + 1, inside, excluded, met, measured: roll() < 0.8 }
  })
  await insert(
    session,
    'result_row',
    '{"run_id":"INTEGER","lineage":"INTEGER","measure_id":"VARCHAR","group_id":"VARCHAR","pid":"INTEGER","initial_population":"INTEGER","denominator":"INTEGER","denominator_exclusion":"INTEGER","numerator":"INTEGER","defines":"VARCHAR","evidence":"STRUCT(define USMALLINT, rid BIGINT)[]"}',
    rows.map((row) => ({
      run_id: 1,
      lineage: 1,
      measure_id: measureId,
      group_id: 'group-1',
      pid: row.pid,
      initial_population: Number(row.inside),
      denominator: Number(row.inside),
      denominator_exclusion: Number(row.excluded),
      numerator: Number(row.met),
      defines: `${flag(row.inside)}${row.inside ? 'l' : 'z'}${flag(row.inside)}${flag(row.excluded)}${row.measured ? 'v' : 'n'}${flag(row.met)}`,
      evidence: row.inside
        ? [
            { define: 1, rid: row.pid * 20 + 3 },
            { define: 4, rid: row.pid * 20 + 2 },
          ]
        : [],
    })),
  )
  await insert(
    session,
    'gap_row',
    '{"run_id":"INTEGER","lineage":"INTEGER","measure_id":"VARCHAR","group_id":"VARCHAR","pid":"INTEGER","status":"VARCHAR","reason_code":"VARCHAR","sentence":"VARCHAR","evidence":"JSON","next_action":"VARCHAR","due_date":"VARCHAR"}',
    rows.map((row) => {
      const open = row.inside && !row.excluded && row.met === (index === 0)
      const status = !row.inside ? 'not-applicable' : row.excluded ? 'excluded' : open ? 'open' : 'closed'
      return {
        run_id: 1,
        lineage: 1,
        measure_id: measureId,
        group_id: 'group-1',
        pid: row.pid,
        status,
        reason_code: 'result-out-of-range',
        sentence: sentenceOf(status, index),
        evidence: row.inside
          ? [
              {
                rid: String(row.pid * 20 + 2),
                source: sources[row.pid % 3],
                type: 'Observation',
                id: `Observation-${row.pid * 2}`,
                define: 'Numerator',
                what: index === 0 ? 'Hemoglobin A1c' : 'Blood pressure',
                when: `2025-0${1 + (row.pid % 9)}-14`,
                value: index === 0 ? '9.4 %' : '152/88 mm[Hg]',
              },
            ]
          : [],
        ...(open
          ? {
              next_action:
                index === 0 ? 'Order or record an HbA1c or GMI.' : 'Take the blood pressure again and record it.',
              due_date: '2025-12-31',
            }
          : {}),
      }
    }),
  )
}

function sentenceOf(status: string, index: number): string {
  const what = index === 0 ? 'HbA1c of 9.4% on Mar 14, 2025' : 'blood pressure of 152/88 on Mar 14, 2025'
  const sentences: Readonly<Record<string, string>> = {
    open: `Counted as a gap: the latest result is an ${what}, outside the goal.`,
    closed: 'Meets the goal: the latest result in the period is within it.',
    excluded: 'Not counted: in hospice during the period.',
    'not-applicable': 'Not in this measure: no qualifying diagnosis in the period.',
  }
  return sentences[status] ?? ''
}
