// How fast an export becomes published typed tables: node bench/ingest.mjs [patients | FOLDER]
// The yardstick is DuckDB's own parse (read_json_objects) of the same files in the same process: "x parse" says how
// many times longer a step took. CPU seconds are of the whole process, so that a busy machine can be told.
import { createReadStream, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { checkNode, ensureBuilt, ensureInstalled } from '../bin/setup.mjs'

checkNode()
ensureInstalled()
ensureBuilt()
const { defaultConfig, silentProgress } = await import('../dist/base/index.js')
const { loadingMemoryMb } = await import('../dist/cli/open-application.js')
const { loadContent } = await import('../dist/content/index.js')
const { ingest } = await import('../dist/ingest/index.js')
const { deriveData } = await import('../dist/jobs/load-data.js')
const { prepareSetMeasures } = await import('../dist/jobs/set-measures.js')
const { deriveTyped, openStore, streamRawByPerson } = await import('../dist/store/index.js')
const { generateExport } = await import('../dist/synth/index.js')

const folder = mkdtempSync(join(tmpdir(), 'caregap-ingest-'))
const given = process.argv[2] ?? '10000'
const size = /^\d+$/.test(given) ? Number(given) : undefined
const path = size === undefined ? given : join(folder, 'export')
if (size !== undefined) await generateExport({ patients: size, seed: 7, out: path })

/** Wall and CPU seconds of some work. */
async function timed(work) {
  const cpu = process.cpuUsage()
  const begin = performance.now()
  const value = await work()
  const { user, system } = process.cpuUsage(cpu)
  return { value, wall: (performance.now() - begin) / 1000, cpu: (user + system) / 1e6 }
}

/** Every so manieth resource of an export anew, changed and with a later date: folders of the same sources. */
async function writeChanges(paths, out, each, lastUpdated) {
  for (const path of paths) {
    const changed = []
    let line = 0
    const stream = createReadStream(path)
    const head = readFileSync(path).subarray(0, 2)
    const text = head[0] === 0x1f && head[1] === 0x8b ? stream.pipe(createGunzip()) : stream
    for await (const raw of createInterface({ input: text })) {
      if (line++ % each !== each - 1) continue
      const resource = JSON.parse(raw)
      changed.push(JSON.stringify({ ...resource, meta: { ...resource.meta, lastUpdated } }))
    }
    if (changed.length === 0) continue
    const source = join(out, basename(dirname(path)))
    mkdirSync(source, { recursive: true })
    writeFileSync(join(source, basename(path).replace(/\.gz$/, '')), `${changed.join('\n')}\n`)
  }
  return out
}

const database = join(folder, 'bench.duckdb')
const store = await openStore({ path: database, memoryLimitMb: loadingMemoryMb, threads: 2 })
// What the bundled measures read is asked for before anything is loaded, so that loads derive it.
const content = await loadContent()
const period = { start: '2026-01-01', end: '2026-12-31', timeZone: 'UTC' }
await prepareSetMeasures(store.session, content.measures, content.valueSets, period)
const loaded = await timed(() => ingest(store, { path, config: defaultConfig }))
const derived = await timed(() => deriveTyped(store.session))
// Persons, attribution, and whom all that touches.
const deriveRest = () => deriveData(store, { config: defaultConfig, progress: silentProgress })
const rest = await timed(deriveRest)
const again = await timed(() => ingest(store, { path, config: defaultConfig }))
const files = loaded.value.exports.flatMap((one) => one.files.map((file) => file.path))
const merge = (path) =>
  timed(async () => {
    const report = await ingest(store, { path, config: defaultConfig })
    await deriveRest()
    return report
  })
const merged = await merge(await writeChanges(files, join(folder, 'few'), 100, '2100-01-01T00:00:00Z'))
const quarter = await merge(await writeChanges(files, join(folder, 'quarter'), 4, '2101-01-01T00:00:00Z'))
const list = files.map((file) => `'${file.replaceAll("'", "''")}'`).join(', ')
const parse = await timed(() =>
  store.session.all(`SELECT count(json) AS n FROM read_json_objects([${list}], format = 'nd', ignore_errors = true)`),
)

const persons = await store.session.first('SELECT max(spid) AS n FROM source_patient')
const single = []
for (let index = 0; index < 25; index++) {
  const pid = 1 + ((index * 7919) % persons.n)
  const read = await timed(async () => {
    for await (const rows of streamRawByPerson(store.session, { pids: [pid] })) if (rows.length === 0) return
  })
  single.push(read.wall * 1000)
}
const all = await timed(async () => {
  let rows = 0
  for await (const batch of streamRawByPerson(store.session, { fromPid: 1, toPid: Math.min(5000, persons.n) }))
    rows += batch.length
  return rows
})
store.close()

const resources = loaded.value.total.good
const mebibytes = files.reduce((sum, file) => sum + statSync(file).size, 0) / 2 ** 20
const line = (name, { wall, cpu }) =>
  console.log(
    `${name.padEnd(24)} ${wall.toFixed(1).padStart(7)} s ${cpu.toFixed(1).padStart(7)} CPU s ${Math.round(
      resources / wall,
    )
      .toString()
      .padStart(8)} resources/s ${Math.round((2 * resources) / cpu)
      .toString()
      .padStart(8)} per 2 CPU s ${(cpu / parse.cpu).toFixed(1).padStart(6)} x parse`,
  )
console.log(`${resources} resources, ${mebibytes.toFixed(0)} MiB in ${files.length} files`)
line('DuckDB parse', parse)
line('lines to published', loaded)
line('published to typed', derived)
line('together', { wall: loaded.wall + derived.wall, cpu: loaded.cpu + derived.cpu })
line('persons, visits, changes', rest)
line('the same again', again)
const { updated } = quarter.value.total
console.log(
  `merge of ${updated}        ${quarter.wall.toFixed(1)} s ${quarter.cpu.toFixed(1)} CPU s: ${Math.round(updated / quarter.wall)} resources/s, ${Math.round((2 * updated) / quarter.cpu)} per 2 CPU s`,
)
const share = (of) => ((100 * merged[of]) / (loaded[of] + derived[of] + rest[of])).toFixed(1)
console.log(
  `${merged.value.total.updated} changed         ${merged.wall.toFixed(2)} s, ${merged.cpu.toFixed(2)} CPU s: ${share('wall')}% of the time of the whole, ${share('cpu')}% of its CPU time`,
)
single.sort((a, b) => a - b)
console.log(
  `one person             ${single[12].toFixed(1)} ms median, ${single[23].toFixed(1)} ms of 25 the second slowest`,
)
console.log(`persons in a range     ${Math.round(all.value / all.wall)} resources/s`)
console.log(
  `peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB, database ${Math.round(statSync(database).size / 2 ** 20)} MiB`,
)
rmSync(folder, { recursive: true })
