// How long one person and measure take to be explained, all of it: the run's record read from the store, every define
// clause by clause, what would be without what is cited, and the comparison with what is stored:
//   node bench/explain.mjs [persons=200] [database=data/demo.duckdb, made by npm start]
import { cpus } from 'node:os'
import { join } from 'node:path'
import { setUp } from '../bin/setup.mjs'

setUp()
const { loadConfig, projectRoot, silentLogger, systemClock } = await import('../dist/base/index.js')
const { loadContent } = await import('../dist/content/index.js')
const { explanationText } = await import('../dist/gaps/index.js')
const { createApplication, explainPerson, findExplainedRun } = await import('../dist/jobs/index.js')
const { openStore, readPidRange } = await import('../dist/store/index.js')

const persons = Number(process.argv[2] ?? 200)
const path = process.argv[3] ?? join(projectRoot, 'data', 'demo.duckdb')
const config = loadConfig(join(projectRoot, 'datasets', 'demo', 'caregap.config.json'))
const store = await openStore({ path })
const { measures, valueSets } = await loadContent()
const application = await createApplication({
  store,
  config,
  clock: systemClock,
  logger: silentLogger,
  measures,
  valueSets,
})

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
const print = (name, text) => console.log(`${name.padEnd(34)} ${text}`)

const { runId, engine } = await findExplainedRun(store.session, undefined)
const range = await readPidRange(store.session)
const step = Math.max(1, Math.floor((range.toPid - range.fromPid) / persons))
const pids = []
for (let pid = range.fromPid; pid <= range.toPid && pids.length < persons; pid += step) {
  const known = await store.session.first('SELECT pid FROM run_person WHERE run_id = $runId AND pid = $pid LIMIT 1', {
    runId,
    pid,
  })
  if (known !== undefined) pids.push(pid)
}

print('machine', `${cpus().length} x ${cpus()[0].model}, Node ${process.version}`)
print('data', `${path}: run ${runId} by ${engine}, ${pids.length} persons, ${measures.length} measures`)
let all = 0
for (const { id } of measures) {
  const started = performance.now()
  await explainPerson(application, { measureId: id, pid: pids[0], runId })
  const cold = performance.now() - started
  // Closures that ran a few times run as fast as they will.
  for (const pid of pids.slice(0, 20)) await explainPerson(application, { measureId: id, pid, runId })
  const times = []
  const before = process.cpuUsage()
  let [defines, characters] = [0, 0]
  for (const pid of pids) {
    const from = performance.now()
    const explanation = await explainPerson(application, { measureId: id, pid, runId })
    times.push(performance.now() - from)
    defines += explanation.defines.length
    characters += JSON.stringify(explanation).length
  }
  const used = process.cpuUsage(before)
  const cpu = (used.user + used.system) / 1000 / pids.length
  times.sort((a, b) => a - b)
  all += defines
  print(
    id,
    `p50 ${at(times, 0.5).toFixed(1)} ms, p95 ${at(times, 0.95).toFixed(1)} ms, most ${at(times, 1).toFixed(1)} ms; ${cpu.toFixed(1)} CPU ms; first ${cold.toFixed(0)} ms; ${Math.round(characters / pids.length / 1024)} KiB of JSON`,
  )
}
print('defines that agree with the run', `${all}, or it would have ended with a fault`)
const text = explanationText(await explainPerson(application, { measureId: measures[0].id, pid: pids[0], runId }))
print('an explanation as text', `${text.split('\n').length} lines`)
await application.close()
