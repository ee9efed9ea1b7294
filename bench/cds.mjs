// How fast CDS Hooks answers, over loopback, with the load made by a process of its own:
//   node --expose-gc bench/cds.mjs [seconds=20] [requests for the memory test=5000] [people of the runs=1000] [steady,stored,fast,night,flood,leaks]
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setUp } from '../bin/setup.mjs'

setUp()
process.env['UV_THREADPOOL_SIZE'] ??= '16'
const { defaultConfig, silentLogger, silentProgress, systemClock } = await import('../dist/base/index.js')
const { loadPlans, storedNeeds } = await import('../dist/cards/index.js')
const { loadContent } = await import('../dist/content/index.js')
const { readPersonParts, readPersonRecord } = await import('../dist/identity/index.js')
const { cdsDeskOf, createApplication, keepLogShort, loadData, warmRuns } = await import('../dist/jobs/index.js')
const { everybody, openStore, readHeldPerson, readPersonLines } = await import('../dist/store/index.js')
const { generateExport } = await import('../dist/synth/index.js')
const { startServer } = await import('../dist/api/index.js')

const print = (name, text) => console.log(`${name.padEnd(40)} ${text}`)
const seconds = Number(process.argv[2] ?? 20)
const requests = Number(process.argv[3] ?? 5000)
const people = Number(process.argv[4] ?? 1000)
const only = process.argv[5]?.split(',') ?? []
const period = { start: '2025-01-01', end: '2025-12-31', timeZone: 'UTC' }

const folder = mkdtempSync(join(tmpdir(), 'caregap-bench-cds-'))
const store = await openStore({ path: join(folder, 'bench.duckdb') })
const content = await loadContent()
const { plans } = await loadPlans({ valueSets: content.valueSets })
// The EHR of the stored scenario is one of the sources that are loaded.
const fhirServer = 'https://ehr.example/fhir'
const fhirServers = [{ baseUrl: fhirServer, source: 'lakeside', plainLoopback: false }]
const application = await createApplication({
  store,
  config: { ...defaultConfig, cds: { ...defaultConfig.cds, fhirServers } },
  clock: systemClock,
  logger: silentLogger,
  measures: content.measures,
  valueSets: content.valueSets,
  plans,
})
const out = join(folder, 'export')
await generateExport({ patients: people, seed: 7, out })
for (const source of ['lakeside', 'northgate', 'harbor'])
  await loadData(store, { path: join(out, source), source, config: defaultConfig, progress: silentProgress })

const server = await startServer({ application, port: 0 })
// As the command that serves does.
const endLog = keepLogShort(application)
await warmRuns(application)
const load = loadavg().map((one) => one.toFixed(1))
print(
  'machine',
  `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}, load ${load.join(' ')}`,
)
print('logic', `${content.measures.length} measures, ${plans.length} services; a person of 40 resources`)

const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0

/** A person's stored record: what the care-gap service reads of it, and all of it. */
async function storedRecords() {
  const [gaps] = cdsDeskOf(application).services
  const reading = await cdsDeskOf(application).reading()
  const named = await store.session.all(
    `SELECT patient_id AS "patientId" FROM source_patient JOIN source USING (source_id) WHERE name = 'lakeside' ORDER BY 1`,
  )
  await timed('who a patient is, and what care gaps read', async (n) => {
    const { patientId } = named[n % named.length]
    const sources = await cdsDeskOf(application).sources()
    const source = sources.find(({ name }) => name === 'lakeside')
    const held = await readHeldPerson(reading, { source, patientId }, sources, everybody)
    return readPersonParts(reading, held.members, storedNeeds(gaps.plan))
  })
  await timed('the one query of them', async (pid) => ({ rows: await readPersonLines(reading, pid) }))
  await timed('stored record of a person, whole', (pid) => readPersonRecord(store.session, pid))
}

async function timed(name, read) {
  const times = []
  let resources = 0
  // A server that has answered before: the first calls compile.
  for (let n = 0; n < 50; n++) await read(1 + ((n * 11) % people))
  const before = process.cpuUsage()
  for (let n = 0; n < 300; n++) {
    const began = performance.now()
    const record = await read(1 + ((n * 7) % people))
    times.push(performance.now() - began)
    resources += (record?.entries ?? record?.rows)?.length ?? 0
  }
  const { user, system } = process.cpuUsage(before)
  times.sort((a, b) => a - b)
  const told = [0.5, 0.95, 0.99].map((q) => `p${q * 100} ${quantile(times, q).toFixed(1)} ms`)
  const cpuMs = ((user + system) / 1000 / 300).toFixed(1)
  print(name, `${told.join('  ')}  ${(resources / 300).toFixed(0)} resources, ${cpuMs} ms CPU`)
}
await storedRecords()
const patients = await store.session.all(
  `SELECT raw FROM resource WHERE source = 'lakeside' AND type = 'Patient' AND NOT deleted ORDER BY id LIMIT 50`,
)

let cpu = process.cpuUsage()
const delay = monitorEventLoopDelay({ resolution: 5 })
const sky = { isNight: false }
let night = Promise.resolve(0)

async function makeRuns() {
  let runs = 0
  for (; sky.isNight; runs++) await application.evaluateRun({ period, full: true }, silentProgress)
  return runs
}

const mb = (bytes) => (bytes / 1e6).toFixed(0)
const filed = new Set(['IN_MEMORY_TABLE', 'BASE_TABLE'])

/** What DuckDB holds, by its own names; the rest of the process is code, stacks, and what allocators keep. */
async function duckMemory() {
  const session = await store.database.connect()
  const rows = await session.all('SELECT tag, memory_usage_bytes::DOUBLE AS bytes FROM duckdb_memory()')
  session.close()
  return new Map(rows.map(({ tag, bytes }) => [tag, bytes]))
}

const late = (ns) => Math.max(0, ns / 1e6 - 5).toFixed(0)

const answers = {
  start: () => {
    cpu = process.cpuUsage()
    delay.reset()
    delay.enable()
    return {}
  },
  end: () => {
    const { user, system } = process.cpuUsage(cpu)
    delay.disable()
    return {
      cpuMs: (user + system) / 1000,
      delay: { p99: late(delay.percentile(99)), most: late(delay.max) },
      load: loadavg()[0].toFixed(1),
    }
  },
  night: () => {
    sky.isNight = true
    night = makeRuns()
    return {}
  },
  day: async () => {
    sky.isNight = false
    return { runs: await night }
  },
  memory: async ({ done }) => {
    globalThis.gc?.()
    const { rss, heapUsed, heapTotal, external } = process.memoryUsage()
    const held = await duckMemory()
    const parts = {
      'used heap': heapUsed,
      'free heap': heapTotal - heapUsed,
      buffers: external,
      'rows not in the file yet': held.get('IN_MEMORY_TABLE') ?? 0,
      'blocks of the file': held.get('BASE_TABLE') ?? 0,
      'else of DuckDB': [...held].reduce((sum, [tag, bytes]) => (filed.has(tag) ? sum : sum + bytes), 0),
    }
    const rest = rss - Object.values(parts).reduce((sum, bytes) => sum + bytes, 0)
    const told = Object.entries({ ...parts, rest }).map(([name, bytes]) => `${name} ${mb(bytes)}`)
    print(`memory after ${done} calls`, `${mb(rss)} MB: ${told.join(', ')}`)
    return {}
  },
}

async function answer(message) {
  child.send(await answers[message.kind](message))
}

const base = `http://127.0.0.1:${server.port}`
const child = fork(new URL('./cds/load.mjs', import.meta.url).pathname, [
  JSON.stringify({ base, seconds, requests, only, fhirServer, patients: patients.map(({ raw }) => JSON.parse(raw)) }),
])
child.on('message', (message) => void answer(message))
const code = await new Promise((resolve) => child.on('exit', resolve))
await Promise.all([server.close(), endLog()])
await application.close()
rmSync(folder, { recursive: true })
process.exit(code ?? 0)
