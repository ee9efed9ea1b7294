import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { streamRawByPerson } from '../../src/store/index.ts'
import { askForAll } from '../ingest/typed-store.ts'
import type { ServedFile } from './bulk-server.ts'
import {
  configFor,
  currentIds,
  lines,
  newStore,
  observation,
  patient,
  pull,
  serve,
  smallExport,
  smallIds,
} from './pulled.ts'
import { answers, cutsFile, says } from './wire-faults.ts'

const at = (time: string) => ({ meta: { lastUpdated: time } })
const deletes = (...urls: readonly string[]): ServedFile => ({
  section: 'deleted',
  type: 'Bundle',
  text: lines({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: urls.map((url) => ({ request: { method: 'DELETE', url } })),
  }),
})

test('the next pull asks from the watermark: the export’s time or the server’s clock, less the overlap', async () => {
  const server = await serve({ files: smallExport, transactionTime: '2026-03-01T10:00:00+0100' })
  const store = await newStore()
  const config = configFor(server, { types: ['Patient', 'Observation'], overlapMinutes: 10 })
  expect((await pull(store, config)).watermark).toBe('2026-03-01T08:50:00.000Z')
  expect(server.of('kick-off')[0]?.query.get('_since')).toBeNull()

  server.become({
    files: [{ type: 'Patient', text: lines(patient('b', { active: true }), patient('d')), count: 2 }],
    transactionTime: '2099-01-01T00:00:00Z',
  })
  const second = await pull(store, config)
  expect(server.of('kick-off')[1]?.query.get('_since')).toBe('2026-03-01T08:50:00.000Z')
  expect(server.of('kick-off')[1]?.query.get('_type')).toBe('Patient,Observation')
  expect(second.loaded?.ingest.total).toMatchObject({ inserted: 1, updated: 1 })
  // A time of the job's end, or of a clock that is wrong, is not believed beyond the kick-off's own date.
  expect(new Date(second.watermark ?? '').getTime()).toBeLessThan(Date.now())
  expect(await currentIds(store)).toEqual([...smallIds, 'Patient/d'])
})

test('nothing new: an empty refresh is complete, and loads nothing', async () => {
  const server = await serve({ files: smallExport })
  const store = await newStore()
  await pull(store, configFor(server))
  server.become({ files: [], transactionTime: '2026-04-01T00:00:00Z' })
  const second = await pull(store, configFor(server))
  expect(second).toMatchObject({ exitCode: 0, resources: 0, watermark: '2026-03-31T23:45:00.000Z' })
  expect(await currentIds(store)).toEqual(smallIds)
})

test('another scope, or --full, or a server that is not incremental, asks for everything', async () => {
  const server = await serve({ files: smallExport })
  const store = await newStore()
  await pull(store, configFor(server))
  await pull(store, configFor(server, { typeFilters: ['Observation?status=final'] }))
  await pull(store, configFor(server), { full: true })
  await pull(store, configFor(server, { incremental: false }))
  expect(server.of('kick-off').map(({ query }) => query.get('_since'))).toEqual([null, null, null, null])
  await pull(store, configFor(server))
  expect(server.of('kick-off')[4]?.query.get('_since')).not.toBeNull()
})

test('a partial pull between two complete ones does not move the watermark', async () => {
  const server = await serve({ files: smallExport, transactionTime: '2026-03-01T00:00:00Z' })
  const store = await newStore()
  const before = (await pull(store, configFor(server))).watermark
  server.become({
    files: [
      { type: 'Patient', text: lines(patient('x')) },
      { section: 'error', text: 'broken\n' },
    ],
  })
  expect(await pull(store, configFor(server))).toMatchObject({ exitCode: 1, watermark: before })
  expect(await currentIds(store)).toContain('Patient/x')
})

test('deleted resources become tombstones after the output; what the output brings stays; one that comes again lives', async () => {
  const server = await serve({ files: smallExport })
  const store = await newStore()
  await askForAll(store, 'Observation')
  await pull(store, configFor(server))
  server.become({
    files: [
      { type: 'Observation', text: lines(observation('1', 'a', { status: 'amended' })) },
      deletes('Observation/1', `${server.base}/Observation/2`, 'Patient/c', 'Observation/unknown'),
    ],
  })
  const second = await pull(store, configFor(server))
  expect(second.deletions).toEqual({ deleted: 2, kept: 1, unknown: 1 })
  expect(await currentIds(store)).toEqual(smallIds.filter((key) => key !== 'Observation/2' && key !== 'Patient/c'))
  const typed = await store.session.all<{ id: string }>('SELECT id FROM typed_observation ORDER BY id')
  expect(typed.map(({ id }) => id)).toEqual(['lakeside.1', 'lakeside.3', 'lakeside.4'])

  server.become({ files: [{ type: 'Observation', text: lines(observation('2', 'b')) }] })
  await pull(store, configFor(server))
  expect(await currentIds(store)).toContain('Observation/2')
})

test('deletions alone, without any output, are a publication too', async () => {
  const server = await serve({ files: smallExport })
  const store = await newStore()
  await askForAll(store, 'Observation')
  await pull(store, configFor(server))
  server.become({ files: [deletes('Observation/3', 'Observation/4')] })
  expect(await pull(store, configFor(server))).toMatchObject({ exitCode: 0, resources: 0, deletions: { deleted: 2 } })
  const rows = await store.session.all<{ id: string }>('SELECT id FROM typed_observation ORDER BY id')
  expect(rows.map(({ id }) => id)).toEqual(['lakeside.1', 'lakeside.2'])
  let seen = ''
  for await (const part of streamRawByPerson(store.session, { fromPid: 1, toPid: 99 })) seen += JSON.stringify(part)
  expect(seen).not.toContain('Observation/3')
})

test('an older copy never replaces a newer one, and numbers stay as they were written', async () => {
  const server = await serve({
    files: [
      {
        type: 'Patient',
        text: `{"resourceType":"Patient","id":"a","meta":{"lastUpdated":"2026-02-02T00:00:00Z"},"x":123456789012345678.1500}\n`,
      },
    ],
  })
  const store = await newStore()
  await pull(store, configFor(server))
  server.become({ files: [{ type: 'Patient', text: lines(patient('a', at('2026-01-01T00:00:00Z'))) }] })
  expect((await pull(store, configFor(server))).loaded?.ingest.total).toMatchObject({ older: 1, updated: 0 })
  const [row] = await store.session.all<{ raw: string }>('SELECT raw FROM resource')
  expect(row?.raw).toContain('123456789012345678.1500')
})

test('elements: a reduced resource counts where no whole one is known, and never replaces one, whatever its date', async () => {
  const tag = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' }]
  const whole = patient('a', { birthDate: '1970-01-01', meta: { lastUpdated: '2026-01-01T00:00:00Z' } })
  const reduced = (id: string) => patient(id, { meta: { lastUpdated: '2026-02-01T00:00:00Z', tag } })
  const store = await newStore()
  const server = await serve({ files: [{ type: 'Patient', text: lines(whole) }] })
  await pull(store, configFor(server))
  server.become({ files: [{ type: 'Patient', text: lines(reduced('a'), reduced('b')) }] })
  const few = await pull(store, configFor(server, { elements: ['id'] }))
  expect(few).toMatchObject({ exitCode: 0, findings: [{ severity: 'warning', code: 'bulk/subsetted' }] })
  expect(server.of('kick-off').at(-1)?.query.get('_elements')).toBe('id')
  const born = `SELECT id, raw ->> 'birthDate' AS born FROM resource ORDER BY id`
  expect(await store.session.all(born)).toEqual([
    { id: 'a', born: '1970-01-01' },
    { id: 'b', born: null },
  ])
  const later = patient('b', { birthDate: '1980-01-01', meta: { lastUpdated: '2026-03-01T00:00:00Z' } })
  // In one export too, whichever comes first.
  server.become({ files: [{ type: 'Patient', text: lines(later, reduced('b'), reduced('c'), reduced('a')) }] })
  await pull(store, configFor(server, { elements: ['id', 'birthDate'] }))
  expect(await store.session.all(born)).toEqual([
    { id: 'a', born: '1970-01-01' },
    { id: 'b', born: '1980-01-01' },
    { id: 'c', born: null },
  ])
})

test('associated data that the server refuses are left out where that is allowed, and said', async () => {
  const more = { includeAssociatedData: ['LatestProvenanceResources'], lenient: true }
  const server = await serve({ files: smallExport, faults: [answers('kick-off', 400)] })
  const result = await pull(await newStore(), configFor(server, more))
  expect(result).toMatchObject({ exitCode: 0, findings: [{ severity: 'warning', code: 'bulk/parameter-refused' }] })
  expect(server.of('kick-off').map(({ query }) => query.has('includeAssociatedData'))).toEqual([true, false])
  const strict = await serve({ files: smallExport, faults: [answers('kick-off', 400)] })
  await expect(pull(await newStore(), configFor(strict, { ...more, lenient: false }))).rejects.toThrow(/refused/)
})

test('some files fail: nothing is loaded, and the next call fetches only what is missing, without a second export', async () => {
  const server = await serve({ files: smallExport, faults: [cutsFile(String(smallExport[0]?.text), 99)] })
  const store = await newStore()
  await expect(pull(store, configFor(server))).rejects.toThrow(/connection/)
  expect(await currentIds(store)).toEqual([])
  const fetched = server.of('file').length
  server.become({ files: smallExport })
  const result = await pull(store, configFor(server))
  expect(result).toMatchObject({ exitCode: 0, resumed: true, resources: 7 })
  expect(server.of('file').length - fetched).toBe(1)
  expect(server.kickOffs()).toBe(1)
  expect(await currentIds(store)).toEqual(smallIds)
})

test('all files on disk, and the server has forgotten the export: nothing more is asked of it', async () => {
  const server = await serve({ files: smallExport })
  const store = await newStore()
  const stopped = { stage: (name: string) => stopAt(name, 'check lakeside') }
  await expect(pull(store, configFor(server), { progress: stopped })).rejects.toThrow('stopped')
  await store.session.run(`UPDATE pull SET state = 'downloading'`)
  const asked = server.met.length
  server.become({ files: [], faults: [says('status', 404, 'not-found', 9), answers('file', 410, { times: 9 })] })
  expect(await pull(store, configFor(server))).toMatchObject({ exitCode: 0, resumed: true, resources: 7 })
  expect(server.met.slice(asked).map(({ step }) => step)).toEqual(['delete'])
})

function stopAt(name: string, at: string) {
  if (name === at) throw new TypeError('stopped')
  return { advance: () => undefined, done: () => undefined }
}

test('a kick-off without an answer: its export is found in the server’s list of jobs, at once or by the next process', async () => {
  const server = await serve({ files: smallExport, lostKickOffs: 2 })
  const config = configFor(server, { jobsUrl: `${server.origin}/jobs`, types: ['Patient', 'Observation'] })
  const store = await newStore()
  expect(await pull(store, config)).toMatchObject({ exitCode: 0, resources: 7, findings: [] })
  expect(server.kickOffs()).toBe(1)
  expect(server.jobs()).toEqual([])

  const other = await newStore()
  const again = configFor(server, { jobsUrl: `${server.origin}/jobs`, types: ['Patient', 'Observation'], attempts: 1 })
  const list = answers('other', 404, { times: 1 })
  server.addFaults(list)
  await expect(pull(other, again)).rejects.toThrow(/connection/)
  // Another request of the same server is another export.
  const patients = configFor(server, { jobsUrl: `${server.origin}/jobs`, types: ['Patient'] })
  await pull(await newStore(), patients)
  expect(server.kickOffs()).toBe(3)
  expect(await pull(other, again)).toMatchObject({ exitCode: 0, resumed: true, resources: 7 })
  expect(server.kickOffs()).toBe(3)
})

test.each([
  ['answers 500', 500, undefined, /list of jobs could not be read: .*\/jobs answered 500/],
  ['answers with something else', 200, { resourceType: 'Patient' }, /not answer with a Bundle of Tasks \(resourceType/],
  ['lists nothing', 404, undefined, /lists no jobs \(404\)/],
] as const)(
  'a kick-off without an answer, and the list of jobs %s: said why it was not found',
  async (_, status, body, why) => {
    const server = await serve({
      files: smallExport,
      lostKickOffs: 1,
      faults: [answers('other', status, { times: 1, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })],
    })
    const result = await pull(await newStore(), configFor(server, { jobsUrl: `${server.origin}/jobs` }))
    expect(result).toMatchObject({ exitCode: 0, resources: 7 })
    expect(result.findings).toMatchObject([{ severity: 'warning', code: 'bulk/kick-off-unknown' }])
    expect(result.findings[0]?.message).toMatch(why)
  },
)

test('a kick-off without an answer at a source without a list of jobs says so', async () => {
  const server = await serve({ files: smallExport, lostKickOffs: 1 })
  const { findings } = await pull(await newStore(), configFor(server))
  expect(findings[0]?.message).toMatch(/no jobsUrl/)
})

test('files that have expired for good: the next call asks for a new export, and nothing is left on disk', async () => {
  const server = await serve({ files: smallExport, faults: [answers('file', 410, { times: 20 })] })
  const store = await newStore()
  await expect(pull(store, configFor(server))).rejects.toThrow(/expired/)
  expect(existsSync(join(dirname(store.path), 'pulls', 'lakeside-1'))).toBe(false)
  expect(server.jobs()).toEqual([])
  server.become({ files: smallExport })
  expect(await pull(store, configFor(server))).toMatchObject({ exitCode: 0, resumed: false })
  expect(server.kickOffs()).toBe(2)
})

test.skipIf(!existsSync('/dev/full'))('the disk is full: it stops loudly, and goes on when there is room', async () => {
  const server = await serve({ files: smallExport })
  const store = await newStore()
  const folder = join(dirname(store.path), 'pulls', 'lakeside-1')
  mkdirSync(folder, { recursive: true })
  symlinkSync('/dev/full', join(folder, 'Observation.0.1.ndjson.part'))
  await expect(pull(store, configFor(server))).rejects.toMatchObject({ exitCode: 4, message: /disk is full/ })
  rmSync(join(folder, 'Observation.0.1.ndjson.part'))
  expect(await pull(store, configFor(server))).toMatchObject({ exitCode: 0, resumed: true, resources: 7 })
  expect(server.kickOffs()).toBe(1)
})

test('progress counts each resource once, however often its file is fetched', async () => {
  const files = smallExport.map((file) => ({ ...file, count: file.text.toString().split('\n').length - 1 }))
  const server = await serve({ files, faults: [cutsFile(String(files[0]?.text), 2)] })
  const units = new Map<string, number[]>()
  const progress = {
    stage(name: string, total = 0) {
      units.set(name, [total])
      return { advance: (more: number) => void units.get(name)?.push(more), done: () => undefined }
    },
  }
  await pull(await newStore(), configFor(server), { progress })
  const [total = 0, ...advances] = units.get('download lakeside') ?? []
  expect(total).toBe(7)
  expect(advances.reduce((sum, more) => sum + more, 0)).toBe(7)
})

test('POST sends a Parameters resource; 4.0 parts its types', async () => {
  const server = await serve({ files: smallExport })
  const config = configFor(server, {
    method: 'POST',
    version: '4.0',
    types: ['Patient', 'Observation'],
    level: 'patient',
  })
  await pull(await newStore(), config)
  const [kickOff] = server.of('kick-off')
  expect(kickOff).toMatchObject({ method: 'POST', path: '/fhir/Patient/$export' })
  expect(JSON.parse(kickOff?.body ?? '')).toEqual({
    resourceType: 'Parameters',
    parameter: [
      { name: '_type', valueString: 'Patient' },
      { name: '_type', valueString: 'Observation' },
    ],
  })
})

test('patients that are named are never exported with everybody else: no way by GET', async () => {
  const server = await serve({ files: smallExport, faults: [answers('kick-off', 405, { times: 9 })] })
  const config = configFor(server, { method: 'POST', level: 'patient', patients: ['a'] })
  await expect(pull(await newStore(), config)).rejects.toThrow(/refused/)
  expect(server.of('kick-off').map(({ method }) => method)).toEqual(['POST'])
})

test('after a 429 on a file the others come one at a time', async () => {
  const files = Array.from({ length: 9 }, (_, index) => ({ type: 'Patient', text: lines(patient(`p${index}`)) }))
  let open = 0
  let most = 0
  const server = await serve({ files, faults: [answers('file', 429, { times: 1 })] })
  server.addFaults({
    step: 'file',
    times: 99,
    answer: (response, { path }) => {
      open++
      if (server.of('file').length > 6) most = Math.max(most, open)
      setTimeout(() => {
        open--
        response.end(files[Number(path.split('/')[3])]?.text)
      }, 20)
    },
  })
  expect((await pull(await newStore(), configFor(server))).resources).toBe(9)
  expect(most).toBe(1)
})
