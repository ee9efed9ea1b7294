// How fast a run evaluates everybody, and what cql-execution over cql-exec-fhir alone takes for some of the same people:
//   node bench/evaluate.mjs [patients=1000] [threads=2]
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { PatientSource } from 'cql-exec-fhir'
import { CodeService, DateTime, Expression, Interval, PatientContext, Repository } from 'cql-execution'
import { setUp } from '../bin/setup.mjs'

setUp()
const { defaultConfig, silentLogger, silentProgress, systemClock } = await import('../dist/base/index.js')
const { loadContent } = await import('../dist/content/index.js')
const { streamPersonRecords } = await import('../dist/identity/index.js')
const { createApplication, loadData } = await import('../dist/jobs/index.js')
const { evaluatorOf, measureDefines } = await import('../dist/measure/index.js')
const { openStore } = await import('../dist/store/index.js')
const { generateExport } = await import('../dist/synth/index.js')

const patients = Number(process.argv[2] ?? 1000)
const threads = Number(process.argv[3] ?? 2)
/** So many people are evaluated by the packages alone; one takes some 0.1 s a measure. */
const comparedPeople = 60
const period = { start: '2025-01-01', end: '2025-12-31', timeZone: 'UTC' }

const folder = mkdtempSync(join(tmpdir(), 'caregap-evaluate-'))
const seconds = (from) => (performance.now() - from) / 1000
const cpuMs = (from) => {
  const { user, system } = process.cpuUsage(from)
  return (user + system) / 1000
}
const print = (name, text) => console.log(`${name.padEnd(34)} ${text}`)

async function timed(name, work, describe) {
  const begin = performance.now()
  const cpu = process.cpuUsage()
  const result = await work()
  const spent = cpuMs(cpu) / 1000
  print(name, `${seconds(begin).toFixed(1)} s, ${spent.toFixed(1)} s CPU  ${describe(result, spent)}`)
  return result
}

/** CPU a person and measure: our interpreter, and the packages as they come (one patient source, the same defines). */
async function compare(store, content) {
  const records = []
  const { session } = store
  for await (const record of streamPersonRecords(session, { fromPid: 1, toPid: comparedPeople })) records.push(record)
  const source = PatientSource.FHIRv401()
  const expansions = content.valueSets.all.map(({ url, members }) => [url, { '': members }])
  const codes = new CodeService(Object.fromEntries(expansions))
  const now = new DateTime(2025, 12, 31, 23, 59, 59, 999, 0)
  const interval = new Interval(new DateTime(2025, 1, 1, 0, 0, 0, 0, 0), now, true, true)
  const spent = { ours: 0, theirs: 0 }
  for (const measure of content.measures) {
    const made = evaluatorOf(measure, content.valueSets, period, 'interpreter')
    if (!made.ok) continue
    const { main, libraries } = measure.closure
    const data = Object.fromEntries(libraries.map((library) => [library.identifier.id, { library }]))
    const library = new Repository(data).resolve(main.identifier.id, main.identifier.version)
    for (const record of records) {
      const begin = process.cpuUsage()
      await made.value.evaluate(record)
      spent.ours += cpuMs(begin)
      const second = process.cpuUsage()
      const entry = [record.patient, ...record.entries.map(({ resource }) => resource)].map((resource) => ({
        resource,
      }))
      source.reset()
      source.loadBundles([{ resourceType: 'Bundle', entry }])
      const parameters = { 'Measurement Period': interval }
      const context = new PatientContext(library, source.currentPatient(), codes, parameters, now)
      for (const define of measureDefines(measure)) {
        const value = context.get(define)
        if (value instanceof Expression) await value.execute(context).catch(() => undefined)
      }
      spent.theirs += cpuMs(second)
    }
  }
  const each = (ms) => `${(ms / (records.length * content.measures.length)).toFixed(1)} ms CPU a person and measure`
  print('interpreter', each(spent.ours))
  print(
    'cql-execution + cql-exec-fhir',
    `${each(spent.theirs)}: ${(spent.theirs / spent.ours).toFixed(1)} times as much`,
  )
}

print('machine', `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`)
const store = await openStore({ path: join(folder, 'bench.duckdb') })
try {
  const out = join(folder, 'export')
  await timed(
    'generate',
    () => generateExport({ patients, seed: 7, out }),
    ({ persons, resources }) => `${persons} people, ${resources} resources`,
  )
  const identity = { identifierSystems: ['urn:oid:2.16.840.1.113883.19.5.100'] }
  const config = { ...defaultConfig, identity }
  await timed(
    'ingest and resolve',
    () => loadData(store, { path: out, config, progress: silentProgress }),
    ({ persons }) => `${persons.persons} persons of ${persons.sourcePatients} patients`,
  )
  const content = await loadContent()
  const clock = systemClock
  for (const workers of new Set([0, threads])) {
    const options = { store, config, clock, logger: silentLogger, ...content, workers }
    const application = await createApplication(options)
    const name = workers === 0 ? 'evaluate in one thread' : `evaluate with ${workers} threads`
    await timed(
      name,
      () => application.evaluateRun({ period }, silentProgress),
      (_runId, cpu) => {
        const pairs = patients * content.measures.length
        return `${content.measures.length} measures, ${((cpu * 1000) / pairs).toFixed(1)} ms CPU a person and measure`
      },
    )
  }
  await compare(store, content)
  print('peak memory', `${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`)
} finally {
  store.close()
  rmSync(folder, { recursive: true })
}
