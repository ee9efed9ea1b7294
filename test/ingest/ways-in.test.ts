import { expect, test } from 'vitest'
import { defaultConfig, silentProgress } from '../../src/base/index.ts'
import { loadData } from '../../src/jobs/index.ts'
import { contents, lines, load, manifest, newFolder, newStore, observation, patient, write } from './written-export.ts'

const onePatient = { 'Patient.ndjson': lines(patient('1')) }

test('of several folders those without a manifest are loaded too; what holds no resources is none', async () => {
  const folder = newFolder()
  write(`${folder}/a`, { ...onePatient, 'manifest.json': manifest({ type: 'Patient', url: 'Patient.ndjson' }) })
  write(`${folder}/b`, { 'Patient.ndjson.gz': lines(patient('2')) })
  write(`${folder}/truth`, { 'persons.ndjson.gz': lines({ person: 1, members: ['a/1'] }) })
  const store = await newStore()
  const report = await load(store, folder)
  expect(report.exports.map(({ source, state }) => [source, state])).toEqual([
    ['a', 'published'],
    ['b', 'published'],
  ])
})

test.each(['', 'A B', 'a/b', 'a.b', '-a'])("'%s' is no name for a source", async (source) => {
  const store = await newStore()
  const folder = write(newFolder(), onePatient)
  await expect(load(store, folder, { source })).rejects.toMatchObject({
    exitCode: 2,
    diagnostics: [{ code: 'ingest/source-name', remedy: expect.stringContaining('--source lakeside') }],
  })
  expect(await contents(store)).toEqual([])
})

test('the same files again are told as unchanged without another job; a changed file is loaded', async () => {
  const store = await newStore()
  const twice = lines(patient('1'), patient('1'), '{cut')
  const folder = write(newFolder(), { 'Patient.ndjson': twice, 'Observation.ndjson': lines(observation('o', '1')) })
  const first = await load(store, folder, { source: 'ehr' })
  expect(first.total).toMatchObject({ lines: 4, good: 3, inserted: 2, duplicate: 1, quarantined: 1 })
  const again = await load(store, folder, { source: 'ehr' })
  expect(again.total).toMatchObject({ lines: 4, good: 3, inserted: 0, unchanged: 2, duplicate: 1, quarantined: 1 })
  expect(again.exitCode).toBe(1)
  const jobs = () => store.session.all<{ job_id: number }>('SELECT job_id FROM job')
  expect(await jobs()).toHaveLength(1)

  write(folder, { 'Observation.ndjson': lines(observation('o', '1', { status: 'amended' })) })
  expect((await load(store, folder, { source: 'ehr' })).total).toMatchObject({ updated: 1, unchanged: 1 })
  expect(await jobs()).toHaveLength(2)
  // What was loaded before the last job is not what is current: it is loaded anew.
  write(folder, { 'Observation.ndjson': lines(observation('o', '1')) })
  expect((await load(store, folder, { source: 'ehr' })).total).toMatchObject({ updated: 1 })
})

test('a roster that cannot be read refuses all before anything is loaded', async () => {
  const store = await newStore()
  const folder = write(newFolder(), { ...onePatient, 'roster.csv': 'npi,tin,practice,provider,from,to\n123,x,y,z,,\n' })
  const config = { ...defaultConfig, roster: `${folder}/roster.csv` }
  const request = { path: folder, source: 'ehr', config, progress: silentProgress }
  await expect(loadData(store, request)).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringContaining('roster.csv:npi:2'),
  })
  expect(await contents(store)).toEqual([])
})
