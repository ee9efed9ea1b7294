import { expect, test } from 'vitest'
import { silentProgress } from '../../src/base/index.ts'
import type { PersonRecord } from '../../src/fhir/index.ts'
import { readPersonRecord, streamPersonRecords } from '../../src/identity/index.ts'
import { loadData } from '../../src/jobs/index.ts'
import {
  applyDeletions,
  discardJob,
  ensureSource,
  openJob,
  type RawRow,
  readPersonLines,
  readRowsOf,
  refreshPersonLines,
  replaceMappedLines,
  type Store,
  streamPersons,
  streamPersonTexts,
} from '../../src/store/index.ts'
import { readMembers } from '../../src/store/person-members.ts'
import { byMemberId as config, sure } from './same-person.ts'
import { lines, load, newFolder, newStore, observation, patient, write } from './written-export.ts'

const medication = (id: string, code = id): object => ({ resourceType: 'Medication', id, code: { text: code } })
const request = (id: string, of: string, reference: string): object => ({
  resourceType: 'MedicationRequest',
  id,
  status: 'active',
  intent: 'order',
  subject: { reference: `Patient/${of}` },
  requester: { reference: 'Practitioner/p' },
  medicationReference: { reference },
})
const practitioner = (family: string): object => ({ resourceType: 'Practitioner', id: 'p', name: [{ family }] })

const exported = (...resources: readonly object[]): string => write(newFolder(), { 'all.ndjson': lines(...resources) })

const hill = { name: 'hill', timeZone: 'UTC', baseUrl: 'https://ehr.example/fhir/' }

async function refresh(store: Store, source: string, ...resources: readonly object[]): Promise<void> {
  await loadData(store, { path: exported(...resources), source, config, progress: silentProgress })
}

interface Found {
  readonly pid: number
  readonly rows: readonly RawRow[]
  readonly orders: readonly RawRow[]
}

const orders = { types: ['MedicationRequest'], referred: ['Medication'] }

/** Everybody's rows, all and those of a prescription: found together, by a search, and of each alone. Whom `person_line` has. */
async function readBoth(store: Store): Promise<{ searched: Found[]; alone: Found[]; held: number[] }> {
  const searched: Found[] = []
  const alone: Found[] = []
  const held: number[] = []
  const everybody = { fromPid: 0, toPid: 999 }
  const limited: RawRow[] = []
  for await (const { rows } of streamPersons(store.session, { ...everybody, ...orders })) limited.push(...rows)
  for await (const { members, rows } of streamPersons(store.session, everybody)) {
    for (const pid of new Set(members.map((member) => member.pid))) {
      const own = members.filter((member) => member.pid === pid)
      searched.push({
        pid,
        rows: rows.filter((row) => row.pid === pid),
        orders: limited.filter((row) => row.pid === pid),
      })
      alone.push({
        pid,
        rows: await readRowsOf(store.session, own, {}),
        orders: await readRowsOf(store.session, own, orders),
      })
      if ((await readPersonLines(store.session, pid)) !== undefined) held.push(pid)
    }
  }
  return { searched, alone, held }
}

/** Alone each person's record is what a search finds, and what the texts of several hold; `held` are those who are in the table. */
async function expectRecords(store: Store, held: readonly number[]): Promise<void> {
  const found = await readBoth(store)
  expect(found.alone).toEqual(found.searched)
  expect(found.held).toEqual(held)
  // With nobody else, so that several are read.
  const pids = [...found.searched.map(({ pid }) => pid), 998, 999]
  const ofTexts: number[] = []
  for await (const { texts } of streamPersonTexts(store.session, { pids })) ofTexts.push(...texts.keys())
  expect(ofTexts).toEqual(held)
  const told: PersonRecord[] = []
  for await (const record of streamPersonRecords(store.session, { pids })) told.push(record)
  const alone = await Promise.all(pids.map((pid) => readPersonRecord(store.session, pid)))
  expect(told).toEqual(alone.filter((record) => record !== undefined))
}

test('a reference to another server is no reference to what has the same id here', async () => {
  const store = await newStore()
  await ensureSource(store.session, hill)
  const [other, odd] = ['https://other.example/Medication/m1', 'Medication/m_2']
  await refresh(
    store,
    'hill',
    patient('a'),
    patient('b'),
    request('r', 'a', other),
    request('s', 'b', odd),
    medication('m1'),
    medication('m_2'),
  )
  await expectRecords(store, [1, 2])
  const own = await readMembers(store.session, [1])
  expect((await readRowsOf(store.session, own, {})).map(({ type }) => type).sort()).toEqual([
    'MedicationRequest',
    'Patient',
  ])
})

const first = [
  patient('a'),
  patient('b'),
  patient('c'),
  observation('1', 'a'),
  observation('2', 'b'),
  request('r', 'b', 'https://ehr.example/fhir/Medication/m1/_history/3'),
  request('s', 'c', 'Medication/none'),
  medication('m1'),
  practitioner('Lopez'),
]

test('each record comes of the table as a search finds it, with the Medications it names, once it is refreshed', async () => {
  const store = await newStore()
  await ensureSource(store.session, hill)
  await refresh(store, 'hill', ...first)
  await expectRecords(store, [1, 2, 3])
  expect(
    (await readPersonLines(store.session, 2, { own: orders.types, referred: orders.referred }))
      ?.map(({ type }) => type)
      .sort(),
  ).toEqual(['Medication', 'MedicationRequest'])
})

test('whoever a load touches is read by a search until the refresh, and rightly then and after it', async () => {
  const store = await newStore()
  await ensureSource(store.session, hill)
  await refresh(store, 'hill', ...first)
  // A new version, one moved from b to a, a new one for nobody yet known.
  const changes = [observation('1', 'a', { status: 'amended' }), observation('2', 'a'), observation('9', 'd')]
  await load(store, exported(...changes), { source: 'hill' })
  await expectRecords(store, [3])
  await refresh(store, 'hill', ...changes)
  await expectRecords(store, [1, 2, 3, 4])
})

test('a resource that is new, of somebody whose others stay as they were', async () => {
  const store = await newStore()
  await refresh(store, 'hill', ...first)
  await load(store, exported(observation('3', 'c')), { source: 'hill' })
  await expectRecords(store, [1, 2])
})

test('a Medication that changes, or comes at last, is in the records that name it', async () => {
  const store = await newStore()
  await ensureSource(store.session, hill)
  await refresh(store, 'hill', ...first)
  await load(store, exported(medication('m1', 'other'), medication('none')), { source: 'hill' })
  await expectRecords(store, [1, 2, 3])
  await refresh(store, 'hill', medication('m1', 'other'), medication('none'))
  await expectRecords(store, [1, 2, 3])
})

test('the first Medication of a store is found by those who named it before', async () => {
  const store = await newStore()
  await refresh(store, 'hill', patient('a'), patient('b'), request('r', 'b', 'Medication/m1'))
  await expectRecords(store, [1, 2])
  await load(store, exported(medication('m1')), { source: 'hill' })
  await expectRecords(store, [])
  await refresh(store, 'hill', medication('m1'))
  await expectRecords(store, [1, 2])
})

test('who wrote it changes, and the records that name them', async () => {
  const store = await newStore()
  await ensureSource(store.session, hill)
  await refresh(store, 'hill', ...first)
  await load(store, exported(practitioner('Moreau')), { source: 'hill' })
  await expectRecords(store, [1, 2, 3])
  expect((await readPersonLines(store.session, 2))?.some(({ raw }) => raw.includes('Moreau'))).toBe(true)
})

test('what is deleted is in no record', async () => {
  const store = await newStore()
  await ensureSource(store.session, hill)
  await refresh(store, 'hill', ...first)
  const deletions = [
    { type: 'Observation', id: '1' },
    { type: 'Medication', id: 'm1' },
  ]
  await store.session.transaction(() =>
    applyDeletions(store.session, { source: 'hill', origin: 'told', jobId: undefined, deletions }),
  )
  await expectRecords(store, [2, 3])
  await refresh(store, 'hill')
  await expectRecords(store, [1, 2, 3])
})

test('two who become one person, and are two again', async () => {
  const store = await newStore()
  await refresh(store, 'hill', patient('a', sure('77')), patient('b'), observation('1', 'a'))
  await refresh(store, 'dale', patient('x'), patient('y'), observation('5', 'y'))
  await expectRecords(store, [1, 2, 3, 4])
  await refresh(store, 'dale', patient('x'), patient('y', sure('77')))
  await expectRecords(store, [1, 2, 3])
  await refresh(store, 'dale', patient('x'), patient('y'))
  await expectRecords(store, [1, 2, 3, 4])
})

test('a text with codes mapped takes the place of the one received, at once', async () => {
  const store = await newStore()
  await ensureSource(store.session, hill)
  await refresh(store, 'hill', ...first)
  await expectRecords(store, [1, 2, 3])
  const [row] = await store.session.all<{ rid: string; hash: string }>(
    `SELECT rid::VARCHAR AS rid, hash::VARCHAR AS hash FROM resource_current WHERE type = 'Observation' AND id = '1'`,
  )
  const raw = JSON.stringify(observation('1', 'a', { status: 'mapped' }))
  await replaceMappedLines(
    store.session,
    [{ rid: row?.rid ?? '', hash: row?.hash ?? '', type: 'Observation', raw }],
    true,
  )
  await expectRecords(store, [1, 2, 3])
  expect((await readPersonLines(store.session, 1))?.some((line) => line.raw === raw)).toBe(true)
})

test('rows that were moved in raw_line are not taken for others', async () => {
  const store = await newStore()
  await refresh(store, 'dale', patient('x'))
  await ensureSource(store.session, hill)
  await refresh(store, 'hill', ...first)
  // One of several is lost, then all are others.
  await store.session.run(`UPDATE person_line SET line = 999 WHERE type = 'Observation'`)
  await expectRecords(store, [1, 4])
  await store.session.run(`UPDATE person_line SET line = line - 1 WHERE line > 0`)
  await expectRecords(store, [1])
  await store.session.run(`UPDATE person_line SET line = 999 WHERE line > 0`)
  await expectRecords(store, [1])
})

test('a load that is taken back, and a base that becomes another, empty the table', async () => {
  const store = await newStore()
  await refresh(store, 'hill', ...first)
  const sourceId = await ensureSource(store.session, hill)
  await expectRecords(store, [])
  await refreshPersonLines(store.session)
  await expectRecords(store, [1, 2, 3])
  const { jobId } = await openJob(store.session, { sourceId, origin: 'x', files: [] })
  await discardJob(store.session, jobId, 'stopped')
  await expectRecords(store, [])
})

test('many refreshes leave the table in order of persons, whole', async () => {
  const store = await newStore()
  await ensureSource(store.session, hill)
  await refresh(store, 'hill', ...first)
  for (const status of ['preliminary', 'final', 'amended', 'corrected'])
    await refresh(store, 'hill', observation('1', 'a', { status }), observation('2', 'b', { status }))
  await expectRecords(store, [1, 2, 3])
  const rows = await store.session.all<{ pid: number }>('SELECT pid FROM person_line ORDER BY rowid')
  const pids = rows.map(({ pid }) => pid)
  expect(new Set(pids).size).toBeLessThan(pids.length)
  expect(pids.filter((pid, at) => at > 0 && pid !== pids[at - 1])).toEqual([...new Set(pids)].slice(1))
})

test('after refreshes of all kinds the table is what it would be if it were made anew', async () => {
  const store = await newStore()
  await ensureSource(store.session, hill)
  await refresh(store, 'hill', ...first, request('t', 'b', 'Medication/m2'), medication('m2'), patient('e'))
  // Another Medication is named, one by nobody any more; one is new, one moved, one for somebody new, one from nobody to somebody.
  await refresh(store, 'hill', request('r', 'b', 'Medication/m2'), request('u', 'a', 'Medication/m3'), medication('m3'))
  await refresh(store, 'hill', observation('2', 'a'), observation('7', 'f'), request('t', 'c', 'Medication/m1'))
  await refresh(store, 'hill', { ...medication('m3'), subject: { reference: 'Patient/a' } }, practitioner('Moreau'))
  await store.session.transaction(() =>
    applyDeletions(store.session, {
      source: 'hill',
      origin: 'told',
      jobId: undefined,
      deletions: [
        { type: 'MedicationRequest', id: 't' },
        { type: 'Patient', id: 'e' },
      ],
    }),
  )
  await refresh(store, 'hill', patient('b', { birthDate: '1971-01-01' }))
  const table = () => store.session.all('SELECT * FROM person_line ORDER BY ALL')
  const followed = await table()
  await store.session.run('DELETE FROM person_line')
  await refreshPersonLines(store.session)
  expect(followed).toEqual(await table())
})
